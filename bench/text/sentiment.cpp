// How posts feel.
#include "vigie/text/sentiment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "text/section.hpp"
#include "vigie/text/sentiment_figures.hpp"

namespace vigie::bench {
namespace {

void print(const std::string& dataset, std::string_view what, const text::Figure& figure, std::size_t of) {
    print_figure(dataset, what, figure.value, {figure.low, figure.high}, of);
}

void print_all(const std::string& dataset, const std::string& whose, const std::vector<text::Judged>& judged, bool calibration) {
    const text::SentimentFigures f = text::figures_of(judged);
    print(dataset, whose + "macro-F1", f.macro_f1, f.texts);
    print(dataset, whose + "macro-recall", f.macro_recall, f.texts);
    print(dataset, whose + "negative told negative", f.negative_recall, f.texts);
    if (f.window_correlation) print(dataset, whose + "mean polarity, windows of 100", *f.window_correlation, f.texts);
    if (calibration)
        fmt::print("  {:<34} {:<44} {:.4f} of {}\n", dataset, whose + "expected calibration error", f.calibration_error, f.texts);
}

SentimentLabel truth_of(const Labelled& post) {
    return static_cast<SentimentLabel>(std::clamp(std::atoi(post.label.c_str()), 0, 2));
}

// A lexicon gives a polarity alone; what stands for its probabilities has that polarity and the class that its authors' bounds give.
void rival(const std::string& name, double bound, const std::string& dataset, const std::vector<Labelled>& posts) {
    std::vector<std::string> texts;
    for (const Labelled& post : posts) texts.push_back(post.text);
    const auto answers = ask_rival("sentiment.mjs", name, texts);
    if (!answers) return;
    std::vector<text::Judged> judged;
    for (std::size_t i = 0; i < posts.size(); ++i) {
        const double polarity = std::clamp(std::atof(answers->lines[i].c_str()), -1.0, 1.0);
        const auto size = static_cast<float>(std::fabs(polarity));
        // Beyond the bound its class is the likeliest even where the polarity is small.
        const float neutral = std::fabs(polarity) >= bound ? std::min(1 - size, size / 2) : 1 - size;
        const float rest = (1 - size - neutral) / 2;
        judged.push_back({truth_of(posts[i]), {rest + (polarity < 0 ? size : 0), neutral, rest + (polarity > 0 ? size : 0)}});
    }
    print_all(dataset, name + ": ", judged, false);
    print_time(dataset, name, answers->microseconds);
}

}  // namespace

void bench_sentiment(const TextOptions& options) {
    const text::SentimentModel& model = text::SentimentModel::shipped();
    fmt::print("  windows: 400 of 100 posts each, class shares drawn from Dirichlet(1.5), seeded; intervals: bootstrap, 95 %\n");
    std::vector<text::Judged> all;
    for (const std::string language : {"en", "fr", "de", "es", "it", "pt"}) {
        const std::string dataset = "xlm-t validation " + language;
        const std::vector<Labelled> posts = read_labelled(fmt::format("{}/sentiment/xlmt_{}_val.tsv", options.corpora, language));
        std::vector<text::Judged> judged;
        for (const Labelled& post : posts) judged.push_back({truth_of(post), model.score(post.text, language).p});
        print_all(dataset, "", judged, true);
        all.insert(all.end(), judged.begin(), judged.end());
        if (language == "en" && options.rivals) {
            rival("vader", 0.05, dataset, posts);
            rival("afinn", 1e-9, dataset, posts);
        }
    }
    print_all("xlm-t validation, all six", "", all, true);

    const std::vector<Labelled> posts = read_posts(options);
    double sum = 0;
    print_time("posts", "sentiment", microseconds(posts.size(), options.rounds, [&](std::size_t i) {
                   sum += model.score(posts[i].text, posts[i].label).polarity();
               }));
    std::vector<std::string> reviews(100);
    for (std::size_t i = 0; i < reviews.size(); ++i)
        for (std::size_t k = 0; reviews[i].size() < 1000; ++k) reviews[i] += posts[(i * 17 + k) % 324].text + ". ";
    print_time("1,000 bytes, English", "sentiment",
               microseconds(reviews.size(), options.rounds, [&](std::size_t i) { sum += model.score(reviews[i], "en").polarity(); }));
}

}  // namespace vigie::bench
