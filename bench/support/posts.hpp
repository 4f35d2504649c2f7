// A made-up public for a whole daemon: brands with five aliases, and posts in two languages that each name one of them, by Zipf's law.
// Thread-safety: one owner.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "vigie/core/record.hpp"

namespace vigie::bench {

/// The brand's name in the configuration.
std::string brand_name(std::size_t brand);
/// The `brands` section of vigie.yaml: each with a query of five aliases (a name, name and noun, a handle, a tag, a variant).
std::string brands_yaml(std::size_t brands);

class Posts {
public:
    /// Posts about brands 0 up to `brands`, published from `from` on, four in each millisecond (as in store_only).
    Posts(std::size_t brands, Time from);

    /// The next one, by a random author of a million, about a brand drawn by Zipf's law; as one NDJSON line of `bytes` with its newline.
    std::string line(std::size_t bytes = 1000);
    /// The same about this brand, at this time.
    std::string line_about(std::size_t brand, Time published, std::size_t bytes = 1000);

private:
    std::string text(std::size_t brand, std::size_t bytes);

    std::mt19937_64 random_{20260301};
    std::discrete_distribution<std::size_t> brand_;
    Time from_;
    std::size_t made_ = 0;
};

}  // namespace vigie::bench
