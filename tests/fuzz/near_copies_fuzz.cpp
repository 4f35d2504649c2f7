// Bytes that say what to do with an index: place posts of few words, texts of any bytes, articles, reposts; forget, drop. Whatever they
// say: sketches are pure and bounded, similarity is symmetric, placing twice changes nothing, no cluster has more authors than were placed
// in it, and the index keeps its bound.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/text/near_copies.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "property broken: %s\n", what);
    std::abort();
}

class Input {
public:
    explicit Input(std::string_view bytes) : bytes_(bytes) {}
    bool done() const { return at_ >= bytes_.size(); }
    std::uint8_t byte() { return done() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes_[at_++]); }
    std::string_view take(std::size_t count) {
        const std::string_view part = bytes_.substr(std::min(at_, bytes_.size()), count);
        at_ += count;
        return part;
    }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

std::string text_of(Input& in) {
    static constexpr std::string_view words[] = {"aurora ",
                                                 "air ",
                                                 "boycott ",
                                                 "strike ",
                                                 "#tag ",
                                                 "@ana ",
                                                 "via @paper ",
                                                 "https://a.example/1 ",
                                                 "RT @b ",
                                                 "| Paper ",
                                                 "https://paper.example ",
                                                 "now ",
                                                 "refund ",
                                                 "\u2026 ",
                                                 "\u98DE\u673A\u665A\u70B9 ",
                                                 "- "};
    std::string text;
    const std::size_t count = in.byte() % 24;
    for (std::size_t i = 0; i < count; ++i) text += words[in.byte() % std::size(words)];
    if (in.byte() % 8 == 0) text += in.take(in.byte());
    return text;
}

void check_sketch(const CopySketch& sketch, const CopySketch& other) {
    require(sketch.shingles.size() <= CopySketch::max_shingles, "shingles are bounded");
    require(std::is_sorted(sketch.shingles.begin(), sketch.shingles.end()), "shingles are sorted");
    require(sketch.shingles.empty() || sketch.words != 0, "what has near copies has copies");
    require(sketch.headlines.size() <= 100, "headlines are bounded");
    const double there = copy_similarity(sketch, other), back = copy_similarity(other, sketch);
    require(there == back, "similarity is symmetric");
    require(there >= 0 && there <= 1, "similarity is a share");
    require(sketch.words == 0 || copy_similarity(sketch, sketch) == 1, "a text is like itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input in(std::string_view(reinterpret_cast<const char*>(data), size));
    CopyIndex::Options options;
    options.capacity = 1 + in.byte() % 32U;
    options.bucket = std::chrono::seconds(1 + in.byte() % 60);
    options.salt = in.byte();
    CopyIndex index(options);
    CopySketch last;
    std::map<std::uint64_t, std::set<std::uint64_t>> authors;  // all that ever were placed in a cluster
    while (!in.done()) {
        const std::uint8_t what = in.byte();
        if (what % 16 == 0) {
            const std::uint64_t id = 1 + in.byte() % 64U;
            const bool known = index.contains(id);
            require(index.forget(id) == known, "what is there can be forgotten");
            require(!index.contains(id), "what is forgotten is gone");
            continue;
        }
        if (what % 16 == 1) {
            index.drop_before(Time{std::chrono::seconds(in.byte() * 4)});
            continue;
        }
        Item item;
        item.kind = what % 16 == 2 ? Kind::article : what % 16 == 3 ? Kind::repost : Kind::post;
        if (item.kind == Kind::article || what % 16 == 4) item.title = Untrusted(clean_utf8(text_of(in)));
        item.text = Untrusted(clean_utf8(text_of(in)));
        if (item.kind == Kind::article) item.url = Untrusted("https://paper.example/1");
        CopyPost post = copy_post_of(item);
        post.id = 1 + in.byte() % 64U;
        post.author = in.byte() % 8U;
        post.published = Time{std::chrono::seconds(in.byte() * 4)};
        const CopySketch sketch = sketch_copy(item);
        require(sketch == sketch_copy(item), "a sketch is pure");
        check_sketch(sketch, last);
        last = sketch;
        const bool known = index.contains(post.id);
        const CopyPlace place = index.place(sketch, post);
        require(index.place(sketch, post) == place, "placing twice changes nothing");
        require(index.size() <= options.capacity, "the bound is kept");
        require(index.contains(post.id) == (place.cluster != 0), "what has a cluster is there");
        require(index.memory() < 200'000, "memory is bounded");
        if (place.cluster == 0) continue;
        require(index.find(post.id) == place, "what was placed is found");
        require(index.contains(place.first), "the first is there");
        require(place.role != CopyRole::original || place.first == post.id, "an original is the first");
        require(place.similarity == 0 || place.similarity >= copy_threshold - 1e-6, "a near copy is near");
        if (!known) authors[place.cluster].insert(post.author);
        require(place.authors <= authors[place.cluster].size(), "no more authors than were placed");
        require(place.press || place.authors <= index.most_authors(), "none has more than the most");
        for (const CopyCluster& cluster : index.largest(4))
            require(cluster.authors > 1 && cluster.authors <= index.most_authors(), "the largest are as large as they say");
    }
    return 0;
}
