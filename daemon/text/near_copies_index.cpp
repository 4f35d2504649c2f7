#include <algorithm>
#include <map>
#include <utility>

#include "text/near_copies_authors.hpp"
#include "text/near_copies_headlines.hpp"
#include "text/near_copies_texts.hpp"
#include "vigie/text/near_copies.hpp"

namespace vigie::text {
namespace {

constexpr std::uint32_t none = IndexSlot::none;
constexpr std::size_t greatest_capacity = std::size_t{1} << 30;

/// Neighbours in a list.
struct Links {
    std::uint32_t before = none;
    std::uint32_t after = none;
};

struct Post {
    std::uint64_t id = 0;
    std::uint64_t author = 0;
    std::uint64_t nearest = 0;
    Time published;
    std::uint32_t text = none;
    Links in_bucket, in_text, in_cluster;
    float similarity = 0;
    bool marked = false;
};

struct Cluster {
    std::uint64_t id = 0;
    std::uint32_t founder = none;  // the text that it must stay like; kept when nobody posts it any more
    Ends posts;                    // in the order in which they were placed
    std::uint32_t texts = 0;       // those that somebody still posts
    std::uint32_t authors = 0;
};

std::uint64_t cluster_id(std::uint64_t post, std::uint64_t words) noexcept {
    std::uint64_t x = (post ^ (words >> 7)) * 0xD6E8FEB86659FD93U + words;
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93U;
    x ^= x >> 29;
    return x == 0 ? 1 : x;
}

}  // namespace

class CopyIndex::Impl {
public:
    explicit Impl(Options options)
        : capacity_(std::clamp<std::size_t>(options.capacity, 1, greatest_capacity)),
          width_(std::max<Duration>(options.bucket, Duration{1})),
          by_id_(options.salt),
          texts_(options.salt),
          authors_(options.salt),
          headlines_(std::max<std::size_t>(capacity_, 1024), options.salt) {}

    CopyPlace place(const CopySketch& sketch, const CopyPost& post) {
        if (const std::uint32_t known = post_of(post.id); known != none) return place_of(known);
        CopyPlace nowhere;
        nowhere.press = sketch.press;
        if (post.published < floor_) return nowhere;
        for (const std::uint64_t hash : sketch.headlines) learn_headline(hash, post.published);
        if (post.repost || sketch.repeats) {
            nowhere.role = CopyRole::repeat;
            return nowhere;
        }
        if (sketch.words == 0 || !make_room(bucket_of(post.published))) return nowhere;
        return place_of(add(sketch, post));
    }

    CopyPlace find(std::uint64_t id) const {
        const std::uint32_t post = post_of(id);
        return post == none ? CopyPlace{} : place_of(post);
    }

    std::uint32_t post_of(std::uint64_t id) const noexcept {
        const IndexSlot* slot = by_id_.find(id, [&](const IndexSlot& s) { return posts_[s.index].id == id; });
        return slot == nullptr ? none : slot->index;
    }

    bool forget(std::uint64_t id) {
        const std::uint32_t post = post_of(id);
        if (post == none) return false;
        remove(post);
        return true;
    }

    void drop_before(Time time) {
        const std::int64_t bucket = bucket_of(time);
        const std::int64_t into = (to_millis(time) % width_.count() + width_.count()) % width_.count();
        const Time floor = time < Time::min() + Duration{into} ? Time::min() : time - Duration{into};
        if (floor <= floor_) return;
        floor_ = floor;
        while (!buckets_.empty() && buckets_.begin()->first < bucket) remove(buckets_.begin()->second.first);
        headlines_.drop_before(floor);
    }

    std::uint32_t most_authors() const noexcept { return most_.value(); }

    std::vector<CopyCluster> largest(std::size_t count, Time since) const {
        std::vector<std::pair<std::uint32_t, std::uint64_t>> pairs;  // cluster, author
        for (const auto& [bucket, ends] : buckets_) {
            for (std::uint32_t at = ends.first; at != none; at = posts_[at].in_bucket.after) {
                const Post& post = posts_[at];
                const CopyText& text = texts_[post.text];
                if (post.published > since && !text.press && text.counts() && clusters_[text.cluster].authors > 1)
                    pairs.emplace_back(text.cluster, post.author);
            }
        }
        std::sort(pairs.begin(), pairs.end());
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
        std::vector<CopyCluster> all;
        for (std::size_t i = 0; i < pairs.size();) {
            std::size_t end = i;
            while (end < pairs.size() && pairs[end].first == pairs[i].first) ++end;
            const Cluster& cluster = clusters_[pairs[i].first];
            if (end - i > 1) all.push_back({cluster.id, posts_[cluster.posts.first].id, static_cast<std::uint32_t>(end - i)});
            i = end;
        }
        std::sort(all.begin(), all.end(), [](const CopyCluster& a, const CopyCluster& b) {
            return a.authors != b.authors ? a.authors > b.authors : a.cluster < b.cluster;
        });
        if (all.size() > count) all.resize(count);
        return all;
    }

