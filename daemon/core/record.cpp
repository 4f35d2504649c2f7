#include "vigie/core/record.hpp"

#include <array>
#include <limits>

#include "vigie/core/brand.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/core/mention.hpp"

namespace vigie {
namespace {

constexpr std::array<std::string_view, 8> kind_names{"post", "repost", "reply", "quote", "article", "comment", "review", "video"};

}  // namespace

std::string_view to_string(Kind kind) noexcept {
    const auto index = static_cast<std::size_t>(kind);
    return index < kind_names.size() ? kind_names[index] : kind_names[0];
}

std::optional<Kind> parse_kind(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kind_names.size(); ++i) {
        if (kind_names[i] == text) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

std::int64_t Engagement::total() const noexcept {
    std::int64_t sum = 0;
    for (const auto& part : {likes, reposts, replies, shares}) {
        const std::int64_t value = part.value_or(0);
        if (value <= 0) continue;
        if (sum > std::numeric_limits<std::int64_t>::max() - value) return std::numeric_limits<std::int64_t>::max();
        sum += value;
    }
    return sum;
}

std::string account_key(std::string_view platform, std::string_view handle) {
    if (!handle.empty() && handle.front() == '@') handle.remove_prefix(1);
    if (handle.empty()) return {};
    std::string key;
    key.reserve(platform.size() + 1 + handle.size());
    key.append(platform).append(1, '/').append(handle);
    for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return key;
}

std::string_view to_string(SentimentLabel label) noexcept {
    switch (label) {
        case SentimentLabel::negative:
            return "negative";
        case SentimentLabel::neutral:
            return "neutral";
        case SentimentLabel::positive:
            return "positive";
    }
    return "neutral";
}

std::uint64_t brand_key(const std::string& name) noexcept {
    return hash64(name);
}

}  // namespace vigie
