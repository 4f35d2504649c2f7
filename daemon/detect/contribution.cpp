#include "vigie/detect/contribution.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "detect/counters.hpp"
#include "detect/wrap.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::detect {
namespace {

std::int64_t engagement_of(const Engagement& engagement) {
    return std::clamp<std::int64_t>(engagement.total(), 0, max_engagement);
}

std::uint64_t author_of(const Item& item) {
    const std::string key = account_key(item.platform, item.author.handle.bytes());
    if (key.empty()) return 0;
    // 0 means "no author" everywhere, so the one account that hashes to it shares the next number.
    return std::max<std::uint64_t>(hash64(key), 1);
}

void rate(Counters& sums, double rating) {
    if (!std::isfinite(rating)) return;
    const double stars = std::clamp(rating, 0.0, 5.0);
    sums.ratings = 1;
    sums.rating_sum = std::llround(stars * 100);
    sums.low_ratings = stars <= 2.0 ? 1 : 0;
}

std::optional<std::int64_t> larger(const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b) {
    if (!a) return b;
    if (!b) return a;
    return std::max(*a, *b);
}

}  // namespace

CellKey cell_key_of(const AnalysedItem& item, const BrandMatch& match, const std::vector<std::string>& function_names) {
    CellKey key;
    key.platform = item.item.platform;
    key.language = item.language;
    key.source = item.item.source;
    key.kind = item.item.kind;
    const std::size_t known = std::min<std::size_t>(function_names.size(), 64);
    for (std::size_t i = 0; i < known; ++i) {
        if ((match.functions >> i & 1) != 0) key.functions.push_back(function_names[i]);
    }
    std::sort(key.functions.begin(), key.functions.end());
    return key;
}

Contribution contribution_of(const AnalysedItem& item, const BrandMatch& match, const std::vector<std::string>& function_names,
                             bool new_author, std::int64_t weight) {
    Contribution made;
    made.key = cell_key_of(item, match, function_names);
    made.author = author_of(item.item);
    Counters& sums = made.sums;
    sums.mentions = 1;
    sums.negative = item.sentiment.label == SentimentLabel::negative ? 1 : 0;
    sums.neutral = item.sentiment.label == SentimentLabel::neutral ? 1 : 0;
    sums.positive = item.sentiment.label == SentimentLabel::positive ? 1 : 0;
    const double polarity = item.sentiment.polarity();
    sums.polarity = std::isfinite(polarity) ? std::llround(std::clamp(polarity, -1.0, 1.0) * 10000) : 0;
    sums.reach = std::clamp<std::int64_t>(item.item.author.followers.value_or(0), 0, max_followers);
    sums.max_reach = sums.reach;
    sums.engagement = engagement_of(item.item.engagement);
    sums.reposts = item.item.kind == Kind::repost || !item.item.repost_of.empty() ? 1 : 0;
    sums.new_authors = new_author && made.author != 0 ? 1 : 0;
    sums.weighted = std::clamp<std::int64_t>(weight, 0, max_weight);
    if (item.item.rating) rate(sums, *item.item.rating);
    return made;
}

bool is_press(Kind kind) noexcept {
    return kind == Kind::article || kind == Kind::video;
}

Contribution removal_of(const Contribution& contribution) {
    Contribution undo;
    undo.key = contribution.key;
    for (const auto field : counter_fields) {
        if (adds_up(field)) undo.sums.*field = wrap_sub(0, contribution.sums.*field);
    }
    return undo;
}

Engagement merged_engagement(const Engagement& stored, const Engagement& seen) {
    Engagement merged;
    for (const auto field : {&Engagement::likes, &Engagement::reposts, &Engagement::replies, &Engagement::shares, &Engagement::views}) {
        merged.*field = larger(stored.*field, seen.*field);
    }
    return merged;
}

Contribution engagement_correction(CellKey key, const Engagement& stored, const Engagement& seen) {
    Contribution correction;
    correction.key = std::move(key);
    correction.sums.engagement = std::max<std::int64_t>(engagement_of(merged_engagement(stored, seen)) - engagement_of(stored), 0);
    return correction;
}

}  // namespace vigie::detect
