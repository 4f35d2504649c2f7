// YAML as configuration and rule files use it: maps, lists and scalars, each with its place. A strict subset: no anchors, aliases, tags,
// merge keys, duplicate keys, or second document. No type of the YAML library shows. Thread-safety: free functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/config/environment.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/doc/node.hpp"

namespace vigie::config {

inline constexpr std::size_t max_yaml_bytes = 4 << 20;  ///< ten thousand brands with their aliases fit
inline constexpr std::size_t max_yaml_depth = 20;

/// Parses `text`. Every mistake goes to `diagnostics` with its line and column (in characters, from 1); parsing goes on after those that
/// leave the structure clear (a duplicate key, an anchor, a tag), so a tree may come with errors: diagnostics.ok() decides. Nothing is
/// returned where the structure is lost. An empty document is a null node.
std::optional<doc::Node> read_yaml(std::string_view text, doc::Diagnostics& diagnostics);

/// The same for a file. One that cannot be read is one diagnostic without a place.
std::optional<doc::Node> read_yaml_file(const std::string& path, const Environment& environment, doc::Diagnostics& diagnostics);

}  // namespace vigie::config
