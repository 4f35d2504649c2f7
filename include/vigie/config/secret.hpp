// Secrets as the configuration names them: {file: path}, {credential: name} of systemd, or {env: NAME}.
// Thread-safety: free functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "vigie/config/environment.hpp"
#include "vigie/core/secret.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/doc/node.hpp"

namespace vigie::config {

inline constexpr std::size_t max_secret_bytes = 64 * 1024;

/// Whether a plain string may stand in place of the map: never, only a URL (which need not hold a secret), or any.
enum class Literal : std::uint8_t { refused, url, any };

/// Reads the secret that `node` names. One newline at its end is dropped. Errors: no such thing, empty, over 64 kB, NUL in it. A file that
/// its group or others may read is a warning. Relative paths start at the folder of diagnostics.file(). No message holds a secret.
/// A credential NAME is $CREDENTIALS_DIRECTORY/NAME, or else vigie_NAME there, as systemd names the files of a folder that it loads.
std::optional<Secret> read_secret(const doc::Node& node, Literal literal, const Environment& environment, doc::Diagnostics& diagnostics);

}  // namespace vigie::config
