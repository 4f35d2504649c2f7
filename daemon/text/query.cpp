#include "vigie/text/query.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "text/query_lexer.hpp"
#include "vigie/core/untrusted.hpp"

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
bool operator==(const Near& a, const Near& b) {
    return a.distance == b.distance && a.ordered == b.ordered && a.operands == b.operands;
}
bool operator==(const InTitle& a, const InTitle& b) {
    return a.operand == b.operand;
}
bool operator==(const Node& a, const Node& b) {
    return a.value == b.value;
}

namespace {

// A part of a query, and what of it would have to be looked for everywhere: a part whose every match holds one of its terms, or comes from
// an author or a site that it names, has no such column.
struct Part {
    Node node;
    std::size_t column = 1;      // of its first character
    std::size_t unanchored = 0;  // of what makes it select among everything; 0: nothing does
};

Node one_of(std::vector<Node> operands, Lexeme::Kind joint) {
    if (joint == Lexeme::Kind::op_or) return Node{Or{std::move(operands)}};
    return Node{And{std::move(operands)}};
}

class Parser {
public:
    Parser(std::string_view text, QueryUse use) : lexer_(text), use_(use) {}

    Result<Query> run() {
        if (Result<> read = advance(); !read) return std::move(read).error();
        if (current_.kind == Lexeme::Kind::end) return error_at(1, "the query is empty; write at least one name, such as \"aurora air\"");
        Result<Part> root = expression();
        if (!root) return std::move(root).error();
        if (current_.kind == Lexeme::Kind::close)
            return error_at(current_.column, "this ')' closes nothing; remove it, or open a '(' before");
        if (root->unanchored != 0 && use_ == QueryUse::brand) return selects_everything(root->unanchored);
        return Query{std::move(root->node)};
    }

private:
    using Kind = Lexeme::Kind;

    static bool is_joint(Kind kind) noexcept { return kind == Kind::op_and || kind == Kind::op_or || kind == Kind::op_near; }

    Result<> advance() {
        Result<Lexeme> lexeme = lexer_.next();
        if (!lexeme) return std::move(lexeme).error();
        previous_ = std::move(current_);
        current_ = std::move(lexeme).value();
        return {};
    }

    Error selects_everything(std::size_t column) const {
        const auto field = std::find_if(fields_.begin(), fields_.end(), [column](const auto& f) { return f.first == column; });
        if (field == fields_.end())
            return error_at(column, "NOT alone would match nearly everything; say first what to look for: name AND NOT other");
        return error_at(column,
                        field->second + " alone would match nearly everything; say first what to look for: name AND " + field->second);
    }

    Result<Part> expression() {
        Result<Part> first = unary();
        if (!first) return first;
        if (current_.kind == Kind::end || current_.kind == Kind::close) return first;
        std::vector<Part> parts;
        parts.push_back(std::move(first).value());
        std::optional<Lexeme> joined_by;
        while (current_.kind != Kind::end && current_.kind != Kind::close) {
            Result<Lexeme> join = joint();
            if (!join) return std::move(join).error();
            if (joined_by)
                if (Result<> same = one_operator(*joined_by, *join); !same) return std::move(same).error();
            if (!joined_by) joined_by = *join;
            Result<Part> operand = unary();
            if (!operand) return operand;
            parts.push_back(std::move(operand).value());
        }
        return joined_by->kind == Kind::op_near ? near(*joined_by, std::move(parts)) : group_of(joined_by->kind, std::move(parts));
    }

    // Operators that meet without parentheses must be the same.
    static Result<> one_operator(const Lexeme& before, const Lexeme& now) {
        if (before.kind == Kind::op_near && now.kind == Kind::op_near)
            return error_at(now.column, "NEAR joins two; write (a NEAR/4 b) AND (b NEAR/4 c)");
        if (before.kind == now.kind) return {};
        if (before.kind == Kind::op_near || now.kind == Kind::op_near) {
            const Kind other = before.kind == Kind::op_near ? now.kind : before.kind;
            return error_at(now.column, std::string("NEAR and ") + (other == Kind::op_or ? "OR" : "AND") +
                                            " stand side by side; put parentheses around what belongs together: " +
                                            (other == Kind::op_or ? "(a OR b) NEAR/4 c" : "(a NEAR/4 b) AND c"));
        }
        return error_at(now.column, "AND and OR stand side by side; put parentheses around what belongs together: (a OR b) AND c");
    }

