// The `sources:` section of vigie.yaml.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vigie/core/secret.hpp"
#include "vigie/core/time.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::sources {

enum class SourceKind : std::uint8_t { feed, push, file };

struct SourceSettings {
    std::string name;  ///< [a-z0-9][a-z0-9-]*, unique
    SourceKind kind = SourceKind::feed;
    // feed
    Secret url;                               ///< may hold a token, so it is never printed whole. `{query}` stands for a brand's names
    Duration every{std::chrono::minutes{5}};  ///< 10 s or more
    Duration timeout{std::chrono::seconds{30}};
    std::string platform = "news";    ///< of the items it yields
    std::string language;             ///< assumed where the feed says none
    std::vector<std::string> brands;  ///< for `{query}`: one poll for each; empty: all
    bool allow_private = false;
    // push
    std::optional<Secret> token;  ///< none: accepted from a loopback peer on a loopback listener only
    // file
    std::string path;
    bool follow = false;  ///< go on reading what is appended, through rotation
};

/// Reads a secret: a map {file:}, {credential:} or {env:}, or a plain URL.
using SecretReader = std::function<std::optional<Secret>(const doc::Node&, doc::Diagnostics&)>;

/// One element of `sources:`. Errors go to `diagnostics`, and nothing is returned then. What needs the rest of the file (unique names,
/// known brands, a token unless the listener is loopback, where a relative path starts) is the caller's to check.
std::optional<SourceSettings> decode_source(const doc::Node& node, const SecretReader& secret, doc::Diagnostics& diagnostics);
/// "feed", "push", "file".
std::string_view to_string(SourceKind kind) noexcept;

}  // namespace vigie::sources
