// How right and how fast Vigie reads text, beside others, in one run:
//     VIGIE_CORPORA=<folder> bench_text [part...] [--rounds N] [--no-rivals]
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/section.hpp"

int main(int argc, char** argv) {
    using namespace vigie::bench;
    const std::vector<std::pair<std::string_view, void (*)(const TextOptions&)>> parts = {
        {"matching", bench_matching},     {"language", bench_language},       {"sentiment", bench_sentiment},
        {"lookalikes", bench_lookalikes}, {"near-copies", bench_near_copies}, {"whole", bench_whole},
    };
    TextOptions options;
    std::vector<std::string_view> wanted;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const bool known = std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.first == argument; });
        if (known) {
            wanted.push_back(argument);
        } else if (argument == "--no-rivals") {
            options.rivals = false;
        } else if (argument == "--rounds" && i + 1 < argc) {
            options.rounds = std::max(1, std::atoi(argv[++i]));
        } else {
            fmt::print(stderr, "usage: bench_text [part...] [--rounds N] [--no-rivals]; parts:");
            for (const auto& part : parts) fmt::print(stderr, " {}", part.first);
            fmt::print(stderr, "\n");
            return 2;
        }
    }
    const char* corpora = std::getenv("VIGIE_CORPORA");
    if (corpora == nullptr) {
        fmt::print(stderr, "VIGIE_CORPORA must name the folder of the labelled texts (docs/models.md)\n");
        return 2;
    }
    options.corpora = corpora;
    for (const auto& [name, run] : parts) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
        fmt::print("{}\n", name);
        run(options);
    }
}
