// A query in words: what it asks for, and how it went with one item.
// Thread-safety: free functions.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "vigie/core/record.hpp"
#include "vigie/text/explain.hpp"

namespace vigie::cli {

enum class Outline {
    meaning,  ///< what each part asks for
    outcome,  ///< and whether it holds, with what was found
};

/// One line a part, indented by two blanks a level; strangers' words escaped.
std::string outline(const text::ExplainedPart& part, Outline how, int level);
/// The same as JSON: `{"part","kind","holds","found":[{"in","begin","end","from","to","text"}],"count","actual","words_between","parts"}`;
/// begin and end are bytes, from and to characters counted from 1.
boost::json::object outline_json(const text::ExplainedPart& part);
/// The beginning of its title or its text, on one line.
std::string headline(const Item& item);

}  // namespace vigie::cli
