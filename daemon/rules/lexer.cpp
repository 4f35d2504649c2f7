#include "rules/lexer.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "vigie/core/time.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/rules/rule.hpp"

namespace vigie::rules {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr double largest_number = 1e15;

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    Tokens run() {
        while (out_.ok) {
            while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
            if (at_ == text_.size()) break;
            next();
        }
        out_.tokens.push_back({TokenKind::end, text_.size(), text_.size(), "", 0});
        return std::move(out_);
    }

private:
    void fail(std::size_t at, std::string message) {
        out_.ok = false;
        out_.error = {at, std::move(message)};
    }

    void push(TokenKind kind, std::size_t begin, std::string text, double number = 0) {
        out_.tokens.push_back({kind, begin, at_, std::move(text), number});
    }

    void next() {
        const char c = text_[at_];
        if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
        if (is_letter(c)) return word();
        if (c == '"' || c == '\'') return quoted();
        symbol();
    }

    void word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
        push(TokenKind::word, begin, std::string(text_.substr(begin, at_ - begin)));
    }

    /// A number, and what is stuck to it: `k`, `M`, `%`, or the units of a duration.
    void number() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
        const std::string_view digits = text_.substr(begin, at_ - begin);
        double value = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
        if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
            return fail(begin, fmt::format("found `{}`, expected a number such as 3, 1.5, 10k or 2M", digits.substr(0, 40)));
        if (at_ < text_.size() && text_[at_] == '%') {
            ++at_;
            return finish_number(TokenKind::percent, begin, value / 100);
        }
        const std::size_t suffix_begin = at_;
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
        const std::string_view suffix = text_.substr(suffix_begin, at_ - suffix_begin);
        if (suffix.empty()) return finish_number(TokenKind::number, begin, value);
        if (suffix == "k") return finish_number(TokenKind::number, begin, value * 1e3);
        if (suffix == "M") return finish_number(TokenKind::number, begin, value * 1e6);
        const auto span = parse_duration(text_.substr(begin, at_ - begin));
        if (!span.ok())
            return fail(begin, fmt::format("found `{}`, expected a number (3, 1.5, 10k, 2M), a percentage (45%) or a duration "
                                           "(30s, 5m, 6h, 14d, 2w)",
                                           text_.substr(begin, std::min<std::size_t>(at_ - begin, 40))));
        finish_number(TokenKind::duration, begin, static_cast<double>(span->count()) / 1000);
    }

    void finish_number(TokenKind kind, std::size_t begin, double value) {
        if (!(value <= largest_number)) return fail(begin, "found a number over 10^15, expected a smaller one");
        push(kind, begin, std::string(text_.substr(begin, at_ - begin)), value);
    }

    /// A backslash before a backslash or a quote stands for that character; before anything else it stays, so that "\d" is a digit to RE2.
    void quoted() {
        const std::size_t begin = at_;
        const char quote = text_[at_++];
        std::string content;
        for (; at_ < text_.size(); ++at_) {
            char c = text_[at_];
            if (c == quote) {
                ++at_;
                return push(TokenKind::string, begin, std::move(content));
            }
            if (c == '\\' && at_ + 1 < text_.size()) {
                const char after = text_[at_ + 1];
                if (after == '\\' || after == '"' || after == '\'') {
                    c = after;
                    ++at_;
                }
            }
            content += c;
        }
        fail(begin, fmt::format("found text that does not end, expected a closing {}", quote));
    }

    void symbol() {
        static constexpr std::string_view two[] = {">=", "<=", "==", "!=", "=~", "!~"};
        static constexpr std::string_view one = "+-*/()<>{}[],=";
        const std::size_t begin = at_;
        for (const std::string_view s : two) {
            if (text_.substr(at_, 2) != s) continue;
            at_ += 2;
            return push(TokenKind::symbol, begin, std::string(s));
        }
        const char c = text_[at_];
        if (one.find(c) != std::string_view::npos) {
            ++at_;
            return push(TokenKind::symbol, begin, std::string(1, c));
        }
        if (c == '&' || c == '|' || c == '!') return fail(begin, fmt::format("found `{}`, expected the words `and`, `or` and `not`", c));
        if (c == '%') return fail(begin, "found `%` by itself, expected it right after a number, as in 45%");
        if (c > ' ' && c < 0x7f) return fail(begin, fmt::format("found `{}`, which no expression uses", c));
        fail(begin, "found a character that no expression uses");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Tokens out_;
};

}  // namespace

Tokens tokenize(std::string_view text) {
    if (text.size() > max_expression_bytes) {
        Tokens refused;
        refused.ok = false;
        refused.error = {0, fmt::format("found an expression of {} bytes, expected at most {}", text.size(), max_expression_bytes)};
        return refused;
    }
    return Lexer(text).run();
}

std::string describe(const Token& token) {
    if (token.kind == TokenKind::end) return "the end of the expression";
    if (token.kind == TokenKind::string) return fmt::format("the text \"{}\"", excerpt(token.text, 40));
    return fmt::format("`{}`", excerpt(token.text, 40));
}

}  // namespace vigie::rules
