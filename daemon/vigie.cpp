#include "vigie/cli/cli.hpp"

int main(int argc, char** argv) {
    return vigie::cli::vigie_main(argc, argv);
}
