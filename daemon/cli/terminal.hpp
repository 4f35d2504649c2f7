// What the command prints: stdout for what was asked for, stderr for the rest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"

namespace vigie::cli {

void print(std::string_view text);        ///< to stdout
void print_error(std::string_view text);  ///< "vigie: text" to stderr
int fail(const Error& error, int code);   ///< print_error, and the code

/// Columns aligned by what people see; strangers' words come escaped, on one line each. Columns that are all empty are left out.
std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
/// "3 min ago", "in 12 s", "-".
std::string relative(std::string_view rfc3339, std::string_view now);
std::string bytes_text(double bytes);

}  // namespace vigie::cli
