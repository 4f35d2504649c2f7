// Makes the sentiment model:  VIGIE_CORPORA=<folder> train_sentiment daemon/text/models/sentiment.bin
// Run it in the project's folder: it reads tools/train/lexicon and tools/train/posts. The validation sets of xlm-t are held out; figures on
// them go to stdout. With --folds N the training posts of xlm-t are cut into N parts, near copies together, and each is told by a model of
// the others: this is what settings are chosen by. With --learning-curve a model without the large English set is adapted to slices of it,
// as if they were a customer's labels.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "averaged_softmax.hpp"
#include "corpus.hpp"
#include "text/sentiment_features.hpp"
#include "text/weights.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/text/sentiment.hpp"
#include "vigie/text/sentiment_adapt.hpp"

using namespace vigie;
using namespace vigie::train;

namespace {

constexpr float large_set_weight = 0.5F;  // of a post of the large English set
constexpr float small_set_weight = 2.0F;  // of one of the sets of one language each
constexpr float own_post_weight = 0.5F;
constexpr std::uint64_t seed = 20261124;
const std::string own_folder = "tools/train";

// A lexicon's term as the model meets it; none if it is more than words and pictures, or longer than a phrase.
struct Phrase {
    std::uint64_t key = 0;
    bool good = false;
};

Phrase phrase_of(std::string_view term) {
    text::SentimentUnits units;
    units.read(term);
    if (units.all().empty() || units.all().size() > text::valence_terms) return {};
    Phrase out{0, true};
    for (const auto& unit : units.all()) {
        using Kind = text::SentimentUnits::Kind;
        if (unit.kind != Kind::word && unit.kind != Kind::picture) return {};
        out.key = text::next_word(out.key, hash64(units.view(unit)));
    }
    return out;
}

void add_lexicon(text::ValenceTable::Entries& entries, const std::string& path, int language) {
    for (const Example& line : read_tsv(path, "", 1)) {
        const Phrase phrase = phrase_of(line.label);
        const int halves = static_cast<int>(std::lround(2 * std::strtod(line.text.c_str(), nullptr)));
        if (phrase.good && halves != 0)
            entries.emplace(std::pair{language, phrase.key}, std::clamp(halves, -text::max_valence, text::max_valence));
    }
}

// What stands first counts: the project's own lexicons, then VADER's for English.
std::string read_lexicons(const std::string& corpus) {
    text::ValenceTable::Entries entries;
    for (int i = 0; i < static_cast<int>(std::size(text::sentiment_languages)); ++i)
        add_lexicon(entries, fmt::format("{}/lexicon/{}.tsv", own_folder, text::sentiment_languages[i]), i);
    for (int i = 0; i < static_cast<int>(std::size(text::sentiment_languages)); ++i)
        add_lexicon(entries, own_folder + "/lexicon/emoji.tsv", i);
    add_lexicon(entries, corpus + "/vader_lexicon.txt", text::sentiment_language("en"));
    return text::ValenceTable::build(entries);
}

struct Corpus {
    std::vector<Example> small, large, own, validation;
};

std::vector<Example> read_all(const std::string& pattern, float weight) {
    std::vector<Example> all;
    for (const std::string_view language : text::sentiment_languages)
        for (Example& example : read_tsv(fmt::format(fmt::runtime(pattern), language), language, weight)) all.push_back(std::move(example));
    return all;
}

Corpus read_corpus(const std::string& folder) {
    Corpus c;
    c.small = read_all(folder + "/xlmt_{}_train.tsv", small_set_weight);
    c.validation = read_all(folder + "/xlmt_{}_val.tsv", 1);
    c.own = read_all(own_folder + "/posts/{}.tsv", own_post_weight);
    c.large = read_tsv(folder + "/semeval.tsv", "en", large_set_weight);
    return c;
}

std::vector<Sample::Feature> features_of(const Example& example, std::string_view language, const text::ValenceTable& valences) {
    static text::SentimentFeatures extractor;
    std::vector<Sample::Feature> out;
    for (const text::Feature& f : extractor.read(example.text, language, Recipe().bits, valences)) out.push_back({f.bucket, f.value});
    return out;
}

// The classes of one set in one language weigh the same.
void add_samples(std::vector<Sample>& samples, const std::vector<Example>& examples, const text::ValenceTable& valences) {
    std::map<std::string, std::array<float, moods>> totals;
    const auto truth = [](const Example& e) { return static_cast<std::size_t>(e.label[0] - '0'); };
    for (const Example& e : examples) totals[e.language][truth(e)] += e.weight;
    for (const Example& e : examples) {
        const auto& total = totals[e.language];
        Sample sample{features_of(e, e.language, valences), features_of(e, "", valences), truth(e), e.weight};
        sample.weight *= (total[0] + total[1] + total[2]) / 3 / total[sample.truth];
        if (!sample.told.empty()) samples.push_back(std::move(sample));
    }
}

std::string quantised(const std::vector<Row>& rows, std::string_view slots) {
    float largest = 0;
    for (const Row& row : rows)
        for (const float w : row) largest = std::max(largest, std::fabs(w));
    text::Weights file;
    file.bits = Recipe().bits;
    file.classes = file.stride = moods;
    file.scale = largest / 127.0F;
    file.names = {"negative", "neutral", "positive"};
    file.valences = text::ValenceTable(slots);
    std::string bytes;
    for (const Row& row : rows)
        for (std::size_t k = 0; k < moods; ++k)
            bytes.push_back(static_cast<char>(static_cast<signed char>(std::lround(row[k] / file.scale))));
    file.rows = bytes;
    return text::write_weights(file);
}

struct Answer {
    std::string language;
    std::size_t truth;
    std::array<float, moods> p;
};

void report(const std::string& name, const std::vector<Answer>& answers) {
    std::array<std::array<double, moods>, moods> table{};  // truth, answer
    double loss = 0;
    for (const Answer& a : answers) {
        ++table[a.truth][static_cast<std::size_t>(std::max_element(a.p.begin(), a.p.end()) - a.p.begin())];
        loss -= std::log(std::max(1e-6, static_cast<double>(a.p[a.truth])));
    }
    double right = 0, f1 = 0;
    std::array<double, moods> recall{};
    for (std::size_t k = 0; k < moods; ++k) {
        double truths = 0, told = 0;
        for (std::size_t j = 0; j < moods; ++j) {
            truths += table[k][j];
            told += table[j][k];
        }
        right += table[k][k];
        recall[k] = table[k][k] / std::max(truths, 1.0);
        f1 += 2 * table[k][k] / std::max(truths + told, 1.0) / 3;
    }
    const double n = static_cast<double>(answers.size());
    fmt::print("{:<6} n {:5}  macro-F1 {:.3f}  accuracy {:.3f}  recall negative {:.3f} neutral {:.3f} positive {:.3f}  log loss {:.3f}\n",
               name, answers.size(), f1, right / n, recall[0], recall[1], recall[2], loss / n);
}

void report_each(const std::vector<Answer>& answers) {
    for (const std::string_view language : text::sentiment_languages) {
        std::vector<Answer> some;
        std::copy_if(answers.begin(), answers.end(), std::back_inserter(some), [&](const Answer& a) { return a.language == language; });
        report(std::string(language), some);
    }
    report("all", answers);
}

// A number from 0 for each text: those that share six words in a row, or do so over others, have the same one.
std::vector<std::size_t> groups(const std::vector<Example>& examples) {
    std::vector<std::size_t> parent(examples.size());
    const auto root = [&](std::size_t i) {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    };
    std::map<std::uint64_t, std::size_t> first;
    for (std::size_t i = 0; i < examples.size(); ++i) {
        parent[i] = i;
        for (const std::uint64_t gram : grams_of(examples[i].text)) parent[root(i)] = root(first.emplace(gram, i).first->second);
    }
    for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = root(i);
    return parent;
}

void cross_validate(Corpus corpus, std::size_t folds, const text::ValenceTable& valences) {
    drop_overlapping(corpus.large, corpus.small);
    const std::vector<std::size_t> group = groups(corpus.small);
    std::vector<Answer> answers;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<Example> rest, held_out;
        for (std::size_t i = 0; i < corpus.small.size(); ++i)
            (hash64(std::to_string(group[i])) % folds == fold ? held_out : rest).push_back(corpus.small[i]);
        std::vector<Sample> samples;
        for (const auto& set : {rest, corpus.large, corpus.own}) add_samples(samples, set, valences);
        const std::vector<Row> rows = train::train(samples, Recipe(), seed);
        for (const Example& e : held_out)
            answers.push_back(
                {e.language, static_cast<std::size_t>(e.label[0] - '0'), probabilities(rows, features_of(e, e.language, valences))});
    }
    report_each(answers);
}

