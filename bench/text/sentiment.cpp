// How posts feel.
#include <fmt/core.h>

#include <cstdlib>

#include "text/section.hpp"
#include "vigie/text/sentiment.hpp"

namespace vigie::bench {

void bench_sentiment(const TextOptions& options) {
    const text::SentimentModel& model = text::SentimentModel::shipped();
    for (const char* language : {"en", "fr", "de", "es", "it", "pt"}) {
        const std::vector<Labelled> posts = read_labelled(fmt::format("{}/sentiment/xlmt_{}_val.tsv", options.corpora, language));
        std::vector<int> truth, told;
        for (const Labelled& post : posts) {
            truth.push_back(std::atoi(post.label.c_str()));
            told.push_back(static_cast<int>(model.score(post.text, language).label));
        }
        const auto f1 = [&](const std::vector<std::uint32_t>& indices) {
            std::vector<int> a, b;
            for (const std::uint32_t i : indices) {
                a.push_back(truth[i]);
                b.push_back(told[i]);
            }
            return macro_f1(a, b, 3);
        };
        print_figure(fmt::format("xlm-t validation {}", language), "macro-F1", macro_f1(truth, told, 3), bootstrap(posts.size(), f1),
                     posts.size());
    }
    const std::vector<Labelled> posts = read_posts(options);
    double sum = 0;
    print_time("posts", "sentiment", microseconds(posts.size(), options.rounds, [&](std::size_t i) {
                   sum += model.score(posts[i].text, posts[i].label).polarity();
               }));
}

}  // namespace vigie::bench
