// The fields of the query language: their names, their values, and what people write instead.
// Thread-safety: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

/// The field that a word such as "lang:fr" begins with.
std::optional<Field::Name> field_of(std::string_view word) noexcept;
/// The name with its colon.
std::string_view name_of(Field::Name name) noexcept;

/// What to write instead of a word that looks like a field but is none of this language: one of another program's, or a misspelt one.
/// Nothing where it may well be a word.
std::optional<std::string> advice_on_field(std::string_view word);

/// The value in its plainest spelling. Errors: parse, without a place.
Result<std::string> field_value(Field::Name name, std::string_view written);

}  // namespace vigie::text
