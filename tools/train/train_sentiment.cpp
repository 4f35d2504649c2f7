// Makes the sentiment model:  VIGIE_CORPORA=<folder> train_sentiment daemon/text/models/sentiment.bin
// The validation sets of xlm-t are held out; figures on them go to stdout.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "softmax.hpp"
#include "text/sentiment_features.hpp"
#include "vigie/text/sentiment.hpp"

using namespace vigie;
using namespace vigie::train;

namespace {

constexpr unsigned bits = 18;
constexpr std::size_t classes = 3;
constexpr int epochs = 6;
constexpr float rate = 0.05F;
constexpr float decay = 3e-4F;
constexpr float largest_weight = 3.0F;
constexpr float post_weight = 2.0F;     // of a post of the small sets, beside one of the large English set
constexpr float lexicon_weight = 0.5F;  // of a lexicon entry
constexpr std::uint64_t seed = 20261124;
constexpr std::array<const char*, 6> languages = {"de", "en", "es", "fr", "it", "pt"};
using Model = Softmax<classes>;

// VADER's entries as texts of one word: a valence of at least 1 either way is a class. Trained with every language's posts, and with none.
std::vector<Example> read_lexicon(const std::string& path) {
    std::vector<Example> examples;
    for (Example& entry : read_tsv(path, "en", lexicon_weight)) {
        const double valence = std::strtod(entry.text.c_str(), nullptr);
        if (std::fabs(valence) < 1) continue;
        examples.push_back({valence < 0 ? "0" : "2", entry.label, "en", lexicon_weight * static_cast<float>(std::fabs(valence)) / 2});
    }
    return examples;
}

std::array<float, classes> class_balance(const std::vector<Example>& examples) {
    std::array<double, classes> totals{};
    for (const Example& e : examples) totals[static_cast<std::size_t>(e.label[0] - '0')] += static_cast<double>(e.weight);
    std::array<float, classes> balance{};
    for (std::size_t k = 0; k < classes; ++k) balance[k] = static_cast<float>((totals[0] + totals[1] + totals[2]) / 3 / totals[k]);
    return balance;
}

void append(std::vector<Example>& to, std::vector<Example> from) {
    for (Example& example : from) to.push_back(std::move(example));
}

void train_on(Model& model, std::vector<Example>& examples, std::mt19937_64& random) {
    const std::array<float, classes> balance = class_balance(examples);
    text::SentimentFeatures extractor;
    std::vector<Model::Feature> features;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        shuffle(examples, random);
        for (const Example& example : examples) {
            // One time in four the language is not told, as with a text whose language is undetermined.
            const std::string_view language = random() % 4 == 0 ? std::string_view() : std::string_view(example.language);
            features.clear();
            for (const text::Feature& f : extractor.read(example.text, language, bits)) features.push_back({f.bucket, f.value});
            if (features.empty()) continue;
            const auto truth = static_cast<std::size_t>(example.label[0] - '0');
            model.learn(features, truth, example.weight * balance[truth]);
        }
    }
}

void report(const char* name, const text::SentimentModel& model, const std::vector<Example>& examples) {
    std::array<std::array<double, classes>, classes> table{};  // truth, answer
    for (const Example& example : examples) {
        const Sentiment s = model.score(example.text, example.language);
        ++table[static_cast<std::size_t>(example.label[0] - '0')][static_cast<std::size_t>(s.label)];
    }
    double right = 0, f1 = 0;
    std::array<double, classes> recall{};
    for (std::size_t k = 0; k < classes; ++k) {
        double truths = 0, answers = 0;
        for (std::size_t j = 0; j < classes; ++j) {
            truths += table[k][j];
            answers += table[j][k];
        }
        right += table[k][k];
        recall[k] = table[k][k] / std::max(truths, 1.0);
        f1 += 2 * table[k][k] / std::max(truths + answers, 1.0) / 3;
    }
    fmt::print("{:<6} n {:5}  macro-F1 {:.3f}  accuracy {:.3f}  recall negative {:.3f} neutral {:.3f} positive {:.3f}\n", name,
               examples.size(), f1, right / static_cast<double>(examples.size()), recall[0], recall[1], recall[2]);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: train_sentiment OUTPUT\n");
        return 2;
    }
    std::mt19937_64 random(seed);
    const std::string folder = corpora() + "/sentiment";
    std::vector<std::vector<Example>> validation;
    std::vector<Example> held_out;
    std::vector<Example> examples = read_tsv(folder + "/semeval.tsv", "en", 1);
    for (const char* language : languages) {
        const std::string set = folder + "/xlmt_" + language;
        append(examples, read_tsv(set + "_train.tsv", language, post_weight));
        validation.push_back(read_tsv(set + "_val.tsv", language, 1));
        append(held_out, validation.back());
    }
    const std::size_t repeated = drop_repeated(examples);
    const std::size_t overlapping = drop_overlapping(examples, held_out);
    append(examples, read_lexicon(folder + "/vader_lexicon.txt"));
    fmt::print("train {}, dropped: repeated {}, overlapping with validation {}\n", examples.size(), repeated, overlapping);

    Model model(bits, rate, decay);
    train_on(model, examples, random);
    const std::string file = model.quantised({"negative", "neutral", "positive"}, classes, largest_weight);
    write_file(argv[1], file);

    const text::SentimentModel shipped = text::SentimentModel::load(file).value();
    for (std::size_t i = 0; i < languages.size(); ++i) report(languages[i], shipped, validation[i]);
    report("all", shipped, held_out);
    return 0;
}
