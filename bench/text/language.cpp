// Which language a post is in.
#include "vigie/text/language.hpp"
#include "text/section.hpp"

namespace vigie::bench {

void bench_language(const TextOptions& options) {
    const text::LanguageModel& model = text::LanguageModel::shipped();
    const std::vector<Labelled> posts = read_posts(options);
    std::size_t right = 0;
    for (const Labelled& post : posts) right += model.detect(post.text) == post.label ? 1U : 0U;
    print_share("xlm-t validation", "told right", right, posts.size());
    std::size_t told = 0;
    print_time("posts", "language",
               microseconds(posts.size(), options.rounds, [&](std::size_t i) { told += model.detect(posts[i].text).size(); }));
}

}  // namespace vigie::bench
