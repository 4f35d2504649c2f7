// The text of an expression and its tree, before names and types are looked up.
// Thread-safety: values and free functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/time.hpp"
#include "vigie/detect/selector.hpp"

namespace vigie::rules {

enum class Op : std::uint8_t {
    number,
    percent,
    duration,
    name,
    selector,
    call,
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

/// How an operator is written ("+", "and").
std::string_view to_string(Op op) noexcept;
bool is_comparison(Op op) noexcept;

/// metric{label op "value", ...}[window] offset d, as written: the metric's name is not looked up yet.
struct SelectorText {
    std::string metric;
    std::vector<detect::LabelMatcher> matchers;  ///< in the order of the text
    Duration window{0};
    std::optional<Duration> offset;
    friend bool operator==(const SelectorText&, const SelectorText&) = default;
};

/// A node: what it is, where its text stands (bytes [begin, end) of the expression), and its parts.
struct Syntax {
    Op op = Op::number;
    std::size_t begin = 0, end = 0;
    std::string text;   ///< of a literal: as written; of a name or call: the name
    double number = 0;  ///< of a literal: durations in seconds, percentages as fractions
    SelectorText selector;
    std::vector<std::size_t> places;  ///< of a selector: where each matcher stands, the window, and the offset if there is one
    std::vector<Syntax> parts;
    int depth = 1;
};

/// Whether two trees mean the same; places do not count.
bool same_syntax(const Syntax& a, const Syntax& b);

/// What is wrong with an expression, and at which byte of it.
struct SyntaxError {
    std::size_t at = 0;
    std::string message;
    friend bool operator==(const SyntaxError&, const SyntaxError&) = default;
};

/// The tree of a text, or the first error in it. Never throws; bounded in length (max_expression_bytes) and depth (max_expression_depth).
struct Parsed {
    std::optional<Syntax> tree;
    SyntaxError error;  ///< where there is no tree
};
Parsed parse_expression(std::string_view text);

/// The canonical text: one space around operators, parentheses only where needed. parse(format(t)) is the same tree as t.
std::string format_expression(const Syntax& tree);

}  // namespace vigie::rules
