// Small readers that the decoders of rule files and of rule tests share.
// Thread-safety: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vigie/doc/decode.hpp"
#include "vigie/doc/node.hpp"

namespace vigie::rules {

/// The scalars of a list (a lone scalar counts as one); what is none is reported with `what` as expected.
std::vector<const doc::Node*> scalar_list(const doc::Node* node, std::string_view what, doc::Diagnostics& diagnostics);
/// The entries of a map whose values are scalars; others are reported. Absent is empty.
std::vector<std::pair<const doc::Node*, const doc::Node*>> scalar_map(const doc::Node* node, std::string_view what,
                                                                      doc::Diagnostics& diagnostics);
/// " (did you mean `x`?)", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace vigie::rules
