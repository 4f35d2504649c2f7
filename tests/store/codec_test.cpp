#include "store/codec.hpp"

#include <doctest/doctest.h>

#include "store/keys.hpp"
#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;

TEST_CASE("evidence comes back with every field as it came") {
    AnalysedItem full = full_item("mastodon/110", t0);
    full.item.observed = t0 + std::chrono::seconds{70};
    AnalysedItem sparse;
    sparse.item.id = "x";
    sparse.item.platform = "news";
    sparse.item.published = from_millis(-5);
    for (const AnalysedItem& item : {full, sparse}) {
        const std::string bytes = encode_evidence({&item, {"safety"}, true, true, false, 77});
        const auto back = decode_evidence(bytes);
        REQUIRE(back.ok());
        AnalysedItem expected = item;
        expected.matches.clear();
        CHECK((back->mention.analysed == expected));
        CHECK(back->mention.functions == std::vector<std::string>{"safety"});
        CHECK(back->mention.new_author);
        CHECK(back->mention.primary);
        CHECK_FALSE(back->mention.deleted);
        CHECK(back->author == 77);
    }
}

TEST_CASE("evidence that is cut or changed never decodes past its end") {
    const AnalysedItem item = full_item("mastodon/110", t0);
    const std::string bytes = encode_evidence({&item, {"safety"}, true, true, false, 77});
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_evidence(bytes.substr(0, size)).ok());
    CHECK_FALSE(decode_evidence(bytes + "x").ok());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const char value : {'\0', '\x7F', '\xFF'}) {
            std::string changed = bytes;
            changed[at] = value;
            const auto back = decode_evidence(changed);
            if (!back.ok()) CHECK(back.error().code() == Errc::corrupt);
        }
    }
}

TEST_CASE("strip leaves no word of the person") {
    const AnalysedItem item = full_item("mastodon/110", t0);
    auto row = decode_evidence(encode_evidence({&item, {}, true, true, false, 77}));
    REQUIRE(row.ok());
    strip(*row);
    const std::string bytes = encode_evidence({&row->mention.analysed, {}, true, true, true, 77});
    for (const char* word : {"smoke", "title", "Ana", "example.org"}) CHECK(bytes.find(word) == std::string::npos);
    CHECK(bytes.find("mastodon/110") != std::string::npos);
}

TEST_CASE("seen keys, accounts, takedowns and journal rows come back") {
    for (const bool deleted : {false, true}) {
        for (const std::int64_t engagement : {std::int64_t{0}, std::int64_t{7}, INT64_MAX}) {
            const Seen seen{t0, engagement, deleted};
            const auto back = decode_seen(encode_seen(seen));
            REQUIRE(back.ok());
            CHECK((*back == seen));
        }
    }
    Account account{"x", Untrusted("@a"), Untrusted("A"), t0, t0 + Duration{5}, 3, 12, t0 - Duration{9}, true, {}};
    CHECK((*decode_account(encode_account(account)) == account));
    account.followers.reset();
    account.created.reset();
    account.verified.reset();
    CHECK((*decode_account(encode_account(account)) == account));
    const Takedown takedown{"aurora-air", t0, "x", Untrusted("@P"), Untrusted("u"), "trademark", "legal"};
    const auto open = decode_takedown(encode_takedown(takedown, std::nullopt));
    REQUIRE(open.ok());
    CHECK((open->takedown == takedown));
    CHECK_FALSE(open->closed);
    CHECK(decode_takedown(encode_takedown(takedown, t0))->closed == t0);

    Touched touched{0, 29'000'000, {}, {{{"pageviews", "wiki", 1, 2}, 2.5}}};
    touched.delta.set_count({"pageviews", "wiki", 1, 2}, 4.0);
    std::string bytes;
    append_journal_minute(bytes, 11, touched);
    append_journal_minute(bytes, 12, touched);
    const auto rows = decode_journal(bytes);
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 2);
    CHECK((*rows)[1].brand == 12);
    CHECK((*rows)[1].minute == touched.minute);
    CHECK(((*rows)[1].delta == touched.delta));
    CHECK(((*rows)[1].removed == touched.removed));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto cut = decode_journal(bytes.substr(0, size));
        CHECK((!cut.ok() || cut->size() < 2));
    }
}

TEST_CASE("keys order as their numbers do, also before 1970, and stay within their brand") {
    CHECK(bucket_key(5, -1) < bucket_key(5, 0));
    CHECK(bucket_key(5, 0) < bucket_key(5, 1));
    CHECK(bucket_key(5, INT32_MIN) < bucket_key(5, INT32_MAX));
    CHECK(bucket_key(5, INT32_MAX) < bucket_key(6, INT32_MIN));
    CHECK(bucket_key(UINT64_MAX - 1, 0) < bucket_key(UINT64_MAX, 0));
    CHECK(evidence_key(5, from_millis(-1), 9) < evidence_key(5, from_millis(0), 0));
    CHECK(evidence_key(5, t0, UINT64_MAX) < evidence_floor(5, t0 + Duration{1}));
    CHECK_FALSE(next_brand(UINT64_MAX).has_value());
    for (const std::int32_t unit : {INT32_MIN, -7, 0, 29'000'000, INT32_MAX}) CHECK(key_i32(bucket_key(3, unit), 8) == unit);
    CHECK(key_u64("short") == 0);
    const std::string takedown = takedown_key(7, t0, 99);
    CHECK(takedown_key(7, "") < takedown);
}
