// The `brands:` section.
// Thread-safety: free functions.
#pragma once

#include <vector>

#include "vigie/core/brand.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::engine {

/// Reads and checks all brands: syntax, unique names and keys, queries, functions, labels, time zones. A brand with an error is left out;
/// diagnostics tell.
std::vector<Brand> decode_brands(doc::Fields& root);

/// Whether the name is one of the IANA time zones that this machine knows.
bool is_timezone(const std::string& name);
/// "Europe/Paris": reports an unknown one.
std::string checked_timezone(doc::Fields& fields, std::string_view key, std::string otherwise);

}  // namespace vigie::engine
