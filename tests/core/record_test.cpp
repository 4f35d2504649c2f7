#include "vigie/core/record.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "vigie/core/mention.hpp"

using namespace vigie;

TEST_CASE("kinds have names that read back") {
    for (int i = 0; i <= static_cast<int>(Kind::video); ++i) {
        const auto kind = static_cast<Kind>(i);
        CHECK(parse_kind(to_string(kind)) == kind);
    }
    for (const char* text : {"", "Post", "posts", "post "}) CHECK_FALSE(parse_kind(text));
}

TEST_CASE("engagement adds up, without views, and never overflows") {
    CHECK(Engagement{}.total() == 0);
    Engagement some;
    some.likes = 3;
    some.reposts = 1;
    some.shares = 2;
    some.views = 1000;
    CHECK(some.total() == 6);
    some.replies = std::numeric_limits<std::int64_t>::max() - 1;
    CHECK(some.total() == std::numeric_limits<std::int64_t>::max());
    some.likes = some.replies;
    CHECK(some.total() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("an account is known by platform and handle") {
    CHECK(account_key("mastodon", "@Ana@mas.to") == "mastodon/ana@mas.to");
    CHECK(account_key("x", "AuroraPilots") == account_key("x", "@aurorapilots"));
    CHECK(account_key("x", "@@a") == "x/@a");
    CHECK(account_key("x", "É") == "x/É");
    CHECK(account_key("x", "").empty());
    CHECK(account_key("x", "@").empty());
}

TEST_CASE("sentiment") {
    CHECK(to_string(SentimentLabel::negative) == "negative");
    CHECK(to_string(SentimentLabel::positive) == "positive");
    CHECK(Sentiment{}.polarity() == 0);
    CHECK(Sentiment{SentimentLabel::negative, {1, 0, 0}}.polarity() == -1);
}
