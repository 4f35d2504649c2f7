#include "vigie/text/query.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "text/query_lexer.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::text {

bool operator==(const And& a, const And& b) {
    return a.operands == b.operands;
}
bool operator==(const Or& a, const Or& b) {
    return a.operands == b.operands;
}
bool operator==(const Not& a, const Not& b) {
    return a.operand == b.operand;
}
bool operator==(const Node& a, const Node& b) {
    return a.value == b.value;
}

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

// Whether whatever the node accepts holds one of its terms: what an index can look for.
bool is_anchored(const Node& node) {
    return std::visit(Overloaded{[](const Term&) { return true; },
                                 [](const And& n) { return std::any_of(n.operands.begin(), n.operands.end(), is_anchored); },
                                 [](const Or& n) { return std::all_of(n.operands.begin(), n.operands.end(), is_anchored); },
                                 [](const Not&) { return false; }},
                      node.value);
}

class Parser {
public:
    explicit Parser(std::string_view text) : lexer_(text) {}

    Result<Query> run() {
        if (Result<> read = advance(); !read) return std::move(read).error();
        if (current_.kind == Lexeme::Kind::end) return error_at(1, "the query is empty; write at least one name, such as \"aurora air\"");
        Result<Node> root = expression();
        if (!root) return std::move(root).error();
        if (current_.kind == Lexeme::Kind::close)
            return error_at(current_.column, "this ')' closes nothing; remove it, or open a '(' before");
        if (!is_anchored(*root))
            return error_at(not_column_, "NOT alone would match nearly everything; say first what to look for: name AND NOT other");
        return Query{std::move(root).value()};
    }

private:
    using Kind = Lexeme::Kind;

    Result<> advance() {
        Result<Lexeme> lexeme = lexer_.next();
        if (!lexeme) return std::move(lexeme).error();
        previous_ = std::move(current_);
        current_ = std::move(lexeme).value();
        return {};
    }

    bool begins_operand() const noexcept {
        return current_.kind == Kind::term || current_.kind == Kind::open || current_.kind == Kind::op_not || current_.kind == Kind::minus;
    }

    Result<Node> expression() {
        Result<Node> first = unary();
        if (!first) return first;
        std::vector<Node> operands;
        operands.push_back(std::move(first).value());
        std::optional<Kind> joined_by;
        while (current_.kind != Kind::end && current_.kind != Kind::close) {
            Result<Kind> join = joint();
            if (!join) return std::move(join).error();
            if (joined_by && *joined_by != *join)
                return error_at(joint_column_,
                                "AND and OR stand side by side; put parentheses around what belongs together: (a OR b) AND c");
            joined_by = *join;
            Result<Node> operand = unary();
            if (!operand) return operand;
            operands.push_back(std::move(operand).value());
        }
        if (operands.size() == 1) return std::move(operands.front());
        if (*joined_by == Kind::op_or) return Node{Or{std::move(operands)}};
        return Node{And{std::move(operands)}};
    }

    // AND, OR, or the AND that NOT and -word imply.
    Result<Kind> joint() {
        joint_column_ = current_.column;
        if (current_.kind == Kind::op_and || current_.kind == Kind::op_or) {
            const Kind kind = current_.kind;
            if (Result<> read = advance(); !read) return std::move(read).error();
            return kind;
        }
        if (current_.kind == Kind::op_not || current_.kind == Kind::minus) return Kind::op_and;
        return no_operator();
    }

