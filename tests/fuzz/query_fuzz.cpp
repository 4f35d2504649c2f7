// A query, a title and a text, parted by newlines. Whatever the query: an error has a column inside it, and a query survives being printed
// and read again. Whatever the text: the index finds what the meaning of the query says, tokens are valid, and the models give
// probabilities.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/naive_query.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/explain.hpp"
#include "vigie/text/language.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/query.hpp"
#include "vigie/text/sentiment.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "property broken: %s\n", what);
    std::abort();
}

void check_error(const Error& error, std::string_view query) {
    require(error.where().starts_with("column "), "an error names its column");
    const unsigned long column = std::strtoul(error.where().c_str() + 7, nullptr, 10);
    require(column >= 1 && column <= query.size() + 1, "the column lies in the query");
    require(is_utf8(error.message()), "a message is UTF-8");
}

void check_query(const Query& query, QueryUse use) {
    const Result<Query> again = parse_query(format_query(query), use);
    require(again.ok(), "what is printed can be read");
    require(*again == query, "what is printed means the same");
    for (const std::string& name : positive_terms(query)) require(!name.empty() && is_utf8(name), "a name is text");
}

void check_tokens(const TokenStream& stream, std::size_t text_size) {
    std::uint32_t reached = 0;
    for (const Token& token : stream.tokens()) {
        require(is_utf8(stream.folded(token)), "a token is UTF-8");
        require(token.source_begin <= token.source_end && token.source_end <= text_size, "a token lies in its text");
        require(token.first <= token.last, "a token spans positions");
        require(token.hash == token_hash(token.kind, stream.folded(token)), "a token has its hash");
        require(token.first <= reached + 1000 + text_size, "positions go on");  // a text apart, and the URLs passed over
        reached = std::max(reached, token.last + 1);
    }
}

// The yardstick tries all ways to choose the words of "..."~n: more than this many are not worth waiting for.
bool few_enough(const Node& node, std::size_t tokens) {
    if (const Term* term = std::get_if<Term>(&node.value)) {
        if (!term->slack) return true;
        double ways = 1;
        for (const Sequence& sequence : readings(*term)) ways = std::max(ways, std::pow(static_cast<double>(tokens), sequence.size()));
        return ways < 1e5;
    }
    const auto all = [&](const std::vector<Node>& operands) {
        return std::all_of(operands.begin(), operands.end(), [&](const Node& operand) { return few_enough(operand, tokens); });
    };
    if (const And* n = std::get_if<And>(&node.value)) return all(n->operands);
    if (const Or* n = std::get_if<Or>(&node.value)) return all(n->operands);
    if (const Not* n = std::get_if<Not>(&node.value)) return all(n->operand);
    if (const Near* n = std::get_if<Near>(&node.value)) return all(n->operands);
    if (const InTitle* n = std::get_if<InTitle>(&node.value)) return all(n->operand);
    return true;
}

void check_places(const ExplainedPart& part, std::string_view title, std::string_view text) {
    require(part.kind != ExplainedPart::Kind::term || part.places.empty() == (part.found == 0), "what is found has a place");
    for (const Place& place : part.places) {
        const std::string_view whole = place.in_title ? title : text;
        require(place.begin <= place.end && place.end <= whole.size(), "a place lies in its text");
        require(place.text.bytes() == whole.substr(place.begin, place.end - place.begin), "a place holds what stands there");
        require(place.from >= 1 && place.from <= place.to, "a place spans characters");
    }
    for (const ExplainedPart& inner : part.parts) check_places(inner, title, text);
}

void check_match(const std::string& query_text, const Query& query, std::string_view title, std::string_view text) {
    test::Cut cut(title, text);
    check_tokens(cut.stream, std::max(title.size(), text.size()));
    cut.item.title = Untrusted(std::string(title));
    cut.item.text = Untrusted(std::string(text));
    cut.item.platform = text.size() % 2 == 0 ? "x" : "news";
    cut.item.kind = text.size() % 3 == 0 ? Kind::review : Kind::post;
    cut.item.url = Untrusted(std::string(title));
    cut.item.author.handle = Untrusted(std::string(title));
    cut.language = text.size() % 5 < 2 ? "fr" : "en";
    Brand brand;
    brand.name = "b";
    brand.query = query_text;
    brand.functions = {{"f", query_text}};
    const LanguageOf language = [&cut] { return cut.language; };
    const Result<Matcher> matcher = Matcher::build({brand});
    require(matcher.ok(), "a query that parses can be watched");
    const std::vector<BrandMatch> matches = matcher->match(cut.item, language);
    require(matches.empty() || matches.front().functions == 1, "the function agrees with the query");
    const Result<Explainer> explainer = Explainer::make(query_text);
    require(explainer.ok(), "a query that parses can be explained");
    const ExplainedPart why = explainer->explain(cut.item, language);
    require(why.holds != matches.empty(), "the explanation agrees with the index");
    check_places(why, title, text);
    if (few_enough(query.root, cut.stream.tokens().size()))
        require(matches.empty() != test::naive_holds(query.root, cut), "the index agrees with the meaning");
}

void check_models(std::string_view text) {
    const std::string_view language = LanguageModel::shipped().detect(text);
    require(language.size() == 2 || language == undetermined, "a language is a code");
    const Sentiment s = SentimentModel::shipped().score(text, language);
    const float total = s.p[0] + s.p[1] + s.p[2];
    require(std::isfinite(total) && std::fabs(total - 1) < 1e-4F, "probabilities add up to one");
    require(is_utf8(fold(text)), "folded text is UTF-8");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto part = [&](std::size_t& from) {
        const std::size_t newline = std::min(input.find('\n', from), input.size());
        const std::string_view piece = input.substr(from, newline - from);
        from = std::min(newline + 1, input.size());
        return piece;
    };
    std::size_t at = 0;
    const std::string query_text(part(at));
    const std::string_view title = part(at);
    const std::string_view text = input.substr(at);
    const Result<Query> query = parse_query(query_text);
    if (query) {
        check_query(*query, QueryUse::brand);
        check_match(query_text, *query, title, text);
    } else {
        check_error(query.error(), query_text);
    }
    if (const Result<Query> function = parse_query(query_text, QueryUse::function)) check_query(*function, QueryUse::function);
    check_models(text);
    return 0;
}
