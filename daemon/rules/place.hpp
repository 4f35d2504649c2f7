// Where a byte of a scalar stands in its file.
// Thread-safety: free functions.
#pragma once

#include <cstddef>

#include "vigie/doc/node.hpp"

namespace vigie::rules {

/// The line and column of byte `at` of a scalar's text. Exact for plain scalars on one line and for quoted ones whose quotes and escapes
/// can be told; for block scalars the line, with column 0.
doc::Mark place_in(const doc::Node& scalar, std::size_t at);

}  // namespace vigie::rules
