#include "language_split.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace vigie::train {
namespace {

constexpr std::uint64_t seed = 20261124;

void split(std::vector<Example>& all, std::vector<Example>& held_out, std::mt19937_64& random) {
    shuffle(all, random);
    std::map<std::string, std::size_t> counts;
    std::vector<Example> kept;
    for (Example& example : all) (counts[example.label]++ % 10 == 0 ? held_out : kept).push_back(std::move(example));
    all = std::move(kept);
}

}  // namespace

std::string piece(const std::string& text, std::size_t smallest, std::mt19937_64& random) {
    const std::size_t size = smallest + random() % 60;
    if (text.size() <= size) return text;
    std::size_t begin = random() % (text.size() - size);
    while (begin < text.size() && text[begin] != ' ') ++begin;
    std::size_t end = std::min(text.size(), begin + size);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return begin < end ? text.substr(begin, end - begin) : text;
}

LanguageSplit read_language_split(const std::string& folder) {
    std::mt19937_64 random(seed);
    LanguageSplit out;
    out.train = read_tsv(folder + "/language/train.tsv", "", 1);
    out.repeated = drop_repeated(out.train);
    split(out.train, out.held_out_short, random);
    const auto longer =
        std::partition(out.held_out_short.begin(), out.held_out_short.end(), [](const Example& e) { return e.text.size() < short_line; });
    out.held_out.assign(longer, out.held_out_short.end());
    out.held_out_short.erase(longer, out.held_out_short.end());
    out.held_out_pieces = out.held_out;
    for (Example& example : out.held_out_pieces) example.text = piece(example.text, 20, random);
    return out;
}

std::vector<Example> read_language_posts(const std::string& folder, const char* part) {
    std::vector<Example> posts;
    for (const char* language : {"de", "en", "es", "fr", "it", "pt"})
        for (Example& example : read_tsv(folder + "/sentiment/xlmt_" + language + "_" + part + ".tsv", language, 1)) {
            example.label = language;
            posts.push_back(std::move(example));
        }
    return posts;
}

}  // namespace vigie::train
