// How fast items are read, analysed and written again: what `vigie text` does, without the pipes.
#include <fmt/core.h>

#include <string>
#include <variant>
#include <vector>

#include "text/section.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/text/analyse.hpp"
#include "vigie/text/near_copies.hpp"

namespace vigie::bench {

void bench_whole(const TextOptions& options) {
    const std::vector<Labelled> posts = read_posts(options);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < posts.size(); ++i) {
        Item item;
        item.id = fmt::format("x/{}", i);
        item.platform = "x";
        item.published = Time{std::chrono::seconds(1'772'000'000 + i)};
        item.text = Untrusted(posts[i].text);
        item.author.handle = Untrusted(fmt::format("@a{}", i % 97));
        lines.push_back(to_json(item));
    }
    RecordReader reader;
    const text::Analyser analyser(nullptr);
    std::size_t sink = 0;
    const auto analysed = [&](std::size_t i) {
        return analyser.analyse_always(std::get<Item>(std::get<Record>(reader.parse(lines[i], 1))));
    };
    const double told = microseconds(lines.size(), options.rounds, [&](std::size_t i) { sink += analysed(i).language.size(); });
    text::CopyIndex copies;
    const double whole = microseconds(lines.size(), 1, [&](std::size_t i) {  // a second round would find every id placed
        const AnalysedItem item = analysed(i);
        copies.place(item.copy, text::copy_post_of(item.item));
        sink += to_json(item.item).size();
    });
    print_time("posts", "read and analysed", told);
    print_time("posts", "read, analysed, near copies, written", whole);
    fmt::print("  {:<34} {:<44} {:.0f} items/s\n", "posts", "read, analysed, near copies, written", sink > 0 ? 1e6 / whole : 0);
}

}  // namespace vigie::bench
