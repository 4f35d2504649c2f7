#include "vigie/cli/cli.hpp"

int main(int argc, char** argv) {
    return vigie::cli::vigied_main(argc, argv);
}
