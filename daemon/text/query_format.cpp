// Queries printed, and what they look for.
#include <algorithm>
#include <utility>

#include "text/query_fields.hpp"
#include "text/terms.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t min_joined_letters = 6;  // shorter ones are words of their own too often

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

void print(const Node& node, std::string& out);

void print_operand(const Node& node, std::string& out) {
    const bool group =
        std::holds_alternative<And>(node.value) || std::holds_alternative<Or>(node.value) || std::holds_alternative<Near>(node.value);
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
    if (term.form == Term::Form::cased) out += '+';
    if (term.form == Term::Form::exact) out += "exact:";
    if (term.kind == Term::Kind::handle) out += '@';
    if (term.kind == Term::Kind::tag) out += '#';
    const bool phrase = term.kind == Term::Kind::phrase;
    if (phrase) out += '"';
    out += term.text;
    if (phrase) out += '"';
    if (term.slack) out += '~' + std::to_string(*term.slack);
    if (term.prefix) out += '*';
}

void print_field(const Field& field, std::string& out) {
    out += name_of(field.name);
    if (field.name == Field::Name::from) out += '@';
    out += field.value;
}

// The parser refuses NOT NOT and in:title NOT, but takes a NOT in parentheses.
void print_behind(std::string_view mark, const Node& operand, std::string& out) {
    const bool negated = std::holds_alternative<Not>(operand.value);
    out += mark;
    if (negated) out += '(';
    print_operand(operand, out);
    if (negated) out += ')';
}

void print(const Node& node, std::string& out) {
    std::visit(
        Overloaded{
            [&](const Term& n) { print_term(n, out); }, [&](const Field& n) { print_field(n, out); },
            [&](const And& n) { print_list(n.operands, " AND ", out); }, [&](const Or& n) { print_list(n.operands, " OR ", out); },
            [&](const Not& n) { print_behind("NOT ", n.operand.front(), out); },
            [&](const InTitle& n) { print_behind("in:title ", n.operand.front(), out); },
            [&](const Near& n) { print_list(n.operands, (n.ordered ? " ONEAR/" : " NEAR/") + std::to_string(n.distance) + " ", out); }},
        node.value);
}

struct Names {
    std::vector<std::string> names;
    std::vector<std::string> folded;

    void add(const std::string& name) {
        std::string key = fold(name);
        if (key.empty()) key = name;  // a picture
        if (std::find(folded.begin(), folded.end(), key) != folded.end()) return;
        folded.push_back(std::move(key));
        names.push_back(name);
    }
};

void collect(const Node& node, Names& terms, Names& authors) {
    const auto all = [&](const std::vector<Node>& operands) {
        for (const Node& operand : operands) collect(operand, terms, authors);
    };
    std::visit(Overloaded{[&](const Term& n) {
                              const bool pattern = n.kind == Term::Kind::word && n.text.find('?') != std::string::npos;
                              terms.add(pattern ? n.text.substr(0, n.text.find('?')) : n.text);
                          },
                          [&](const Field& n) {
                              if (n.name == Field::Name::from) authors.add(n.value);
                          },
                          [&](const And& n) { all(n.operands); }, [&](const Or& n) { all(n.operands); }, [](const Not&) {},
                          [&](const Near& n) { all(n.operands); }, [&](const InTitle& n) { all(n.operand); }},
               node.value);
}

}  // namespace

std::string format_query(const Node& node) {
    std::string out;
    print(node, out);
    return out;
}

std::string format_query(const Query& query) {
    return format_query(query.root);
}

std::vector<std::string> positive_terms(const Query& query) {
    Names terms, authors;
    collect(query.root, terms, authors);
    return terms.names.empty() ? std::move(authors.names) : std::move(terms.names);
}

std::string query_of_names(const std::vector<std::string>& names, const std::vector<std::string>& handles) {
    std::vector<std::string> parts;
    std::vector<std::vector<Sequence>> known;
    const auto add = [&](Term::Kind kind, std::string text) {
        const Term term{kind, std::move(text), false, Term::Form::folded, std::nullopt};
        std::vector<Sequence> found = readings(term);
        if (found.empty() || found.back().size() > max_phrase_words || parts.size() == max_query_terms) return false;
        if (std::find(known.begin(), known.end(), found) != known.end()) return true;
        known.push_back(std::move(found));
        parts.push_back(format_query(Node{term}));
        return true;
    };
    for (const std::string& name : names) {
        // What works otherwise in a query is only a mark in a name.
        std::string text = clean_utf8(name, 1000);
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == '"' || c == '*' || c == '?'; }, ' ');
        if (!add(Term::Kind::phrase, text)) continue;
        std::string joined = fold(text);
        const auto blanks = std::erase(joined, ' ');
        const auto letters =
            std::count_if(joined.begin(), joined.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
        if (blanks > 0 && static_cast<std::size_t>(letters) >= min_joined_letters) add(Term::Kind::phrase, joined);
    }
    for (const std::string& handle : handles) {
        std::string text = clean_utf8(handle, 1000);
        if (text.starts_with('@')) text.erase(0, 1);
        const bool bare = text.find_first_of("\"*?() \t\r\n") == std::string::npos;
        if (bare && add(Term::Kind::handle, text)) continue;
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == '"' || c == '*' || c == '?'; }, ' ');
        add(Term::Kind::phrase, text);
    }
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : " OR ") + part;
    return out;
}

}  // namespace vigie::text