    static Part group_of(Kind joint, std::vector<Part> parts) {
        Part out;
        out.column = parts.front().column;
        std::vector<Node> nodes;
        const bool any_anchored = std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.unanchored == 0; });
        for (Part& part : parts) {
            if (out.unanchored == 0 && (joint == Kind::op_or || !any_anchored)) out.unanchored = part.unanchored;
            nodes.push_back(std::move(part.node));
        }
        out.node = one_of(std::move(nodes), joint);
        return out;
    }

    static bool beside_near(const Node& node) {
        if (const Term* term = std::get_if<Term>(&node.value)) return !term->slack;
        const Or* either = std::get_if<Or>(&node.value);
        return either != nullptr && std::all_of(either->operands.begin(), either->operands.end(), beside_near);
    }

    static Result<Part> near(const Lexeme& joint, std::vector<Part> parts) {
        Part out;
        out.column = parts.front().column;
        Near near{{}, joint.distance, joint.ordered};
        for (Part& part : parts) {
            if (std::holds_alternative<Not>(part.node.value))
                return error_at(part.column, "NOT has no place beside NEAR; write NOT (a NEAR/4 b), or (a NEAR/4 b) AND NOT c");
            if (std::holds_alternative<InTitle>(part.node.value))
                return error_at(part.column, "write in:title before the whole: in:title (a NEAR/4 b)");
            if (!beside_near(part.node))
                return error_at(part.column, "beside NEAR stand words, phrases without '~', and groups of them: (a OR \"b c\") NEAR/4 d");
            near.operands.push_back(std::move(part.node));
        }
        out.node = Node{std::move(near)};
        return out;
    }

    // AND, OR, NEAR, or the AND that NOT and -word imply.
    Result<Lexeme> joint() {
        Lexeme joint = current_;
        if (is_joint(current_.kind)) {
            if (Result<> read = advance(); !read) return std::move(read).error();
            return joint;
        }
        if (current_.kind != Kind::op_not && current_.kind != Kind::minus) return no_operator();
        joint.kind = Kind::op_and;
        return joint;
    }

    Error no_operator() const {
        const auto small = [](std::string_view s) { return s == "and" || s == "or" || s == "not" || s == "near" || s == "onear"; };
        for (const Lexeme* lexeme : {&current_, &previous_}) {
            if (!small(lexeme->source)) continue;
            std::string capitals(lexeme->source);
            std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char c) { return static_cast<char>(c - 32); });
            return error_at(lexeme->column, "operators are written in capitals: " + capitals);
        }
        return error_at(current_.column, "no operator before this; write \"in quotes\" for a phrase, or AND or OR between");
    }

    Result<Part> unary() {
        switch (current_.kind) {
            case Kind::term:
            case Kind::field:
                return leaf();
            case Kind::open:
                return group();
            case Kind::in_title:
                return in_title();
            case Kind::op_not:
            case Kind::minus:
                return negation();
            case Kind::op_and:
            case Kind::op_or:
            case Kind::op_near:
                return error_at(current_.column, std::string(current_.source) + " needs something before it and behind it");
            case Kind::close:
                return error_at(current_.column, "something to look for is missing before this ')'");
            case Kind::end:
                break;
        }
        return error_at(current_.column, "the query ends where something to look for was expected");
    }

    Result<Part> leaf() {
        if (++terms_ > max_query_terms)
            return error_at(current_.column, "more than " + std::to_string(max_query_terms) + " terms; split the query over several brands",
                            Errc::limit);
        Part out;
        out.column = current_.column;
        if (current_.kind == Kind::field) {
            if (within_title_)
                return error_at(out.column, quoted(current_.source) + " has no place in in:title; join it by AND before or behind");
            const bool looked_up = current_.field.name == Field::Name::from || current_.field.name == Field::Name::site;
            if (!looked_up) {
                out.unanchored = out.column;
                fields_.emplace_back(out.column, std::string(current_.source));
            }
            out.node.value = std::move(current_.field);
        } else {
            out.node.value = std::move(current_.term);
        }
        if (Result<> read = advance(); !read) return std::move(read).error();
        return out;
    }

    Result<> deeper(std::size_t column) {
        if (++depth_ <= max_query_depth) return {};
        return error_at(column, "nested more than " + std::to_string(max_query_depth) + " deep; take parentheses away", Errc::limit);
    }

    Result<Part> group() {
        const std::size_t column = current_.column;
        if (Result<> down = deeper(column); !down) return std::move(down).error();
        if (Result<> read = advance(); !read) return std::move(read).error();
        Result<Part> inside = expression();
        if (!inside) return inside;
        if (current_.kind != Kind::close) return error_at(column, "this '(' is never closed; put a ')' where the group ends");
        if (Result<> read = advance(); !read) return std::move(read).error();
        --depth_;
        inside->column = column;
        return inside;
    }

    Result<Part> in_title() {
        const std::size_t column = current_.column;
        if (within_title_) return error_at(column, "in:title twice; remove one");
        if (Result<> down = deeper(column); !down) return std::move(down).error();
        if (Result<> read = advance(); !read) return std::move(read).error();
        if (current_.kind != Kind::term && current_.kind != Kind::open && current_.kind != Kind::field)
            return error_at(column,
                            "behind in:title stands a word, a phrase or a group: in:title \"aurora air\", in:title (strike OR walkout)");
        within_title_ = true;
        Result<Part> operand = unary();
        within_title_ = false;
        if (!operand) return operand;
        --depth_;
        Part out;
        out.column = column;
        out.unanchored = operand->unanchored;
        out.node.value = InTitle{};
        std::get<InTitle>(out.node.value).operand.push_back(std::move(operand->node));
        return out;
    }

    Result<Part> negation() {
        const std::size_t column = current_.column;
        if (Result<> down = deeper(column); !down) return std::move(down).error();
        if (Result<> read = advance(); !read) return std::move(read).error();
        if (current_.kind == Kind::op_not || current_.kind == Kind::minus)
            return error_at(current_.column, "NOT twice in a row; remove both");
        Result<Part> operand = unary();
        if (!operand) return operand;
        --depth_;
        Part out;
        out.column = out.unanchored = column;
        out.node.value = Not{};
        std::get<Not>(out.node.value).operand.push_back(std::move(operand->node));
        return out;
    }

    Lexer lexer_;
    QueryUse use_;
    Lexeme previous_;
    Lexeme current_;
    std::size_t terms_ = 0;
    std::size_t depth_ = 0;
    bool within_title_ = false;
    std::vector<std::pair<std::size_t, std::string>> fields_;  // by column: those that select nearly everything
};

}  // namespace

Result<Query> parse_query(std::string_view text, QueryUse use) {
    if (text.size() > max_query_bytes)
        return error_at(1, "the query is longer than " + std::to_string(max_query_bytes / 1024) + " kB; split it over several brands",
                        Errc::limit);
    if (!is_utf8(text)) return error_at(1, "the query is not valid UTF-8; save the file as UTF-8");
    return Parser(text, use).run();
}

}  // namespace vigie::text
