// Patterns of brand names.
// Thread-safety: free functions.
#pragma once

#include <string_view>

namespace vigie::rules {

/// Whether the whole text matches: * stands for any run, ? for one byte. Time is at most the product of the lengths.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

}  // namespace vigie::rules
