// What a rule becomes once its names and types are known: trees that read selectors by number.
// Thread-safety: values that never change after reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/syntax.hpp"
#include "rules/template.hpp"
#include "vigie/detect/selector.hpp"
#include "vigie/doc/node.hpp"
#include "vigie/rules/rule.hpp"
#include "vigie/rules/sample.hpp"

namespace vigie::rules {

/// A percentage is a number that is shown as one.
enum class Type : std::uint8_t { number, percent, duration, truth };
std::string_view to_string(Type type) noexcept;
Unit unit_of(Type type) noexcept;

enum class Code : std::uint8_t {
    constant,
    threshold,  ///< index: position among the rule's thresholds
    value,      ///< index: position among the rule's named values
    selector,   ///< index: position among the rule's selectors
    share,      ///< first part: the selector as written; index: what it is divided by
    share_of,   ///< two parts, both selectors
    delta,      ///< first part: the selector as written; index: the same window earlier
    slope,      ///< first part: the selector as written; index and count: its equal parts, oldest first
    min,
    max,
    abs,
    hour,
    weekday,
    negate,
    add,
    subtract,
    multiply,
    divide,
    greater,
    greater_equal,
    less,
    less_equal,
    equal,
    not_equal,
    not_,
    and_,
    or_,
};

struct Expr {
    Code code = Code::constant;
    Type type = Type::number;
    std::uint32_t index = 0;
    std::uint32_t count = 0;
    double number = 0;      ///< of a constant; of a slope: the hours of one part
    bool per_hour = false;  ///< of a slope: parts are counts, to be made rates
    std::string text;       ///< as written
    std::vector<Expr> parts;
};

struct Value {
    std::string name;
    Expr expr;
};

struct Level {
    std::string severity;  ///< empty: the rule has `expr`
    Expr expr;
};

struct Program {
    std::vector<detect::Selector> selectors;
    std::vector<Value> values;
    std::vector<Level> levels;  ///< lowest first; one without severity for `expr`
    std::optional<Expr> clear;
    std::vector<std::pair<std::string, Template>> annotations;
    /// Label names that only a brand can give, with where an annotation uses them.
    std::vector<std::pair<std::string, doc::Mark>> brand_labels;
    std::string definition;  ///< canonical text of all that shapes the rule's behaviour
};

/// What the compilation of one rule knows and gathers.
struct Scope {
    const std::vector<Threshold>& thresholds;
    const std::vector<std::string>& by;
    Program& program;  ///< selectors are added; earlier values may be referred to
};

/// The typed tree of an expression, or the first error in it. `text` is what `tree` was parsed from.
struct Compiled {
    std::optional<Expr> expr;
    SyntaxError error;
};
Compiled compile_expression(const Syntax& tree, std::string_view text, Scope& scope);

}  // namespace vigie::rules
