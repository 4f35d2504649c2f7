// A query and a text, parted by a newline. Whatever the query: an error has a column inside it, and a query survives being printed and read
// again. Whatever the text: the index finds what the meaning of the query says, tokens are valid, and the models give probabilities.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/naive_query.hpp"
#include "vigie/core/untrusted.hpp"
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

void check_query(const Query& query) {
    const Result<Query> again = parse_query(format_query(query));
    require(again.ok(), "what is printed can be read");
    require(*again == query, "what is printed means the same");
    require(!positive_terms(query).empty(), "a query looks for something");
}

void check_tokens(const TokenStream& stream, std::size_t text_size) {
    std::uint32_t reached = 0;
    for (const Token& token : stream.tokens()) {
        require(is_utf8(stream.folded(token)), "a token is UTF-8");
        require(token.source_begin <= token.source_end && token.source_end <= text_size, "a token lies in its text");
        require(token.first <= token.last, "a token spans positions");
        require(token.hash == token_hash(token.kind, stream.folded(token)), "a token has its hash");
        require(token.first <= reached + 1000, "positions go on");
        reached = std::max(reached, token.last + 1);
    }
}

void check_match(const std::string& query_text, const Query& query, std::string_view text) {
    Brand brand;
    brand.name = "b";
    brand.query = query_text;
    brand.functions = {{"f", query_text}};
    const Result<Matcher> matcher = Matcher::build({brand});
    require(matcher.ok(), "a query that parses can be watched");
    TokenStream stream;
    stream.add(text);
    stream.add("");
    check_tokens(stream, text.size());
    const bool expected = test::naive_holds(query.root, stream);
    const std::vector<BrandMatch> matches = matcher->match(text, "");
    require(matches.size() == (expected ? 1U : 0U), "the index agrees with the meaning");
    require(!expected || matches.front().functions == 1, "the function agrees with the query");
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
    const std::size_t newline = input.find('\n');
    const std::string query_text(input.substr(0, newline));
    const std::string_view text = newline == std::string_view::npos ? std::string_view() : input.substr(newline + 1);
    const Result<Query> query = parse_query(query_text);
    if (query) {
        check_query(*query);
        check_match(query_text, *query, text);
    } else {
        check_error(query.error(), query_text);
    }
    check_models(text);
    return 0;
}
