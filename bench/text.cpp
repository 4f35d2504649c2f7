// How long one post takes: match against 1,000 and 10,000 brands of five aliases, tell its language, tell its sentiment.
//     bench_text POSTS.tsv [rounds]
// POSTS.tsv holds one post a line, after a tab if there is one. Prints microseconds of CPU a post, the best of the rounds.
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "vigie/text/language.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/sentiment.hpp"

using namespace vigie;

namespace {

std::vector<std::string> read_posts(const char* path) {
    std::vector<std::string> posts;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) posts.push_back(line.substr(line.find('\t') + 1));
    return posts;
}

// Words of the posts themselves, so that brands are named as often as in life, or more.
std::vector<std::string> words_of(const std::vector<std::string>& posts) {
    std::vector<std::string> words;
    text::TokenStream stream;
    for (const std::string& post : posts) {
        stream.clear();
        stream.add(post);
        for (const text::Token& token : stream.tokens())
            if (token.kind == text::TokenKind::word && token.folded_size >= 6) words.emplace_back(stream.folded(token));
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

std::vector<Brand> make_brands(const std::vector<std::string>& words, std::size_t count) {
    std::mt19937 random(1);
    const auto word = [&]() -> const std::string& { return words[random() % words.size()]; };
    std::vector<Brand> brands(count);
    for (std::size_t i = 0; i < count; ++i) {
        Brand& brand = brands[i];
        brand.name = "b" + std::to_string(i);
        brand.query = "(" + word() + " OR @" + word() + " OR #" + word() + " OR \"" + word() + " " + word() + "\" OR \"the " + word() +
                      "\") AND NOT " + word();
        brand.functions = {{"safety", word() + " OR " + word()}, {"hr", word() + " OR " + word()}};
    }
    return brands;
}

/// Processor time of this thread: what else runs on the machine counts for less.
double cpu_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Work>
double microseconds(const std::vector<std::string>& posts, int rounds, Work&& work) {
    double best = 1e300;
    for (int round = 0; round < rounds; ++round) {
        const double begin = cpu_microseconds();
        for (const std::string& post : posts) work(post);
        best = std::min(best, (cpu_microseconds() - begin) / static_cast<double>(posts.size()));
    }
    return best;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: bench_text POSTS.tsv [rounds]\n");
        return 2;
    }
    const std::vector<std::string> posts = read_posts(argv[1]);
    const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 3;
    if (posts.empty()) {
        fmt::print(stderr, "no posts in {}\n", argv[1]);
        return 2;
    }
    std::size_t bytes = 0;
    for (const std::string& post : posts) bytes += post.size();
    fmt::print("posts {}, {:.0f} bytes each\n", posts.size(), static_cast<double>(bytes) / static_cast<double>(posts.size()));

    text::TokenStream stream;
    fmt::print("tokenise            {:7.2f} us/post\n", microseconds(posts, rounds, [&](const std::string& post) {
                   stream.clear();
                   stream.add(post);
               }));
    const std::vector<std::string> words = words_of(posts);
    for (const std::size_t count : {std::size_t{1000}, std::size_t{10000}}) {
        const auto begin = std::chrono::steady_clock::now();
        const Result<text::Matcher> matcher = text::Matcher::build(make_brands(words, count));
        if (!matcher) {
            fmt::print(stderr, "{}\n", matcher.error().text());
            return 1;
        }
        const std::chrono::duration<double, std::milli> built = std::chrono::steady_clock::now() - begin;
        std::size_t matches = 0;
        const double spent = microseconds(posts, rounds, [&](const std::string& post) { matches += matcher->match("", post).size(); });
        fmt::print("match {:5} brands   {:7.2f} us/post, tokenising included ({:.2f} matches a post, {} literals, built in {:.0f} ms)\n",
                   count, spent, static_cast<double>(matches) / static_cast<double>(posts.size()) / rounds, matcher->literals(),
                   built.count());
    }
    const text::LanguageModel& language = text::LanguageModel::shipped();
    std::size_t told = 0;
    fmt::print("language            {:7.2f} us/post\n",
               microseconds(posts, rounds, [&](const std::string& post) { told += language.detect(post).size(); }));
    const text::SentimentModel& sentiment = text::SentimentModel::shipped();
    double sum = 0;
    fmt::print("sentiment           {:7.2f} us/post\n",
               microseconds(posts, rounds, [&](const std::string& post) { sum += sentiment.score(post, "en").polarity(); }));
    return told > 0 && sum == sum ? 0 : 1;
}
