// Makes the language model:  VIGIE_CORPORA=<folder> train_language OUTPUT UDHR.tsv [--without-posts | --folds N]
// docs/models.md says what each text is. A tenth of the corpus is held out; figures on it, and on posts that nothing was trained on, go to
// stdout. --folds trains N models, each without an N-th of the xlm-t training posts, tells how right they are on what they have not seen,
// with the posts and without, and writes nothing: what was chosen was chosen by that.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "corpus.hpp"
#include "language_split.hpp"
#include "softmax.hpp"
#include "text/language_features.hpp"
#include "vigie/text/language.hpp"
#include "vigie/text/normalise.hpp"

using namespace vigie;
using namespace vigie::train;

namespace {

constexpr unsigned bits = 17;
constexpr std::size_t classes = 16;  // fifteen languages and undetermined: a row of 16 bytes
constexpr int epochs = 8;
constexpr float rate = 0.1F;
constexpr float largest_weight = 4.0F;
constexpr std::uint64_t seed = 20261124;
constexpr std::size_t few_letters = 4;

constexpr float weight_of_short = 0.3F;         // of lines under 30 bytes, mostly single words: half the corpus
constexpr float weight_of_undetermined = 0.5F;  // of the UDHR's languages that the model does not know
constexpr int copies_of_colloquial = 3;
constexpr std::uint64_t gibberish_every = 100;  // so many texts, one is replaced
// A post whose label the model without posts finds less likely than its own guess by more than this (log odds) is mislabelled: the
// German set holds posts in English, Dutch and Malay.
constexpr float largest_doubt = 1.0F;

using Model = Softmax<classes>;
using Names = std::vector<std::string>;

// As people write who leave accents out.
std::string without_accents(const std::string& text) {
    return text::fold(text);
}

std::string gibberish(std::mt19937_64& random) {
    std::string out;
    for (std::uint64_t words = 1 + random() % 4; words > 0; --words) {
        for (std::uint64_t letters = 3 + random() % 8; letters > 0; --letters) out += static_cast<char>('a' + random() % 26);
        out += ' ';
    }
    return out;
}

class Trainer {
public:
    explicit Trainer(Names names) : names_(std::move(names)) {}

    Model train(std::vector<Example> examples) {
        std::mt19937_64 random(seed);
        Model model(bits, rate, 0);
        for (int epoch = 0; epoch < epochs; ++epoch) {
            shuffle(examples, random);
            for (const Example& example : examples) {
                std::string seen = random() % 3 == 0 ? example.text : piece(example.text, 10, random);
                if (random() % 8 == 0) seen = without_accents(seen);
                const bool nonsense = random() % gibberish_every == 0;
                if (nonsense) seen = gibberish(random);
                if (!features_of(seen)) continue;
                model.learn(features_, class_of(nonsense ? std::string(text::undetermined) : example.label), example.weight);
            }
        }
        return model;
    }

    /// Adds the posts whose labels the model does not doubt.
    void add_believed(std::vector<Example>& examples, const std::vector<Example>& posts, const Model& model) {
        std::size_t believed = 0;
        for (const Example& post : posts) {
            if (!features_of(post.text)) continue;
            const auto p = model.probabilities(features_);
            const float doubt = std::log(*std::max_element(p.begin(), p.end()) / std::max(p[class_of(post.label)], 1e-9F));
            if (doubt > largest_doubt) continue;
            examples.push_back(post);
            ++believed;
        }
        fmt::print("posts {}, of which believed {}\n", posts.size(), believed);
    }

    std::string file(const Model& model) const { return model.quantised(names_, classes, largest_weight); }

private:
    std::size_t class_of(const std::string& label) const {
        return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), label) - names_.begin());
    }
    bool features_of(const std::string& text) {
        text::prepare_language(text, prepared_);
        features_.clear();
        float total = 0;
        text::for_each_language_feature(prepared_.prepared, bits, [&](std::uint32_t bucket, int times) {
            features_.push_back({bucket, static_cast<float>(times)});
            total += static_cast<float>(times);
        });
        for (Model::Feature& f : features_) f.value /= std::sqrt(total);
        return prepared_.latin_letters >= few_letters;
    }

    Names names_;
    text::LanguageText prepared_;
    std::vector<Model::Feature> features_;
};

struct Score {
    std::size_t texts = 0, right = 0, told = 0, told_right = 0;
    std::map<std::string, std::array<std::size_t, 2>> each;  // language: texts, told right
};

void add_score(Score& score, const text::LanguageModel& model, const std::vector<Example>& examples) {
    for (const Example& example : examples) {
        const std::string_view detected = model.detect(example.text);
        ++score.texts;
        score.right += model.guess(example.text).language == example.label;
        score.told += detected != text::undetermined;
        score.told_right += detected == example.label;
        ++score.each[example.label][0];
        score.each[example.label][1] += detected == example.label;
    }
}

