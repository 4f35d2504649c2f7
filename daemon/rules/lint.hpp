// What is legal in a rule but most likely not meant.
// Thread-safety: free functions.
#pragma once

#include "rules/program.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/rules/rule.hpp"

namespace vigie::rules {

/// Adds warnings at the rule's place.
void lint_rule(const Rule& rule, doc::Diagnostics& diagnostics);

}  // namespace vigie::rules