// The customer's texts that are left to tell, and how well.
class Customer {
public:
    Customer(std::string language, std::vector<Example> told) : language_(std::move(language)), told_(std::move(told)) {}

    void print(const std::string& name, const text::SentimentModel& model, const std::string& rest) const {
        std::vector<text::Judged> judged;
        std::array<double, moods> loss{}, count{};
        for (const Example& e : told_) {
            judged.push_back({label(e), model.score(e.text, language_).p});
            loss[static_cast<std::size_t>(label(e))] += text::log_loss(judged.back());
            ++count[static_cast<std::size_t>(label(e))];
        }
        const text::SentimentFigures f = text::figures_of(judged);
        fmt::print(
            "{} {:<12} macro-F1 {:.3f} [{:.3f}, {:.3f}]  macro-recall {:.3f}  recall negative {:.3f}  windows {:.4f}  balanced log loss "
            "{:.3f}  {}\n",
            language_, name, f.macro_f1.value, f.macro_f1.low, f.macro_f1.high, f.macro_recall.value, f.negative_recall.value,
            f.window_correlation ? f.window_correlation->value : 0, (loss[0] / count[0] + loss[1] / count[1] + loss[2] / count[2]) / 3,
            rest);
    }

    void adapt(const text::SentimentModel& base, const std::vector<Example>& texts) const {
        std::vector<text::LabelledText> labels;
        for (const Example& e : texts) labels.push_back({e.text, language_, label(e)});
        const auto begin = std::chrono::steady_clock::now();
        const Result<text::SentimentAdaptation> adapted = text::adapt_sentiment(base, labels);
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        if (!adapted) {
            fmt::print("{} labels: {}\n", labels.size(), adapted.error().text());
            return;
        }
        const auto& a = adapted.value();
        print(fmt::format("{} labels", labels.size()), text::SentimentModel::load(a.weights).value(),
              fmt::format("strength {:.3f} helps {} gain {:.3f} [{:.3f}, {:.3f}] cross-fitted macro-F1 {:.3f} -> {:.3f}; {:.1f} s",
                          a.strength, a.helps, a.gain.value, a.gain.low, a.gain.high, a.before.macro_f1.value, a.after.macro_f1.value,
                          spent.count()));
    }

private:
    static SentimentLabel label(const Example& e) { return static_cast<SentimentLabel>(e.label[0] - '0'); }