    Error no_operator() const {
        const auto small = [](std::string_view s) { return s == "and" || s == "or" || s == "not"; };
        for (const Lexeme* lexeme : {&current_, &previous_}) {
            if (!small(lexeme->source)) continue;
            std::string capitals(lexeme->source);
            std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char c) { return static_cast<char>(c - 32); });
            return error_at(lexeme->column, "operators are written in capitals: " + capitals);
        }
        return error_at(current_.column, "no operator before this; write \"in quotes\" for a phrase, or AND or OR between");
    }

    Result<Node> unary() {
        switch (current_.kind) {
            case Kind::term:
                return leaf();
            case Kind::open:
                return group();
            case Kind::op_not:
            case Kind::minus:
                return negation();
            case Kind::op_and:
            case Kind::op_or:
                return error_at(current_.column, std::string(current_.source) + " needs something before it and behind it");
            case Kind::close:
                return error_at(current_.column, "something to look for is missing before this ')'");
            case Kind::end:
                break;
        }
        return error_at(current_.column, "the query ends where something to look for was expected");
    }

    Result<Node> leaf() {
        if (++terms_ > max_query_terms)
            return error_at(current_.column, "more than " + std::to_string(max_query_terms) + " terms; split the query over several brands",
                            Errc::limit);
        Node node{std::move(current_.term)};
        if (Result<> read = advance(); !read) return std::move(read).error();
        return node;
    }

    Result<> deeper(std::size_t column) {
        if (++depth_ <= max_query_depth) return {};
        return error_at(column, "nested more than " + std::to_string(max_query_depth) + " deep; take parentheses away", Errc::limit);
    }

    Result<Node> group() {
        const std::size_t column = current_.column;
        if (Result<> down = deeper(column); !down) return std::move(down).error();
        if (Result<> read = advance(); !read) return std::move(read).error();
        Result<Node> inside = expression();
        if (!inside) return inside;
        if (current_.kind != Kind::close) return error_at(column, "this '(' is never closed; put a ')' where the group ends");
        if (Result<> read = advance(); !read) return std::move(read).error();
        --depth_;
        return inside;
    }

    Result<Node> negation() {
        const std::size_t column = current_.column;
        if (not_column_ == 0) not_column_ = column;
        if (Result<> down = deeper(column); !down) return std::move(down).error();
        if (Result<> read = advance(); !read) return std::move(read).error();
        if (current_.kind == Kind::op_not || current_.kind == Kind::minus)
            return error_at(current_.column, "NOT twice in a row; remove both");
        Result<Node> operand = unary();
        if (!operand) return operand;
        --depth_;
        std::vector<Node> one;
        one.push_back(std::move(operand).value());
        return Node{Not{std::move(one)}};
    }

    Lexer lexer_;
    Lexeme previous_;
    Lexeme current_;
    std::size_t terms_ = 0;
    std::size_t depth_ = 0;
    std::size_t not_column_ = 0;
    std::size_t joint_column_ = 1;
};

void print(const Node& node, std::string& out);

void print_operand(const Node& node, std::string& out) {
    const bool group = std::holds_alternative<And>(node.value) || std::holds_alternative<Or>(node.value);
    if (group) out += '(';
    print(node, out);
    if (group) out += ')';
}

void print_list(const std::vector<Node>& operands, std::string_view joint, std::string& out) {
    for (std::size_t i = 0; i < operands.size(); ++i) {
        if (i > 0) out += joint;
        print_operand(operands[i], out);
    }
}

void print_term(const Term& term, std::string& out) {
    switch (term.kind) {
        case Term::Kind::word:
            out += term.text;
            break;
        case Term::Kind::phrase:
            out += '"' + term.text + '"';
            break;
        case Term::Kind::handle:
            out += '@' + term.text;
            break;
        case Term::Kind::tag:
            out += '#' + term.text;
            break;
    }
    if (term.prefix) out += '*';
}

void print(const Node& node, std::string& out) {
    std::visit(Overloaded{[&](const Term& n) { print_term(n, out); }, [&](const And& n) { print_list(n.operands, " AND ", out); },
                          [&](const Or& n) { print_list(n.operands, " OR ", out); },
                          [&](const Not& n) {
                              // The parser refuses NOT NOT, but takes a NOT in parentheses.
                              const bool twice = std::holds_alternative<Not>(n.operand.front().value);
                              out += twice ? "NOT (" : "NOT ";
                              print_operand(n.operand.front(), out);
                              if (twice) out += ')';
                          }},
               node.value);
}

void collect_positive(const Node& node, std::vector<std::string>& names, std::vector<std::string>& folded) {
    const auto all = [&](const std::vector<Node>& operands) {
        for (const Node& operand : operands) collect_positive(operand, names, folded);
    };
    std::visit(Overloaded{[&](const Term& n) {
                              std::string key = fold(n.text);
                              if (key.empty()) key = n.text;  // a picture
                              if (std::find(folded.begin(), folded.end(), key) != folded.end()) return;
                              folded.push_back(std::move(key));
                              names.push_back(n.text);
                          },
                          [&](const And& n) { all(n.operands); }, [&](const Or& n) { all(n.operands); }, [](const Not&) {}},
               node.value);
}

}  // namespace

Result<Query> parse_query(std::string_view text) {
    if (text.size() > max_query_bytes)
        return error_at(1, "the query is longer than " + std::to_string(max_query_bytes / 1024) + " kB; split it over several brands",
                        Errc::limit);
    if (!is_utf8(text)) return error_at(1, "the query is not valid UTF-8; save the file as UTF-8");
    return Parser(text).run();
}

std::string format_query(const Query& query) {
    std::string out;
    print(query.root, out);
    return out;
}

std::vector<std::string> positive_terms(const Query& query) {
    std::vector<std::string> names;
    std::vector<std::string> folded;
    collect_positive(query.root, names, folded);
    return names;
}

}  // namespace vigie::text
