// The records that enter Vigie, one shape for every door: push, files, replay, sources.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie {

enum class Kind : std::uint8_t { post, repost, reply, quote, article, comment, review, video };
std::string_view to_string(Kind kind) noexcept;
std::optional<Kind> parse_kind(std::string_view text) noexcept;

struct Author {
    Untrusted handle;  ///< as the platform writes it; may be empty (news)
    Untrusted name;
    std::optional<std::int64_t> followers;  ///< >= 0
    std::optional<Time> created;
    std::optional<bool> verified;
    friend bool operator==(const Author&, const Author&) = default;
};

/// Counts as last seen; absent is unknown, not zero.
struct Engagement {
    std::optional<std::int64_t> likes, reposts, replies, shares, views;
    /// likes + reposts + replies + shares; views are not engagement. Saturates.
    std::int64_t total() const noexcept;
    friend bool operator==(const Engagement&, const Engagement&) = default;
};

struct Item {
    std::string id;        ///< unique over all platforms; at most 1 kB
    std::string platform;  ///< lower case, [a-z0-9._-], at most 64
    Kind kind = Kind::post;
    Untrusted url;
    Time published;                ///< event time
    std::optional<Time> observed;  ///< first seen; unset until Vigie sees it
    Untrusted title;
    Untrusted text;
    std::string language;  ///< as the source says, BCP 47; empty if it doesn't
    Author author;
    Engagement engagement;
    std::optional<double> rating;  ///< 0..5
    std::string parent;            ///< id of what it replies to
    std::string repost_of;         ///< id of what it repeats
    std::vector<Untrusted> links;
    std::string source;  ///< name of the source that yielded it
    friend bool operator==(const Item&, const Item&) = default;
};

struct Count {
    std::string series;
    std::string brand;
    Time start;
    Duration span{0};  ///< > 0; the count belongs to the window in which start + span falls
    double value = 0;  ///< finite
    std::string source;
    friend bool operator==(const Count&, const Count&) = default;
};

struct Takedown {
    std::string brand;
    Time at;
    std::string platform;
    Untrusted target;
    Untrusted url;
    std::string reason;
    std::string by;
    friend bool operator==(const Takedown&, const Takedown&) = default;
};

struct AccountSeen {
    std::string platform;
    Untrusted handle;
    Untrusted name;
    std::optional<std::int64_t> followers;
    std::optional<Time> created;
    std::optional<Time> observed;
    friend bool operator==(const AccountSeen&, const AccountSeen&) = default;
};

struct Delete {
    std::string id;
    Time at;
    friend bool operator==(const Delete&, const Delete&) = default;
};

using Record = std::variant<Item, Count, Takedown, AccountSeen, Delete>;

/// The key of an account: "platform/handle" with one leading '@' removed and ASCII letters lowered; empty if the handle is.
std::string account_key(std::string_view platform, std::string_view handle);

}  // namespace vigie