    std::size_t size() const noexcept { return by_id_.size(); }
    std::size_t capacity() const noexcept { return capacity_; }
    std::size_t memory() const noexcept {
        constexpr std::size_t bucket_bytes = 64;
        return posts_.capacity() * sizeof(Post) + (free_posts_.capacity() + free_clusters_.capacity()) * sizeof(std::uint32_t) +
               clusters_.capacity() * sizeof(Cluster) + by_id_.memory() + texts_.memory() + authors_.memory() + headlines_.memory() +
               most_.memory() + buckets_.size() * bucket_bytes;
    }

private:
    auto id_of() const noexcept {
        return [this](const IndexSlot& slot) { return posts_[slot.index].id; };
    }

    std::int64_t bucket_of(Time time) const noexcept {
        const std::int64_t t = to_millis(time), width = width_.count();
        return t / width - (t % width < 0 ? 1 : 0);
    }

    // --- lists of posts

    void append(Ends& ends, Links Post::*links, std::uint32_t post) {
        posts_[post].*links = {ends.last, none};
        (ends.last == none ? ends.first : (posts_[ends.last].*links).after) = post;
        ends.last = post;
    }
    void take_out(Ends& ends, Links Post::*links, std::uint32_t post) {
        const Links at = posts_[post].*links;
        (at.before == none ? ends.first : (posts_[at.before].*links).after) = at.after;
        (at.after == none ? ends.last : (posts_[at.after].*links).before) = at.before;
    }

    // --- who counts

    void count(std::uint32_t post, bool more) {
        const CopyText& text = texts_[posts_[post].text];
        Cluster& cluster = clusters_[text.cluster];
        const bool changed = more ? authors_.add(cluster.id, posts_[post].author) : authors_.remove(cluster.id, posts_[post].author);
        if (!changed) return;
        const std::uint32_t before = cluster.authors;
        cluster.authors = more ? before + 1 : before - 1;
        if (!text.press) most_.change(before, cluster.authors);
    }

    // A text of which half the posts bear the mark of a share button is a headline, until fewer than a quarter do: so whoever adds the mark
    // to one copy of a campaign hides nothing, and going to and fro costs a post as many steps as it has turned authors.
    void judge(CopyText& text, bool counted_before) {
        if (text.press) return;
        if (!text.shared && text.marked > 0 && 2 * text.marked >= text.posts)
            text.shared = true;
        else if (text.shared && 4 * text.marked < text.posts)
            text.shared = false;
        const bool counts = text.counts();
        if (counts == counted_before) return;
        for (std::uint32_t at = text.in_text.first; at != none; at = posts_[at].in_text.after) count(at, counts);
    }

    void learn_headline(std::uint64_t hash, Time published) {
        headlines_.add(hash, published);
        const std::uint32_t index = texts_.find(hash, false);
        if (index == none) return;
        CopyText& text = texts_[index];
        const bool counted = text.counts();
        text.known_headline = true;
        judge(text, counted);
    }

    // --- placing

    bool make_room(std::int64_t bucket) {
        if (by_id_.size() < capacity_) return true;
        if (bucket < buckets_.begin()->first) return false;
        remove(buckets_.begin()->second.first);
        return true;
    }

    std::uint32_t add(const CopySketch& sketch, const CopyPost& given) {
        Post post;
        post.id = given.id;
        post.author = given.author;
        post.published = given.published;
        std::uint64_t words = sketch.words;
        if (!sketch.press) {
            post.marked = sketch.share_mark;
            if (sketch.stem != 0 && (sketch.own_site || headlines_.known(sketch.site))) {
                words = sketch.stem;
                post.marked = true;
            }
        }
        post.text = texts_.find(words, sketch.press);
        if (post.text != none) {
            post.nearest = posts_[texts_[post.text].in_text.first].id;
            post.similarity = 1;
        } else {
            join(sketch, words, post);
        }
        return put(post);
    }

    // Adds a new text to the cluster of the text that it is most like, if it is like that cluster's founder too; or to one of its own.
    void join(const CopySketch& sketch, std::uint64_t words, Post& post) {
        std::uint32_t cluster = none;
        for (const CopyTexts::Near& near : texts_.near(sketch)) {
            const std::uint32_t founder = clusters_[texts_[near.text].cluster].founder;
            if (founder != near.text && texts_.similarity(sketch, founder) < copy_centre_threshold) continue;
            cluster = texts_[near.text].cluster;
            texts_[founder].founder = true;
            post.nearest = posts_[texts_[near.text].in_text.first].id;
            post.similarity = static_cast<float>(near.similarity);
            break;
        }
        post.text = texts_.add(sketch, words);
        if (cluster == none) {
            cluster = take(clusters_, free_clusters_);
            clusters_[cluster] = Cluster{};
            clusters_[cluster].id = cluster_id(post.id, words);
            clusters_[cluster].founder = post.text;
        }
        ++clusters_[cluster].texts;
        CopyText& text = texts_[post.text];
        text.cluster = cluster;
        text.known_headline = !sketch.press && (headlines_.known(words) || headlines_.known(sketch.cut));
    }

