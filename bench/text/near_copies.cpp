// Near copies: how many are found after k random edits among tens of thousands of other posts, what is joined that should not be, and how
// long one post takes. Beside SimHash (Charikar 2002; thresholds of Manku, Jain and Das Sarma 2007) over the same shingles.
#include "vigie/text/near_copies.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <random>
#include <unordered_map>

#include "text/section.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::bench {
namespace {

using text::CopyIndex;
using text::CopyPlace;
using text::CopyPost;
using text::CopyRole;

constexpr std::size_t sampled = 20'000;
constexpr std::size_t window = 50'000;
const Time begin = from_millis(1'772'000'000'000);

/// SemEval's files hold some commas and quotes as \\u escapes: the same post would stand there twice.
std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t escape = std::min(text.find("\\u", at), text.size());
        out.append(text, at, escape - at);
        at = escape;
        if (at >= text.size()) break;
        const auto code = static_cast<unsigned>(std::strtoul(text.substr(at + 2, 4).c_str(), nullptr, 16));
        if (code >= 0x20 && code < 0x80)
            out.push_back(static_cast<char>(code));
        else if (code >= 0x2010 && code < 0x2040)  // quotes, dashes, ellipses
            out.append({static_cast<char>(0xE2), static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))});
        at = std::min(at + 6, text.size());
    }
    return out;
}

/// All training posts in random order: English of several years, and de es fr it pt.
std::vector<std::string> read_background(const TextOptions& options) {
    std::vector<std::string> texts;
    const auto add = [&](const std::string& name) {
        for (Labelled& one : read_labelled(fmt::format("{}/sentiment/{}.tsv", options.corpora, name))) texts.push_back(unescaped(one.text));
    };
    add("semeval");
    for (const char* language : {"en", "fr", "de", "es", "it", "pt"}) add(fmt::format("xlmt_{}_train", language));
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    std::mt19937 random(1);
    std::shuffle(texts.begin(), texts.end(), random);
    return texts;
}

Item item_of(std::string text, std::size_t number) {
    Item item;
    item.id = "x/" + std::to_string(number);
    item.platform = "x";
    item.author.handle = Untrusted("@u" + std::to_string(number));
    item.published = begin + std::chrono::seconds(number);
    item.text = Untrusted(std::move(text));
    return item;
}

/// The words of a post, cut at blanks. Without the names (handles, links) that a sketch leaves out anyway, every edit changes what is
/// compared.
std::vector<std::string> words_of(const std::string& text, bool names) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        std::string word = text.substr(at, end - at);
        at = end + 1;
        const bool has_letter = std::any_of(word.begin(), word.end(), [](char c) { return (c & 0x80) != 0 || std::isalnum(c) != 0; });
        const bool is_name = word.find('@') != std::string::npos || word.find("http") != std::string::npos;
        if (has_letter && (names || !is_name)) words.push_back(std::move(word));
    }
    return words;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += word + " ";
    return text;
}

/// One random word replaced, taken out, or put in; new words are words of other posts.
class Editor {
public:
    explicit Editor(const std::vector<std::string>& texts) : random_(2) {
        for (std::size_t i = 0; i < texts.size(); i += 7)
            for (std::string& word : words_of(texts[i], false)) vocabulary_.push_back(std::move(word));
    }
    std::string edited(std::vector<std::string> words, int edits) {
        for (int k = 0; k < edits; ++k) {
            const auto at = static_cast<std::ptrdiff_t>(random_() % words.size());
            const std::string& word = vocabulary_[random_() % vocabulary_.size()];
            const auto what = random_() % 3;
            if (what == 0)
                words[static_cast<std::size_t>(at)] = word;
            else if (what == 1 && words.size() > 1)
                words.erase(words.begin() + at);
            else
                words.insert(words.begin() + at, word);
        }
        return joined(words);
    }
    std::mt19937& random() noexcept { return random_; }

private:
    std::mt19937 random_;
    std::vector<std::string> vocabulary_;
};

std::uint64_t simhash(const CopySketch& sketch) {
    std::array<int, 64> sums{};
    for (const std::uint32_t shingle : sketch.shingles) {
        std::uint64_t x = shingle * 0x9E3779B97F4A7C15U;
        x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93U;
        x ^= x >> 32;
        for (std::size_t bit = 0; bit < 64; ++bit) sums[bit] += (x >> bit & 1) != 0 ? 1 : -1;
    }
    std::uint64_t hash = 0;
    for (std::size_t bit = 0; bit < 64; ++bit) hash |= std::uint64_t{sums[bit] > 0} << bit;
    return hash;
}

struct Post {
    std::vector<std::string> words;  ///< without names
    std::vector<std::string> whole;  ///< with them
    CopySketch sketch;
};

