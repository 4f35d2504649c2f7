// Makes the language model:  VIGIE_CORPORA=<folder> train_language daemon/text/models/language.bin
// A tenth of each language is held out; figures on it, and on posts of another corpus, go to stdout.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "softmax.hpp"
#include "text/language_features.hpp"
#include "vigie/text/language.hpp"
#include "vigie/text/normalise.hpp"

using namespace vigie;
using namespace vigie::train;

namespace {

constexpr unsigned bits = 15;
constexpr std::size_t classes = 16;  // a row of 16 bytes; the last is unused
constexpr int epochs = 8;
constexpr float rate = 0.15F;
constexpr float largest_weight = 4.0F;
constexpr std::uint64_t seed = 20261124;
using Model = Softmax<classes>;

void split(std::vector<Example>& all, std::vector<Example>& held_out, std::mt19937_64& random) {
    shuffle(all, random);
    std::map<std::string, std::size_t> counts;
    std::vector<Example> kept;
    for (Example& example : all) (counts[example.label]++ % 10 == 0 ? held_out : kept).push_back(std::move(example));
    all = std::move(kept);
}

// A piece of 20 to 79 bytes that begins at a word.
std::string piece(const std::string& text, std::mt19937_64& random) {
    const std::size_t size = 20 + random() % 60;
    if (text.size() <= size) return text;
    std::size_t begin = random() % (text.size() - size);
    while (begin < text.size() && text[begin] != ' ') ++begin;
    std::size_t end = std::min(text.size(), begin + size);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return begin < end ? text.substr(begin, end - begin) : text;
}

// As people write who leave accents out.
std::string without_accents(const std::string& text) {
    return text::fold(text);
}

void features_of(const std::string& example, text::LanguageText& prepared, std::vector<Model::Feature>& features) {
    text::prepare_language(example, prepared);
    features.clear();
    text::for_each_language_feature(prepared.prepared, bits, [&](std::uint32_t bucket, int times) {
        features.push_back({bucket, static_cast<float>(times)});
    });
    float total = 0;
    for (const Model::Feature& f : features) total += f.value;
    for (Model::Feature& f : features) f.value /= std::sqrt(total);
}

void report(const char* name, const text::LanguageModel& model, const std::vector<Example>& examples) {
    std::size_t right = 0, told = 0, told_right = 0;
    std::map<std::string, std::array<std::size_t, 2>> each;
    for (const Example& example : examples) {
        const bool hit = model.guess(example.text).language == example.label;
        const std::string_view detected = model.detect(example.text);
        right += hit;
        told += detected != text::undetermined;
        told_right += detected == example.label;
        ++each[example.label][0];
        each[example.label][1] += detected == example.label;
    }
    const auto share = [](std::size_t a, std::size_t b) { return b == 0 ? 0.0 : static_cast<double>(a) / static_cast<double>(b); };
    fmt::print("{:<34} n {:6}  best guess right {:.4f}  told {:.4f}  right of told {:.4f}  right of all {:.4f} \n", name, examples.size(),
               share(right, examples.size()), share(told, examples.size()), share(told_right, told), share(told_right, examples.size()));
    for (const auto& [language, counts] : each) fmt::print("  {} {:.3f}", language, share(counts[1], counts[0]));
    fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: train_language OUTPUT\n");
        return 2;
    }
    std::mt19937_64 random(seed);
    const std::string folder = corpora();
    std::vector<Example> examples = read_tsv(folder + "/language/train.tsv", "", 1);
    const std::size_t repeated = drop_repeated(examples);
    std::vector<Example> held_out;
    split(examples, held_out, random);
    const std::size_t overlapping = drop_overlapping(examples, held_out);
    fmt::print("train {}, held out {}, dropped: repeated {}, overlapping with held-out {}\n", examples.size(), held_out.size(), repeated,
               overlapping);

    std::vector<std::string> names;
    for (const Example& example : examples) names.push_back(example.label);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());

    Model model(bits, rate, 0);
    text::LanguageText prepared;
    std::vector<Model::Feature> features;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        shuffle(examples, random);
        for (const Example& example : examples) {
            std::string seen = random() % 3 == 0 ? example.text : piece(example.text, random);
            if (random() % 8 == 0) seen = without_accents(seen);
            features_of(seen, prepared, features);
            if (prepared.latin_letters < 4) continue;
            const auto truth = std::lower_bound(names.begin(), names.end(), example.label) - names.begin();
            model.learn(features, static_cast<std::size_t>(truth), 1);
        }
    }
    const std::string file = model.quantised(names, classes, largest_weight);
    write_file(argv[1], file);

    const text::LanguageModel shipped = text::LanguageModel::load(file).value();
    // Two thirds of some languages' lines are single words and pairs of words: a test of its own.
    const auto longer = std::partition(held_out.begin(), held_out.end(), [](const Example& e) { return e.text.size() < 30; });
    std::vector<Example> sentences(longer, held_out.end());
    held_out.erase(longer, held_out.end());
    report("held-out, under 30 bytes", shipped, held_out);
    report("held-out, 30 bytes and more", shipped, sentences);
    for (Example& example : sentences) example.text = piece(example.text, random);
    report("pieces of 20 to 79 bytes of those", shipped, sentences);
    std::vector<Example> posts;
    for (const char* language : {"de", "en", "es", "fr", "it", "pt"})
        for (Example& example : read_tsv(folder + "/sentiment/xlmt_" + language + "_val.tsv", language, 1)) {
            example.label = language;
            posts.push_back(std::move(example));
        }
    report("posts (xlm-t validation)", shipped, posts);
    return 0;
}