    std::string language_;
    std::vector<Example> told_;
};

// How much a customer's labels gain. The customer is one set that the model has never seen, nor any near copy of it: the large English one
// (posts of every kind), or one language's small one (French: environment; Italian: politics).
void learning_curve(const Corpus& corpus, const std::string& slots, const std::string& language) {
    const text::ValenceTable valences(slots);
    std::mt19937_64 random(seed);
    std::vector<Example> theirs, others;
    for (const Example& e : corpus.small) (language != "en" && e.language == language ? theirs : others).push_back(e);
    if (language == "en")
        theirs = corpus.large;
    else
        others.insert(others.end(), corpus.large.begin(), corpus.large.end());
    drop_overlapping(others, theirs);
    shuffle(theirs, random);
    const auto kept = static_cast<std::ptrdiff_t>(std::min<std::size_t>(theirs.size() / 3, 6000));
    const std::vector<Example> told(theirs.end() - kept, theirs.end());
    theirs.resize(theirs.size() - told.size());
    drop_overlapping(theirs, told);
    std::vector<Sample> samples;
    for (const auto& set : {others, corpus.own}) add_samples(samples, set, valences);
    const std::string file = quantised(train::train(samples, Recipe(), seed), slots);
    const text::SentimentModel base = text::SentimentModel::load(file).value();
    const Customer customer(language, told);
    customer.print("unadapted", base, "");
    for (const std::size_t count : {50U, 200U, 500U, 1000U, 2000U, 10000U}) {
        for (std::size_t i = 0; i < 4 && (i + 1) * count <= theirs.size(); ++i)
            customer.adapt(base, {theirs.begin() + static_cast<std::ptrdiff_t>(i * count),
                                  theirs.begin() + static_cast<std::ptrdiff_t>((i + 1) * count)});
    }
}

}  // namespace

int main(int argc, char** argv) {
    const bool folds = argc == 3 && std::string(argv[1]) == "--folds" && std::atoi(argv[2]) > 1;
    const bool curve = argc == 2 && std::string(argv[1]) == "--learning-curve";
    if (argc != 2 && !folds) {
        fmt::print(stderr, "usage: train_sentiment OUTPUT | --folds N | --learning-curve\n");
        return 2;
    }
    const std::string folder = corpora() + "/sentiment";
    const std::string slots = read_lexicons(folder);
    const text::ValenceTable valences(slots);
    Corpus corpus = read_corpus(folder);
    std::size_t repeated = 0, overlapping = 0;
    for (auto* set : {&corpus.small, &corpus.large, &corpus.own}) {
        repeated += drop_repeated(*set);
        overlapping += drop_overlapping(*set, corpus.validation);
    }
    fmt::print("train {} + {} + {}, dropped: repeated {}, overlapping with validation {}\n", corpus.small.size(), corpus.large.size(),
               corpus.own.size(), repeated, overlapping);
    if (folds) {
        cross_validate(std::move(corpus), static_cast<std::size_t>(std::atoi(argv[2])), valences);
        return 0;
    }
    if (curve) {
        for (const char* language : {"fr", "it", "en"}) learning_curve(corpus, slots, language);
        return 0;
    }
    std::vector<Sample> samples;
    for (const auto* set : {&corpus.small, &corpus.large, &corpus.own}) add_samples(samples, *set, valences);
    const std::vector<Row> rows = train::train(samples, Recipe(), seed);
    const std::string file = quantised(rows, slots);
    write_file(argv[1], file);

    const text::SentimentModel shipped = text::SentimentModel::load(file).value();
    std::vector<Answer> exact, rounded;
    for (const Example& e : corpus.validation) {
        const auto truth = static_cast<std::size_t>(e.label[0] - '0');
        exact.push_back({e.language, truth, probabilities(rows, features_of(e, e.language, valences))});
        rounded.push_back({e.language, truth, shipped.score(e.text, e.language).p});
    }
    fmt::print("validation, weights not rounded\n");
    report("all", exact);
    fmt::print("validation, as shipped\n");
    report_each(rounded);
    return 0;
}