    template <class T>
    static std::uint32_t take(std::vector<T>& all, std::vector<std::uint32_t>& free) {
        if (free.empty()) {
            if (all.size() == all.capacity()) all.reserve(grown(all.size()));
            all.emplace_back();
            return static_cast<std::uint32_t>(all.size() - 1);
        }
        const std::uint32_t index = free.back();
        free.pop_back();
        return index;
    }

    std::uint32_t put(const Post& post) {
        const std::uint32_t index = take(posts_, free_posts_);
        posts_[index] = post;
        by_id_.insert(IndexSlot{index}, id_of());
        append(buckets_[bucket_of(post.published)], &Post::in_bucket, index);
        CopyText& text = texts_[post.text];
        append(text.in_text, &Post::in_text, index);
        append(clusters_[text.cluster].posts, &Post::in_cluster, index);
        const bool counted = text.counts();
        ++text.posts;
        text.marked += post.marked ? 1U : 0U;
        if (counted) count(index, true);
        judge(text, counted);
        return index;
    }

    void remove(std::uint32_t index) {
        const Post post = posts_[index];
        CopyText& text = texts_[post.text];
        Cluster& cluster = clusters_[text.cluster];
        const bool counted = text.counts();
        if (counted) count(index, false);
        by_id_.erase(by_id_.find(post.id, [index](const IndexSlot& s) { return s.index == index; }), id_of());
        const auto bucket = buckets_.find(bucket_of(post.published));
        take_out(bucket->second, &Post::in_bucket, index);
        if (bucket->second.first == none) buckets_.erase(bucket);
        take_out(text.in_text, &Post::in_text, index);
        take_out(cluster.posts, &Post::in_cluster, index);
        free_posts_.push_back(index);
        --text.posts;
        text.marked -= post.marked ? 1U : 0U;
        if (text.posts > 0) {
            judge(text, counted);
            return;
        }
        texts_.retire(post.text);
        const std::uint32_t in = text.cluster;
        if (--cluster.texts == 0) {
            if (cluster.founder != post.text) texts_.release(cluster.founder);
            texts_.release(post.text);
            free_clusters_.push_back(in);
        } else if (cluster.founder != post.text) {
            texts_.release(post.text);
        }
    }

    CopyPlace place_of(std::uint32_t index) const {
        const Post& post = posts_[index];
        const CopyText& text = texts_[post.text];
        const Cluster& cluster = clusters_[text.cluster];
        CopyPlace out;
        out.press = text.press;
        out.cluster = cluster.id;
        out.first = posts_[cluster.posts.first].id;
        out.first_published = posts_[cluster.posts.first].published;
        out.nearest = post.nearest;
        out.similarity = static_cast<double>(post.similarity);
        out.authors = cluster.authors;
        out.role = !text.counts() ? CopyRole::headline : cluster.posts.first == index ? CopyRole::original : CopyRole::copy;
        return out;
    }

    std::size_t capacity_;
    Duration width_;
    Time floor_ = Time::min();
    std::vector<Post> posts_;
    std::vector<std::uint32_t> free_posts_;
    std::vector<Cluster> clusters_;
    std::vector<std::uint32_t> free_clusters_;
    FlatTable<IndexSlot> by_id_;
    std::map<std::int64_t, Ends> buckets_;  // posts by event time, within a bucket in the order in which they were placed
    CopyTexts texts_;
    AuthorCounts authors_;
    Greatest most_;
    Headlines headlines_;
};

CopyIndex::CopyIndex(Options options) : impl_(std::make_unique<Impl>(options)) {}
CopyIndex::CopyIndex(CopyIndex&&) noexcept = default;
CopyIndex& CopyIndex::operator=(CopyIndex&&) noexcept = default;
CopyIndex::~CopyIndex() = default;

CopyPlace CopyIndex::place(const CopySketch& sketch, const CopyPost& post) {
    return impl_->place(sketch, post);
}
CopyPlace CopyIndex::find(std::uint64_t id) const {
    return impl_->find(id);
}
bool CopyIndex::contains(std::uint64_t id) const noexcept {
    return impl_->post_of(id) != none;
}
bool CopyIndex::forget(std::uint64_t id) {
    return impl_->forget(id);
}
void CopyIndex::drop_before(Time time) {
    impl_->drop_before(time);
}
std::uint32_t CopyIndex::most_authors() const noexcept {
    return impl_->most_authors();
}
std::vector<CopyCluster> CopyIndex::largest(std::size_t count, Time since) const {
    return impl_->largest(count, since);
}
std::size_t CopyIndex::size() const noexcept {
    return impl_->size();
}
std::size_t CopyIndex::memory() const noexcept {
    return impl_->memory();
}
std::size_t CopyIndex::capacity() const noexcept {
    return impl_->capacity();
}

}  // namespace vigie::text
