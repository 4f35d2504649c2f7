// Label sets: what identifies an alert or narrows a series.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace vigie {

/// Sorted by name, so that equal sets print and hash alike.
using Labels = std::map<std::string, std::string>;

/// XXH3-64 over the sorted pairs, each name and value ended by 0xFF: the identity of an alert on disk and on the wire.
std::uint64_t fingerprint(const Labels& labels);
/// {a="x", b="y"} with quotes and backslashes escaped.
std::string format_labels(const Labels& labels);

}  // namespace vigie
