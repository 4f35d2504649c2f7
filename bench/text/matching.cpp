// Which brands a post names, for thousands of brands at once.
#include <fmt/core.h>

#include <algorithm>
#include <random>

#include "text/section.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::bench {
namespace {

// Words of the posts themselves, so that brands are named as often as in life, or more.
std::vector<std::string> words_of(const std::vector<Labelled>& posts) {
    std::vector<std::string> words;
    text::TokenStream stream;
    for (const Labelled& post : posts) {
        stream.clear();
        stream.add(post.text);
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

}  // namespace

void bench_matching(const TextOptions& options) {
    const std::vector<Labelled> posts = read_posts(options);
    const std::vector<std::string> words = words_of(posts);
    text::TokenStream stream;
    const double tokens = microseconds(posts.size(), options.rounds, [&](std::size_t i) {
        stream.clear();
        stream.add(posts[i].text);
    });
    print_time("posts", "cut and fold", tokens);
    for (const std::size_t count : {std::size_t{1000}, std::size_t{10000}}) {
        const std::vector<Brand> brands = make_brands(words, count);
        const double begin = microseconds(1, options.rounds, [&](std::size_t) { (void)text::Matcher::build(brands); });
        const Result<text::Matcher> matcher = text::Matcher::build(brands);
        if (!matcher) {
            fmt::print("  {}\n", matcher.error().text());
            return;
        }
        std::size_t matches = 0;
        const double spent =
            microseconds(posts.size(), options.rounds, [&](std::size_t i) { matches += matcher->match("", posts[i].text).size(); });
        print_time("posts", fmt::format("{} brands: match, cutting included", count), spent);
        print_time("", fmt::format("{} brands: build", count), begin);
    }
}

}  // namespace vigie::bench