/// The posts of at least six words that are no reposts, without handles and links, each with its sketch.
std::vector<Post> eligible(const std::vector<std::string>& texts) {
    std::vector<Post> posts;
    for (const std::string& text : texts) {
        Post post;
        post.words = words_of(text, false);
        post.whole = words_of(text, true);
        post.sketch = text::sketch_copy(item_of(joined(post.whole), 0));
        if (post.words.size() >= text::min_near_copy_words && !post.sketch.shingles.empty() && !post.sketch.repeats)
            posts.push_back(std::move(post));
    }
    return posts;
}

void recall(const std::vector<Post>& posts, Editor& editor, bool names) {
    CopyIndex::Options options;
    options.capacity = posts.size() + 1;
    CopyIndex index(options);
    std::vector<std::uint64_t> clusters;
    for (std::size_t i = 0; i < posts.size(); ++i) {
        CopyPost where = text::copy_post_of(item_of("", i));
        clusters.push_back(index.place(posts[i].sketch, where).cluster);
    }
    const std::string set = fmt::format("among {} posts, {}", posts.size(), names ? "any word" : "no names");
    constexpr std::array<int, 3> distances = {3, 8, 12};
    for (int edits = 1; edits <= 5; ++edits) {
        std::size_t found = 0, candidates = 0, short_now = 0;
        std::array<std::size_t, 3> simhash_found{};
        for (std::size_t n = 0; n < sampled; ++n) {
            const std::size_t i = editor.random()() % posts.size();
            const CopySketch sketch = text::sketch_copy(item_of(editor.edited(names ? posts[i].whole : posts[i].words, edits), 0));
            const CopyPost where = text::copy_post_of(item_of("", posts.size() + n));
            const CopyPlace place = index.place(sketch, where);
            found += place.cluster != 0 && place.cluster == clusters[i] ? 1U : 0U;
            index.forget(where.id);
            bool met = false;
            for (std::size_t band = 0; band < CopySketch::bands; ++band)
                met = met || (!sketch.shingles.empty() && sketch.keys[band] == posts[i].sketch.keys[band]);
            candidates += met ? 1U : 0U;
            short_now += sketch.shingles.empty() ? 1U : 0U;
            const int distance = std::popcount(simhash(sketch) ^ simhash(posts[i].sketch));
            for (std::size_t d = 0; d < distances.size(); ++d) simhash_found[d] += distance <= distances[d] ? 1U : 0U;
        }
        print_share(set, fmt::format("{} edits: in the cluster of the original", edits), found, sampled);
        print_share("", fmt::format("{} edits: too short for near copies now", edits), short_now, sampled);
        print_share("", fmt::format("{} edits: share a band", edits), candidates, sampled);
        for (std::size_t d = 0; d < distances.size(); ++d)
            print_share("", fmt::format("{} edits: SimHash within {} of 64", edits, distances[d]), simhash_found[d], sampled);
    }
}

/// What is joined among pairs of posts that nobody made copies of. VIGIE_SHOW=1 prints them, to be looked at.
void false_pairs(const std::vector<Post>& posts, std::mt19937& random) {
    constexpr std::size_t pairs = 8'000'000;
    std::vector<std::uint64_t> hashes;
    for (const Post& post : posts) hashes.push_back(simhash(post.sketch));
    std::size_t alike = 0, equal = 0;
    std::array<std::size_t, 3> simhash_alike{};
    for (std::size_t n = 0; n < pairs; ++n) {
        const std::size_t a = random() % posts.size(), b = random() % posts.size();
        if (a == b) continue;
        const int distance = std::popcount(hashes[a] ^ hashes[b]);
        simhash_alike[0] += distance <= 3 ? 1U : 0U;
        simhash_alike[1] += distance <= 8 ? 1U : 0U;
        simhash_alike[2] += distance <= 12 ? 1U : 0U;
        const double similarity = text::copy_similarity(posts[a].sketch, posts[b].sketch);
        if (similarity < text::copy_threshold) continue;
        (similarity == 1 ? equal : alike) += 1;
        if (std::getenv("VIGIE_SHOW") != nullptr)
            fmt::print("    pair {:.2f}\n      {}\n      {}\n", similarity, joined(posts[a].words), joined(posts[b].words));
    }
    fmt::print(
        "  of {} random pairs {} are equal, {} have a Jaccard similarity of at least {}; SimHash within 3, 8, 12 of 64: {}, {}, {}\n",
        pairs, equal, alike, text::copy_threshold, simhash_alike[0], simhash_alike[1], simhash_alike[2]);
}

