#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "rules/lexer.hpp"
#include "rules/syntax.hpp"
#include "vigie/rules/rule.hpp"

namespace vigie::rules {
namespace {

std::optional<Op> comparison_of(const Token& token) noexcept {
    if (token.kind != TokenKind::symbol) return std::nullopt;
    if (token.text == ">") return Op::greater;
    if (token.text == ">=") return Op::greater_equal;
    if (token.text == "<") return Op::less;
    if (token.text == "<=") return Op::less_equal;
    if (token.text == "==") return Op::equal;
    if (token.text == "!=") return Op::not_equal;
    return std::nullopt;
}

bool is_keyword(std::string_view word) noexcept {
    return word == "and" || word == "or" || word == "not" || word == "offset";
}

/// Recursive descent. The first error is kept in error_; from then on every rule returns at once.
class Parser {
public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    Parsed run() {
        Syntax tree = disjunction();
        if (!failed_ && peek().kind != TokenKind::end) {
            if (comparison_of(peek()))
                fail(peek().begin, fmt::format("found a second comparison {}, expected `and` between two comparisons", describe(peek())));
            else
                fail(peek().begin, fmt::format("found {}, expected an operator or the end of the expression", describe(peek())));
        }
        if (failed_) return {std::nullopt, std::move(error_)};
        return {std::move(tree), {}};
    }

private:
    const Token& peek() const noexcept { return tokens_[at_]; }
    Token take() noexcept { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
    bool next_is(TokenKind kind, std::string_view text) const noexcept { return peek().kind == kind && peek().text == text; }
    bool next_is_symbol(std::string_view text) const noexcept { return next_is(TokenKind::symbol, text); }
    bool next_is_word(std::string_view text) const noexcept { return next_is(TokenKind::word, text); }

    Syntax fail(std::size_t at, std::string message) {
        if (!failed_) error_ = {at, std::move(message)};
        failed_ = true;
        return {};
    }

    bool expect(std::string_view symbol, std::string_view where) {
        if (next_is_symbol(symbol)) {
            take();
            return true;
        }
        fail(peek().begin, fmt::format("found {}, expected `{}` {}", describe(peek()), symbol, where));
        return false;
    }

    Syntax node(Op op, std::size_t begin, std::vector<Syntax> parts) {
        Syntax out;
        out.op = op;
        out.begin = begin;
        out.end = tokens_[at_ == 0 ? 0 : at_ - 1].end;
        for (const Syntax& part : parts) out.depth = std::max(out.depth, part.depth + 1);
        out.parts = std::move(parts);
        if (out.depth > max_expression_depth) return too_deep(begin);
        return out;
    }

    Syntax too_deep(std::size_t at) {
        return fail(at, fmt::format("found an expression nested deeper than {} levels, expected a simpler one", max_expression_depth));
    }

    Syntax disjunction() {
        const std::size_t begin = peek().begin;
        if (++nesting_ > max_expression_depth) return too_deep(begin);
        Syntax first = negation();
        if (!failed_ && (next_is_word("and") || next_is_word("or"))) first = chain(begin, std::move(first));
        --nesting_;
        return first;
    }

    Syntax chain(std::size_t begin, Syntax first) {
        const std::string word = peek().text;
        std::vector<Syntax> parts;
        parts.push_back(std::move(first));
        while (!failed_ && (next_is_word("and") || next_is_word("or"))) {
            if (peek().text != word)
                return fail(peek().begin, fmt::format("found `{}` after `{}`, expected parentheses that say which of them binds first",
                                                      peek().text, word));
            take();
            parts.push_back(negation());
        }
        if (failed_) return {};
        return node(word == "and" ? Op::and_ : Op::or_, begin, std::move(parts));
    }

    Syntax negation() {
        if (!next_is_word("not")) return comparison();
        const std::size_t begin = take().begin;
        if (++nesting_ > max_expression_depth) return too_deep(begin);
        std::vector<Syntax> parts;
        parts.push_back(negation());
        --nesting_;
        return failed_ ? Syntax{} : node(Op::not_, begin, std::move(parts));
    }

    Syntax comparison() {
        const std::size_t begin = peek().begin;
        Syntax left = sum();
        if (failed_) return left;
        const auto op = comparison_of(peek());
        if (!op) {
            if (next_is_symbol("=")) return fail(peek().begin, "found `=`, expected `==` to compare");
            return left;
        }
        take();
        std::vector<Syntax> parts;
        parts.push_back(std::move(left));
        parts.push_back(sum());
        return failed_ ? Syntax{} : node(*op, begin, std::move(parts));
    }

    Syntax sum() {
        const std::size_t begin = peek().begin;
        Syntax left = product();
        while (!failed_ && (next_is_symbol("+") || next_is_symbol("-"))) {
            const Op op = take().text == "+" ? Op::add : Op::subtract;
            left = binary(op, begin, std::move(left), product());
        }
        return left;
    }

    Syntax product() {
        const std::size_t begin = peek().begin;
        Syntax left = unary();
        while (!failed_ && (next_is_symbol("*") || next_is_symbol("/"))) {
            const Op op = take().text == "*" ? Op::multiply : Op::divide;
            left = binary(op, begin, std::move(left), unary());
        }
        return left;
    }

    Syntax binary(Op op, std::size_t begin, Syntax left, Syntax right) {
        if (failed_) return {};
        std::vector<Syntax> parts;
        parts.push_back(std::move(left));
        parts.push_back(std::move(right));
        return node(op, begin, std::move(parts));
    }

    Syntax unary() {
        if (!next_is_symbol("-")) return primary();
        const std::size_t begin = take().begin;
        if (++nesting_ > max_expression_depth) return too_deep(begin);
        std::vector<Syntax> parts;
        parts.push_back(unary());
        --nesting_;
        return failed_ ? Syntax{} : node(Op::negate, begin, std::move(parts));
    }

    Syntax primary() {
        const Token& token = peek();
        switch (token.kind) {
            case TokenKind::number:
                return literal(Op::number);
            case TokenKind::percent:
                return literal(Op::percent);
            case TokenKind::duration:
                return literal(Op::duration);
            case TokenKind::word:
                return named();
            case TokenKind::symbol:
                if (token.text == "(") return parenthesised();
                break;
            case TokenKind::string:
            case TokenKind::end:
                break;
        }
        return fail(token.begin,
                    fmt::format("found {}, expected a number, a name, a metric with its window, or a function", describe(token)));
    }

    Syntax literal(Op op) {
        const Token token = take();
        Syntax out = node(op, token.begin, {});
        out.text = token.text;
        out.number = token.number;
        return out;
    }

    Syntax parenthesised() {
        take();
        Syntax inner = disjunction();
        if (!failed_) expect(")", "to close the parenthesis");
        return inner;
    }

    Syntax named() {
        const Token word = take();
        if (is_keyword(word.text))
            return fail(word.begin,
                        fmt::format("found `{}`, expected a number, a name, a metric with its window, or a function", word.text));
        if (next_is_symbol("(")) return call(word);
        if (next_is_symbol("{") || next_is_symbol("[")) return selector(word);
        Syntax out = node(Op::name, word.begin, {});
        out.text = word.text;
        return out;
    }

    Syntax call(const Token& word) {
        take();
        std::vector<Syntax> parts;
        if (!next_is_symbol(")")) {
            do {
                if (!parts.empty()) take();
                parts.push_back(disjunction());
            } while (!failed_ && next_is_symbol(","));
        }
        if (!failed_) expect(")", "to end the arguments of " + word.text);
        if (failed_) return {};
        Syntax out = node(Op::call, word.begin, std::move(parts));
        out.text = word.text;
        return out;
    }

    Syntax selector(const Token& word) {
        SelectorText text;
        std::vector<std::size_t> places;
        text.metric = word.text;
        if (next_is_symbol("{")) matchers(text, places);
        if (failed_ || !expect("[", "and a window such as [1h] after the metric")) return {};
        places.push_back(peek().begin);
        text.window = span("a window such as 1h");
        if (failed_ || !expect("]", "to close the window")) return {};
        if (next_is_word("offset")) {
            take();
            places.push_back(peek().begin);
            text.offset = span("a duration such as 1d after `offset`");
        }
        if (failed_) return {};
        Syntax out = node(Op::selector, word.begin, {});
        out.text = word.text;
        out.selector = std::move(text);
        out.places = std::move(places);
        return out;
    }

    Duration span(std::string_view what) {
        if (peek().kind != TokenKind::duration) {
            fail(peek().begin, fmt::format("found {}, expected {}", describe(peek()), what));
            return {};
        }
        return Duration{static_cast<std::int64_t>(std::llround(take().number * 1000))};
    }

    void matchers(SelectorText& text, std::vector<std::size_t>& places) {
        take();
        while (!failed_ && !next_is_symbol("}")) {
            if (!text.matchers.empty() && !expect(",", "or `}` after a matcher")) return;
            places.push_back(peek().begin);
            matcher(text);
        }
        if (!failed_) take();
    }

    void matcher(SelectorText& text) {
        static constexpr std::size_t most_matchers = 16;
        if (text.matchers.size() == most_matchers) {
            fail(peek().begin, fmt::format("found more than {} matchers in one selector, expected fewer", most_matchers));
            return;
        }
        if (peek().kind != TokenKind::word) {
            fail(peek().begin, fmt::format("found {}, expected a label (platform, language, function, source, kind)", describe(peek())));
            return;
        }
        detect::LabelMatcher out;
        out.label = take().text;
        const Token op = take();
        if (op.kind == TokenKind::symbol && op.text == "=")
            out.op = detect::MatchOp::equal;
        else if (op.kind == TokenKind::symbol && op.text == "!=")
            out.op = detect::MatchOp::not_equal;
        else if (op.kind == TokenKind::symbol && op.text == "=~")
            out.op = detect::MatchOp::regex;
        else if (op.kind == TokenKind::symbol && op.text == "!~")
            out.op = detect::MatchOp::not_regex;
        else {
            fail(op.begin, fmt::format("found {}, expected =, !=, =~ or !~ after the label", describe(op)));
            return;
        }
        if (peek().kind != TokenKind::string) {
            fail(peek().begin, fmt::format("found {}, expected the value in quotes, as in {}=\"...\"", describe(peek()), out.label));
            return;
        }
        out.value = take().text;
        text.matchers.push_back(std::move(out));
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int nesting_ = 0;
    bool failed_ = false;
    SyntaxError error_;
};

}  // namespace

Parsed parse_expression(std::string_view text) {
    Tokens tokens = tokenize(text);
    if (!tokens.ok) return {std::nullopt, std::move(tokens.error)};
    if (tokens.tokens.size() == 1) return {std::nullopt, {0, "found nothing, expected an expression"}};
    return Parser(std::move(tokens.tokens)).run();
}

}  // namespace vigie::rules
