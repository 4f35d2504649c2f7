#include "corpus.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "vigie/core/hash.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::train {
namespace {

constexpr std::size_t gram_words = 6;

std::vector<std::string> words(std::string_view text) {
    text::TokenStream stream;
    stream.add(text);
    std::vector<std::string> out;
    std::uint32_t next = 0;
    for (const text::Token& token : stream.tokens())
        if (token.kind == text::TokenKind::word && token.first >= next && stream.folded(token) != "user" &&
            stream.folded(token) != "http") {
            out.emplace_back(stream.folded(token));
            next = token.last + 1;
        }
    return out;
}

[[noreturn]] void fail(const std::string& message) {
    fmt::print(stderr, "{}\n", message);
    std::exit(2);
}

}  // namespace

std::string corpora() {
    const char* folder = std::getenv("VIGIE_CORPORA");
    if (folder == nullptr || *folder == '\0') fail("set VIGIE_CORPORA to the folder of the corpora (docs/models.md)");
    return folder;
}

std::vector<Example> read_tsv(const std::string& path, std::string_view language, float weight) {
    std::ifstream in(path);
    std::vector<Example> examples;
    for (std::string line; std::getline(in, line);) {
        const std::size_t tab = line.find('\t');
        if (tab == std::string::npos || tab == 0 || tab + 1 == line.size()) continue;
        examples.push_back({line.substr(0, tab), line.substr(tab + 1), std::string(language), weight});
    }
    if (examples.empty()) fail("no examples in " + path);
    return examples;
}

std::vector<std::uint64_t> grams_of(std::string_view text) {
    const std::vector<std::string> all = words(text);
    std::vector<std::uint64_t> grams;
    if (all.empty()) return grams;
    const std::size_t width = std::min(gram_words, all.size());
    for (std::size_t i = 0; i + width <= all.size(); ++i) {
        std::string gram;
        for (std::size_t k = 0; k < width; ++k) gram += all[i + k] + " ";
        grams.push_back(hash64(gram));
    }
    return grams;
}

void Overlap::add(std::string_view text) {
    for (const std::uint64_t gram : grams_of(text)) seen_.insert(gram);
}

bool Overlap::touches(std::string_view text) const {
    const std::vector<std::uint64_t> grams = grams_of(text);
    return std::any_of(grams.begin(), grams.end(), [this](std::uint64_t gram) { return seen_.contains(gram); });
}

std::size_t drop_overlapping(std::vector<Example>& examples, const std::vector<Example>& held_out) {
    Overlap overlap;
    for (const Example& example : held_out) overlap.add(example.text);
    return std::erase_if(examples, [&](const Example& example) { return overlap.touches(example.text); });
}

std::size_t drop_repeated(std::vector<Example>& examples) {
    std::unordered_set<std::uint64_t> seen;
    return std::erase_if(examples, [&](const Example& example) { return !seen.insert(hash64(text::fold(example.text))).second; });
}

void write_file(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) fail("cannot write " + path);
}

}  // namespace vigie::train
