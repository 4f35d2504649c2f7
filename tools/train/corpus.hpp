// Labelled texts for the trainers, and the care that keeps validation honest.
// Thread-safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace vigie::train {

struct Example {
    std::string label;
    std::string text;
    std::string language;
    float weight = 1;
};

/// The folder in the environment variable VIGIE_CORPORA; ends the program with a message where it is not set.
std::string corpora();

/// Reads label<TAB>text lines; ends the program with a message where the file cannot be read or holds none.
std::vector<Example> read_tsv(const std::string& path, std::string_view language, float weight);

/// The hashes of a text's word 6-grams, or, of a shorter text, of the whole. Case, accents, links and handles make no difference.
std::vector<std::uint64_t> grams_of(std::string_view text);

/// The word 6-grams of some texts, and, of shorter texts, the whole. Case, accents, links and handles make no difference.
class Overlap {
public:
    void add(std::string_view text);
    /// Whether a text shares a 6-gram, or is the same as a short one.
    bool touches(std::string_view text) const;

private:
    std::unordered_set<std::uint64_t> seen_;
};

/// Removes the examples that overlap with those that are held out, and what was there before; returns how many went.
std::size_t drop_overlapping(std::vector<Example>& examples, const std::vector<Example>& held_out);
std::size_t drop_repeated(std::vector<Example>& examples);

/// The same order for the same seed with every standard library.
template <class T>
void shuffle(std::vector<T>& items, std::mt19937_64& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

void write_file(const std::string& path, std::string_view bytes);

}  // namespace vigie::train
