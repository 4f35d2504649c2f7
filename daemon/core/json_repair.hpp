// Makes a line fit for a strict JSON parser where its strings are damaged, and nothing else.
// Thread-safety: free functions.
#pragma once

#include <string>
#include <string_view>

namespace vigie {

/// Appends `json` to `out` with ill-formed UTF-8 replaced by U+FFFD, raw NUL removed, and escaped surrogates that lack their other half
/// ("\ud800") written as "\ufffd". Linear.
void append_repaired(std::string& out, std::string_view json);

}  // namespace vigie
