// store_only [mentions [batch]]: the storage-only loop and the store itself, in turns, as they would run on this disk.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "store_only.hpp"

int main(int argc, char** argv) {
    vigie::bench::StoreOnly how;
    how.directory = (std::filesystem::current_path() / "store-only-bench").string();
    if (argc > 1) how.mentions = std::strtoull(argv[1], nullptr, 10);
    if (argc > 2) how.batch = std::max(1ULL, std::strtoull(argv[2], nullptr, 10));
    for (int round = 0; round < 3; ++round) {
        for (const bool whole : {false, true}) {
            const auto figures = whole ? vigie::bench::through_store(how) : vigie::bench::store_only(how);
            if (!figures) {
                fmt::print(stderr, "{}\n", figures.error().text());
                return 1;
            }
            fmt::print("{:<12} {:>8.0f} mentions/s   batch of {}: p50 {:.2f} ms  p99 {:.2f} ms\n", whole ? "store" : "storage only",
                       figures->mentions_per_second, how.batch, figures->p50_ms, figures->p99_ms);
        }
    }
    return 0;
}
