// The language corpus, and which tenth of it is held out: the trainer and the benchmark agree on it.
// Thread-safety: values.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "corpus.hpp"

namespace vigie::train {

struct LanguageSplit {
    std::vector<Example> train;
    std::vector<Example> held_out_short;   ///< under 30 bytes: two thirds of some languages' lines are single words and pairs of words
    std::vector<Example> held_out;         ///< the rest
    std::vector<Example> held_out_pieces;  ///< of 20 to 79 bytes, of the rest
    std::size_t repeated = 0;              ///< texts that were dropped since they stand twice
};

inline constexpr std::size_t short_line = 30;  ///< bytes

/// Reads <folder>/language/train.tsv. The same files give the same split.
LanguageSplit read_language_split(const std::string& folder);

/// A piece of `smallest` to smallest + 59 bytes that begins at a word; the whole of a text that is no longer.
std::string piece(const std::string& text, std::size_t smallest, std::mt19937_64& random);

/// The posts of xlm-t; the label is the language. `part` is "train" or "val".
std::vector<Example> read_language_posts(const std::string& folder, const char* part);

}  // namespace vigie::train