/// The clusters that the posts themselves make, each post by another author. VIGIE_SHOW=1 prints them, to be looked at.
void own_clusters(const std::vector<std::string>& texts) {
    CopyIndex::Options options;
    options.capacity = texts.size();
    CopyIndex index(options);
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> members;
    std::size_t headlines = 0, repeats = 0, none = 0, joined_pairs = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const Item item = item_of(texts[i], i);
        const CopyPlace place = index.place(text::sketch_copy(item), text::copy_post_of(item));
        headlines += place.role == CopyRole::headline ? 1U : 0U;
        repeats += place.role == CopyRole::repeat ? 1U : 0U;
        none += place.role == CopyRole::none ? 1U : 0U;
        if (place.cluster != 0) joined_pairs += members[place.cluster].size();
        if (place.cluster != 0) members[place.cluster].push_back(i);
    }
    const std::vector<text::CopyCluster> pairs = index.largest(texts.size());
    const auto three = static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), [](const auto& c) { return c.authors >= 3; }));
    fmt::print(
        "  {} posts as they are: {} too short, {} reposts, {} marked as shares; {} clusters of 2 authors or more, {} of 3 or more; "
        "{} pairs joined of {:.2e}\n",
        texts.size(), none, repeats, headlines, pairs.size(), three, joined_pairs,
        static_cast<double>(texts.size()) * static_cast<double>(texts.size() - 1) / 2);
    if (std::getenv("VIGIE_SHOW") == nullptr) return;
    for (const text::CopyCluster& cluster : pairs) {
        fmt::print("    cluster of {}\n", cluster.authors);
        for (const std::size_t i : members[cluster.cluster]) fmt::print("      {}\n", texts[i]);
    }
}

/// Campaigns of people who each change a few words of one text: how many of them end in the largest cluster of their campaign.
void campaigns(const std::vector<Post>& posts, Editor& editor) {
    constexpr std::size_t count = 200, people = 50;
    for (const int edits : {0, 1, 2, 3}) {
        CopyIndex::Options options;
        options.capacity = posts.size() + count * people;
        CopyIndex index(options);
        for (std::size_t i = 0; i < posts.size(); ++i) index.place(posts[i].sketch, text::copy_post_of(item_of("", i)));
        std::size_t together = 0;
        for (std::size_t c = 0; c < count; ++c) {
            std::map<std::uint64_t, std::size_t> clusters;
            const Post& template_of = posts[(c * 997) % posts.size()];
            for (std::size_t p = 0; p < people; ++p) {
                const CopySketch sketch = text::sketch_copy(item_of(editor.edited(template_of.words, edits), 0));
                ++clusters[index.place(sketch, text::copy_post_of(item_of("", posts.size() + c * people + p))).cluster];
            }
            clusters.erase(0);
            std::size_t most = 0;
            for (const auto& [cluster, size] : clusters) most = std::max(most, size);
            together += most;
        }
        print_share(fmt::format("{} campaigns of {} people", count, people), fmt::format("{} edits each: in the largest cluster", edits),
                    together, count * people);
    }
}

void times(const std::vector<std::string>& texts, int rounds) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < texts.size(); ++i) items.push_back(item_of(texts[i], i));
    std::vector<CopySketch> sketches(items.size());
    print_time("posts", "sketch", microseconds(items.size(), rounds, [&](std::size_t i) { sketches[i] = text::sketch_copy(items[i]); }));
    // The window is full from the first round on: every post placed drops one.
    CopyIndex::Options options;
    options.capacity = window;
    CopyIndex index(options);
    std::size_t number = 0;
    const auto place = [&](std::size_t i) {
        CopyPost where;
        where.id = hash64(std::to_string(++number));
        where.author = where.id;
        where.published = begin + std::chrono::seconds(number);
        index.place(sketches[i], where);
    };
    for (std::size_t i = 0; i < items.size(); ++i) place(i);
    print_time("posts", fmt::format("place in a full window of {}", window), microseconds(items.size(), rounds, place));
    print_time("posts", "sketch and place", microseconds(items.size(), rounds, [&](std::size_t i) {
                   sketches[i] = text::sketch_copy(items[i]);
                   place(i);
               }));
    fmt::print("  {} bytes a post in the full window\n", index.memory() / std::max<std::size_t>(index.size(), 1));
    std::string one_word;
    while (one_word.size() < max_text_bytes) one_word += "no ";
    const Item hostile = item_of(one_word, 0);
    print_time("64 kB of one word", "sketch", microseconds(200, rounds, [&](std::size_t) { (void)text::sketch_copy(hostile); }));
}

}  // namespace

void bench_near_copies(const TextOptions& options) {
    const std::vector<std::string> texts = read_background(options);
    if (texts.empty()) return;
    const std::vector<Post> posts = eligible(texts);
    Editor editor(texts);
    recall(posts, editor, true);
    recall(posts, editor, false);
    campaigns(posts, editor);
    false_pairs(posts, editor.random());
    own_clusters(texts);
    times(texts, options.rounds);
}

}  // namespace vigie::bench
