#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "text/near_copies_sketch.hpp"
#include "text/near_copies_words.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/text/near_copies.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t hashes = 2 * CopySketch::bands;
constexpr std::size_t min_distinct_shingles = 8;  // fewer, and the text repeats itself so much that sharing half of it says nothing
constexpr std::size_t min_cut_words = 5;
constexpr std::size_t max_headline_words = 40;

std::uint64_t mix(std::uint64_t x) noexcept {  // the finaliser of SplitMix64 (Steele, Lea and Flood 2014)
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

std::uint64_t chain(std::uint64_t before, std::uint64_t word) noexcept {
    const std::uint64_t hash = mix(before * 0x9E3779B97F4A7C15U + word);
    return hash == 0 ? 1 : hash;
}

// Hashes of different meaning must not meet: of a text that is cut, of a site.
std::uint64_t salted(std::uint64_t hash, std::uint64_t salt) noexcept {
    return chain(salt, hash);
}
constexpr std::uint64_t cut_salt = 0xC07;
constexpr std::uint64_t site_salt = 0x517E;

std::uint64_t hash_of(const std::vector<CopyWord>& words, std::size_t count) noexcept {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < count; ++i) hash = chain(hash, words[i].hash);
    return hash;
}

// Words, a character of a script without blanks being half a one, in halves. Hashtags are no words: many who say different things share
// one.
std::size_t half_words(const std::vector<CopyWord>& words) noexcept {
    std::size_t halves = 0;
    for (const CopyWord& word : words) halves += word.tag ? 0U : word.ideograph ? 1U : 2U;
    return halves;
}

std::vector<std::uint32_t> shingles_of(const std::vector<CopyWord>& words) {
    std::vector<std::uint32_t> shingles;
    shingles.reserve(2 * words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        shingles.push_back(static_cast<std::uint32_t>(mix(words[i].hash)));
        if (i > 0) shingles.push_back(static_cast<std::uint32_t>(mix(words[i - 1].hash * 0x9E3779B97F4A7C15U + words[i].hash)));
    }
    std::sort(shingles.begin(), shingles.end());
    shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
    return shingles;
}

std::array<std::uint32_t, CopySketch::bands> band_keys(const std::vector<std::uint32_t>& shingles) noexcept {
    static const std::array<std::uint32_t, hashes> seeds = [] {
        std::array<std::uint32_t, hashes> made{};
        for (std::size_t i = 0; i < hashes; ++i) made[i] = static_cast<std::uint32_t>(mix(i + 1));
        return made;
    }();
    std::array<std::uint32_t, hashes> least{};
    least.fill(std::numeric_limits<std::uint32_t>::max());
    for (const std::uint32_t shingle : shingles) {
        for (std::size_t i = 0; i < hashes; ++i) {
            std::uint32_t h = (shingle ^ seeds[i]) * 0x9E3779B1U;
            h = (h ^ (h >> 15)) * 0x85EBCA77U;
            least[i] = std::min(least[i], h);
        }
    }
    std::array<std::uint32_t, CopySketch::bands> keys{};
    for (std::size_t band = 0; band < keys.size(); ++band) {
        const std::uint64_t both = (std::uint64_t{least[2 * band]} << 32) | least[2 * band + 1];
        keys[band] = static_cast<std::uint32_t>(mix(both + band));
    }
    return keys;
}

// What readers share an article as: its title, the title without the paper's name, and any beginning of it before an ellipsis; and the
// names that the paper may put behind it.
std::vector<std::uint64_t> headlines_of(const Item& item) {
    std::vector<std::uint64_t> out;
    const CopyForm form = read_headline(item.title.empty() ? item.text.bytes() : item.title.bytes());
    if (form.words.size() > max_headline_words) return out;  // a text without a title
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < form.words.size(); ++i) {
        hash = chain(hash, form.words[i].hash);
        if (i + 1 >= min_cut_words) out.push_back(salted(hash, cut_salt));
        if (i + 1 == form.stem || i + 1 == form.words.size()) out.push_back(hash);
    }
    if (form.stem > 0) out.push_back(salted(form.site, site_salt));
    if (const std::uint64_t site = site_of_url(item.url.bytes()); site != 0) out.push_back(salted(site, site_salt));
    return out;
}

}  // namespace

CopySketch sketch_copy(const Item& item) {
    CopySketch sketch;
    const CopyForm form = read_copy_form(item);
    sketch.press = item.kind == Kind::article || item.kind == Kind::video;
    sketch.repeats = form.repeats;
    sketch.share_mark = form.share_mark;
    sketch.own_site = form.own_site;
    if (sketch.press) sketch.headlines = headlines_of(item);
    const std::size_t halves = half_words(form.words);
    if (halves < 2 * min_copy_words) return sketch;
    sketch.words = hash_of(form.words, form.words.size());
    if (form.stem > 0) {
        sketch.stem = hash_of(form.words, form.stem);
        sketch.site = salted(form.site, site_salt);
    }
    if (form.whole >= min_cut_words) sketch.cut = salted(hash_of(form.words, form.whole), cut_salt);
    if (halves < 2 * min_near_copy_words) return sketch;
    std::vector<std::uint32_t> shingles = shingles_of(form.words);
    if (shingles.size() < min_distinct_shingles) return sketch;
    sketch.keys = band_keys(shingles);
    sketch.cut_short = shingles.size() > CopySketch::max_shingles;
    if (sketch.cut_short) shingles.resize(CopySketch::max_shingles);
    shingles.shrink_to_fit();
    sketch.shingles = std::move(shingles);
    return sketch;
}

double copy_similarity(const CopySketch& a, const CopySketch& b) noexcept {
    if (a.words != 0 && a.words == b.words) return 1;
    return shingle_similarity(a.shingles, a.cut_short, b.shingles, b.cut_short);
}

double shingle_similarity(std::span<const std::uint32_t> a, bool a_cut, std::span<const std::uint32_t> b, bool b_cut) noexcept {
    if (a.empty() || b.empty()) return 0;
    // Of a set that was cut everything up to its greatest member is known: only that far can the two be compared.
    std::uint32_t limit = std::numeric_limits<std::uint32_t>::max();
    if (a_cut) limit = std::min(limit, a.back());
    if (b_cut) limit = std::min(limit, b.back());
    std::size_t i = 0, j = 0, common = 0, all = 0;
    while (i < a.size() && j < b.size() && std::min(a[i], b[j]) <= limit) {
        ++all;
        common += a[i] == b[j] ? 1U : 0U;
        const bool step_a = a[i] <= b[j];
        const bool step_b = b[j] <= a[i];
        i += step_a ? 1U : 0U;
        j += step_b ? 1U : 0U;
    }
    const auto rest = [limit](std::span<const std::uint32_t> set, std::size_t at) {
        return static_cast<std::size_t>(std::upper_bound(set.begin() + static_cast<std::ptrdiff_t>(at), set.end(), limit) - set.begin()) -
               std::min(at, set.size());
    };
    all += (i < a.size() && a[i] <= limit ? rest(a, i) : 0) + (j < b.size() && b[j] <= limit ? rest(b, j) : 0);
    return all == 0 ? 0 : static_cast<double>(common) / static_cast<double>(all);
}

CopyPost copy_post_of(const Item& item) {
    CopyPost post;
    post.id = hash64(item.id);
    const std::string account = account_key(item.platform, item.author.handle.bytes());
    post.author = account.empty() ? 0 : hash64(account);
    post.published = item.published;
    post.repost = item.kind == Kind::repost || !item.repost_of.empty();
    return post;
}

}  // namespace vigie::text
