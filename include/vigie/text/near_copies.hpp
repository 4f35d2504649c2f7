// Near copies: texts that say the same with a few words changed, and how many people posted them. docs/near-copies.md says what counts as a
// campaign and what does not.
// Thread-safety: sketch_copy() and copy_similarity() are pure and run on any number of threads; a CopyIndex belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "vigie/core/mention.hpp"
#include "vigie/core/record.hpp"
#include "vigie/core/time.hpp"

namespace vigie::text {

/// At least this many words (a character of a script without blanks is half a one) make a text whose equal is a copy...
inline constexpr std::size_t min_copy_words = 4;
/// ...and this many, one whose near copies are looked for.
inline constexpr std::size_t min_near_copy_words = 6;
/// Jaccard similarity of the shingles from which on two texts are near copies.
inline constexpr double copy_threshold = 0.4;
/// What a text must share with the one that founded its cluster: without it, a chain of near copies could lead anywhere.
inline constexpr double copy_centre_threshold = 0.2;

/// The sketch of an item: MinHash (Broder 1997) of 32 hashes, in 16 bands of 2, over its shingles: folded words and pairs of neighbouring
/// words of title and text, without handles, URLs and pictures; a hashtag is one word. Linear; the first 1,024 words count.
CopySketch sketch_copy(const Item& item);

/// Jaccard similarity of two sketches' shingles, 0..1; estimated from the smallest hashes (Broder 1997) where there are more than a sketch
/// holds. 1 for equal words. Symmetric.
double copy_similarity(const CopySketch& a, const CopySketch& b) noexcept;

enum class CopyRole : std::uint8_t {
    none,      ///< too short, or older than what is remembered: not placed
    original,  ///< the first of its cluster
    copy,      ///< a near copy of an earlier item
    headline,  ///< shares a known headline, or is what a share button wrote: readers, not a campaign
    repeat,    ///< a repost: not placed
};

/// What is known of an item beside its sketch.
struct CopyPost {
    std::uint64_t id = 0;      ///< hash of the item's id
    std::uint64_t author = 0;  ///< hash of the account; 0: unknown, and all the unknown are one
    Time published;            ///< event time; whoever calls must have clamped a date in the future
    bool repost = false;       ///< kind repost, or repost_of is set
};

/// The id is hash64 of the item's id, the author hash64 of its account's key.
CopyPost copy_post_of(const Item& item);

/// Where an item stands among its near copies.
struct CopyPlace {
    CopyRole role = CopyRole::none;
    bool press = false;         ///< articles and videos have clusters of their own: who carries the same agency report
    std::uint64_t cluster = 0;  ///< the same for all its members, and for as long as one is remembered; 0: none
    std::uint64_t first = 0;    ///< the id of the member that was placed first, of those still remembered
    std::uint64_t nearest = 0;  ///< the id that it was most like when it was placed; 0: it founded the cluster
    double similarity = 0;      ///< how like, copy_threshold..1; 0 if it founded the cluster
    std::uint32_t authors = 0;  ///< distinct authors of the cluster now, without those who shared a headline
    Time first_published;       ///< of `first`
    friend bool operator==(const CopyPlace&, const CopyPlace&) = default;
};

/// One cluster, as largest() tells it.
struct CopyCluster {
    std::uint64_t cluster = 0;
    std::uint64_t first = 0;
    std::uint32_t authors = 0;
    friend bool operator==(const CopyCluster&, const CopyCluster&) = default;
};

/// The near copies of one brand's mentions in a sliding window of event time. A text joins the cluster of the earlier text that it is most
/// like, if it is also like the one that founded the cluster; clusters never merge, so no chain of small changes joins what has nothing in
/// common. Deterministic for the same calls; items may come in any order of event time. Memory: some 550 bytes a post of new words, 130 a
/// post of words that are known, for at most `capacity` posts; time for one post is bounded whatever is in the window.
class CopyIndex {
public:
    struct Options {
        std::size_t capacity = 50'000;               ///< posts; when they are more, those of the oldest bucket go. 1..2^30
        Duration bucket = std::chrono::minutes(10);  ///< posts are dropped by whole buckets of event time. > 0
        std::uint64_t salt =
            0;  ///< decides where things lie, never an answer: a random one keeps strangers from choosing texts that collide
    };

    explicit CopyIndex(Options options);
    CopyIndex() : CopyIndex(Options{}) {}
    CopyIndex(CopyIndex&&) noexcept;
    CopyIndex& operator=(CopyIndex&&) noexcept;
    ~CopyIndex();

    /// Places an item. An id that is there already changes nothing and gets its place as it is now. Reposts are told so and are not placed.
    CopyPlace place(const CopySketch& sketch, const CopyPost& post);
    /// The place of an item that is there; role none if it isn't.
    CopyPlace find(std::uint64_t id) const;
    bool contains(std::uint64_t id) const noexcept;
    /// Forgets an item: true if it was there. A headline that it brought stays known until its time is over.
    bool forget(std::uint64_t id);
    /// Drops the buckets that ended at or before the time, and takes none older in from then on.
    void drop_before(Time time);

    /// Authors of the cluster (of posts, not of the press) that has most of them. Constant time.
    std::uint32_t most_authors() const noexcept;
    /// The clusters of posts with most authors, at most `count`, largest first, counting what was published after `since`; without those
    /// of one author. Linear in what is remembered.
    std::vector<CopyCluster> largest(std::size_t count, Time since = Time::min()) const;

    std::size_t size() const noexcept;    ///< posts that are remembered
    std::size_t memory() const noexcept;  ///< bytes that it holds
    std::size_t capacity() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::text
