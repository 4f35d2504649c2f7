#include <fmt/format.h>

#include "rules/syntax.hpp"

namespace vigie::rules {
namespace {

int precedence(Op op) noexcept {
    switch (op) {
        case Op::or_:
        case Op::and_:
            return 1;
        case Op::not_:
            return 2;
        case Op::greater:
        case Op::greater_equal:
        case Op::less:
        case Op::less_equal:
        case Op::equal:
        case Op::not_equal:
            return 3;
        case Op::add:
        case Op::subtract:
            return 4;
        case Op::multiply:
        case Op::divide:
            return 5;
        case Op::negate:
            return 6;
        case Op::number:
        case Op::percent:
        case Op::duration:
        case Op::name:
        case Op::selector:
        case Op::call:
            break;
    }
    return 7;
}

std::string quote(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string_view to_string(detect::MatchOp op) noexcept {
    switch (op) {
        case detect::MatchOp::equal:
            return "=";
        case detect::MatchOp::not_equal:
            return "!=";
        case detect::MatchOp::regex:
            return "=~";
        case detect::MatchOp::not_regex:
            return "!~";
    }
    return "=";
}

std::string format_selector_text(const SelectorText& selector) {
    std::string out = selector.metric;
    if (!selector.matchers.empty()) {
        out += '{';
        for (const auto& m : selector.matchers)
            out += fmt::format("{}{}{}{}", out.back() == '{' ? "" : ", ", m.label, to_string(m.op), quote(m.value));
        out += '}';
    }
    out += fmt::format("[{}]", format_duration(selector.window));
    if (selector.offset) out += fmt::format(" offset {}", format_duration(*selector.offset));
    return out;
}

/// `least` is the weakest binding that needs no parentheses here.
void write(const Syntax& tree, int least, std::string& out);

void write_joined(const Syntax& tree, std::string_view between, int least_first, int least_next, std::string& out) {
    for (std::size_t i = 0; i < tree.parts.size(); ++i) {
        if (i > 0) out += between;
        write(tree.parts[i], i == 0 ? least_first : least_next, out);
    }
}

void write_bare(const Syntax& tree, std::string& out) {
    const int own = precedence(tree.op);
    switch (tree.op) {
        case Op::number:
        case Op::percent:
        case Op::duration:
        case Op::name:
            out += tree.text;
            return;
        case Op::selector:
            out += format_selector_text(tree.selector);
            return;
        case Op::call:
            out += tree.text;
            out += '(';
            write_joined(tree, ", ", 0, 0, out);
            out += ')';
            return;
        case Op::negate:
            out += '-';
            write(tree.parts[0], own, out);
            return;
        case Op::not_:
            out += "not ";
            write(tree.parts[0], own, out);
            return;
        case Op::add:
        case Op::subtract:
        case Op::multiply:
        case Op::divide:
            write_joined(tree, fmt::format(" {} ", to_string(tree.op)), own, own + 1, out);
            return;
        default:
            write_joined(tree, fmt::format(" {} ", to_string(tree.op)), own + 1, own + 1, out);
            return;
    }
}

void write(const Syntax& tree, int least, std::string& out) {
    const bool wrap = precedence(tree.op) < least;
    if (wrap) out += '(';
    write_bare(tree, out);
    if (wrap) out += ')';
}

}  // namespace

std::string_view to_string(Op op) noexcept {
    switch (op) {
        case Op::add:
            return "+";
        case Op::subtract:
        case Op::negate:
            return "-";
        case Op::multiply:
            return "*";
        case Op::divide:
            return "/";
        case Op::greater:
            return ">";
        case Op::greater_equal:
            return ">=";
        case Op::less:
            return "<";
        case Op::less_equal:
            return "<=";
        case Op::equal:
            return "==";
        case Op::not_equal:
            return "!=";
        case Op::not_:
            return "not";
        case Op::and_:
            return "and";
        case Op::or_:
            return "or";
        case Op::number:
        case Op::percent:
        case Op::duration:
        case Op::name:
        case Op::selector:
        case Op::call:
            break;
    }
    return "";
}

bool is_comparison(Op op) noexcept {
    return precedence(op) == 3;
}

bool same_syntax(const Syntax& a, const Syntax& b) {
    if (a.op != b.op || a.text != b.text || a.number != b.number || a.selector != b.selector || a.parts.size() != b.parts.size())
        return false;
    for (std::size_t i = 0; i < a.parts.size(); ++i)
        if (!same_syntax(a.parts[i], b.parts[i])) return false;
    return true;
}

std::string format_expression(const Syntax& tree) {
    std::string out;
    write(tree, 0, out);
    return out;
}

}  // namespace vigie::rules
