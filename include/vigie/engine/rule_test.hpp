// Unit tests of rules, run on the whole engine at simulated time: what `vigie test` does.
// Thread-safety: free function.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vigie/doc/decode.hpp"

namespace vigie::engine {

struct RuleTestResult {
    std::string name;
    std::vector<std::string> differences;  ///< none: it passed
};

/// Reads a test file with the rule files that it names, and runs its tests. Errors in any of these files go into `diagnostics`, and nothing
/// is returned; a test that fails is a result.
std::optional<std::vector<RuleTestResult>> run_rule_tests(const std::string& path, std::vector<doc::Diagnostic>& diagnostics);

}  // namespace vigie::engine