void print(const char* name, const Score& score) {
    const auto share = [](std::size_t a, std::size_t b) { return b == 0 ? 0.0 : static_cast<double>(a) / static_cast<double>(b); };
    fmt::print("{:<34} n {:6}  best guess right {:.4f}  told {:.4f}  right of told {:.4f}  right of all {:.4f} \n", name, score.texts,
               share(score.right, score.texts), share(score.told, score.texts), share(score.told_right, score.told),
               share(score.told_right, score.texts));
    for (const auto& [language, counts] : score.each) fmt::print("  {} {:.3f}", language, share(counts[1], counts[0]));
    fmt::print("\n");
}

void report(const char* name, const text::LanguageModel& model, const std::vector<Example>& examples) {
    Score score;
    add_score(score, model, examples);
    print(name, score);
}

// What was written for this project: posts, whose label is a sentiment, and colloquial words and phrases.
std::vector<Example> read_own() {
    const std::string folder = VIGIE_TRAIN_FOLDER;
    std::vector<Example> own;
    for (const char* language : {"de", "en", "es", "fr", "it", "pt"})
        for (Example& example : read_tsv(folder + "/posts/" + language + ".tsv", language, 1)) {
            example.label = language;
            own.push_back(std::move(example));
        }
    for (const Example& example : read_tsv(folder + "/colloquial.tsv", "", weight_of_short))
        for (int i = 0; i < copies_of_colloquial; ++i) own.push_back(example);
    return own;
}

void cross_validate(Trainer& trainer, const std::vector<Example>& examples, std::vector<Example> posts, std::size_t folds) {
    std::mt19937_64 random(seed);
    shuffle(posts, random);
    const Model plain = trainer.train(examples);
    const std::string plain_file = trainer.file(plain);
    report("posts, by a model without posts", text::LanguageModel::load(plain_file).value(), posts);
    Score with_posts;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<Example> seen, unseen;
        for (std::size_t i = 0; i < posts.size(); ++i) (i % folds == fold ? unseen : seen).push_back(posts[i]);
        std::vector<Example> all = examples;
        const std::size_t overlapping = drop_overlapping(seen, unseen);
        fmt::print("fold {}: dropped {} posts that overlap\n", fold + 1, overlapping);
        trainer.add_believed(all, seen, plain);
        const std::string file = trainer.file(trainer.train(std::move(all)));
        add_score(with_posts, text::LanguageModel::load(file).value(), unseen);
    }
    print("posts, each by a model without it", with_posts);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view option = argc > 3 ? argv[3] : "";
    const std::size_t folds = option == "--folds" && argc == 5 ? static_cast<std::size_t>(std::max(0, std::atoi(argv[4]))) : 0;
    if (argc < 3 || argc > 5 || (argc == 4 && option != "--without-posts") || (argc == 5 && folds < 2)) {
        fmt::print(stderr, "usage: train_language OUTPUT UDHR.tsv [--without-posts | --folds N]\n");
        return 2;
    }
    const std::string folder = corpora();
    const LanguageSplit parts = read_language_split(folder);
    std::vector<Example> examples = parts.train;
    Names names;
    for (Example& example : examples) {
        if (example.text.size() < short_line) example.weight = weight_of_short;
        names.push_back(example.label);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    names.emplace_back(text::undetermined);
    for (Example& example : read_tsv(argv[2], "", 1)) {
        if (example.label == text::undetermined) example.weight = weight_of_undetermined;
        examples.push_back(std::move(example));
    }
    for (Example& example : read_own()) examples.push_back(std::move(example));
    const std::vector<Example> validation = read_language_posts(folder, "val");
    std::size_t overlapping = drop_overlapping(examples, parts.held_out) + drop_overlapping(examples, parts.held_out_short);
    overlapping += drop_overlapping(examples, validation);
    std::vector<Example> posts = read_language_posts(folder, "train");
    overlapping += drop_overlapping(posts, validation);
    fmt::print("train {}, held out {}, dropped: repeated {}, overlapping with what is held out {}\n", examples.size(),
               parts.held_out.size() + parts.held_out_short.size(), parts.repeated, overlapping);

    Trainer trainer(names);
    if (folds > 0) {
        cross_validate(trainer, examples, std::move(posts), folds);
        return 0;
    }
    Model model = trainer.train(examples);
    if (option != "--without-posts") {
        trainer.add_believed(examples, posts, model);
        model = trainer.train(examples);
    }
    const std::string file = trainer.file(model);
    write_file(argv[1], file);

    const text::LanguageModel shipped = text::LanguageModel::load(file).value();
    report("held-out, under 30 bytes", shipped, parts.held_out_short);
    report("held-out, 30 bytes and more", shipped, parts.held_out);
    report("pieces of 20 to 79 bytes of those", shipped, parts.held_out_pieces);
    report("posts (xlm-t validation)", shipped, validation);
    return 0;
}
