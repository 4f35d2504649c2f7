#include "vigie/core/author_history.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "vigie/core/hash.hpp"

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const Time t0 = parse_time("2026-03-01T09:30:00Z").value();

}  // namespace

TEST_CASE("a mention counts one, and half of it after thirty days; the pace halves in a day") {
    AuthorHistory history;
    note_posting(history, {t0, true, true});
    CHECK(history.mentions == 1);
    CHECK(history.days == 1);
    CHECK(history.copies == 1);
    CHECK(history.links == 1);
    CHECK(history.pace == 1);
    const AuthorHistory later = faded(history, t0 + days{30});
    CHECK(later.mentions == doctest::Approx(0.5));
    CHECK(later.days == doctest::Approx(0.5));
    CHECK(later.copies == doctest::Approx(0.5));
    CHECK(later.links == doctest::Approx(0.5));
    CHECK(faded(history, t0 + days{1}).pace == doctest::Approx(0.5));
    CHECK(faded(history, t0 - days{1}) == history);
}

TEST_CASE("a steady pace settles near 1.44 of its daily number") {
    AuthorHistory history;
    for (int i = 0; i < 20 * 24; ++i) note_posting(history, {t0 + std::chrono::hours{i}, false, false});
    CHECK(history.pace == doctest::Approx(24 * 1.4427).epsilon(0.03));
    CHECK(history.days == doctest::Approx(17).epsilon(0.1));  // 20 and a bit, faded
}

TEST_CASE("the order in which mentions come does not matter to what they sum up to") {
    std::mt19937_64 random(5);
    std::vector<Posting> postings;
    for (int i = 0; i < 200; ++i)
        postings.push_back({t0 + std::chrono::minutes{random() % (40 * 1440)}, random() % 3 == 0, random() % 4 == 0});
    AuthorHistory first;
    for (const Posting& posting : postings) note_posting(first, posting);
    for (int round = 0; round < 20; ++round) {
        std::shuffle(postings.begin(), postings.end(), random);
        AuthorHistory other;
        for (const Posting& posting : postings) note_posting(other, posting);
        CHECK(other.at == first.at);
        CHECK(other.mentions == doctest::Approx(first.mentions).epsilon(1e-4));
        CHECK(other.copies == doctest::Approx(first.copies).epsilon(1e-4));
        CHECK(other.links == doctest::Approx(first.links).epsilon(1e-4));
        CHECK(other.pace == doctest::Approx(first.pace).epsilon(1e-4));
    }
}

TEST_CASE("repeaters are distinct, and those of the month before count half") {
    AuthorHistory history;
    CHECK(repeaters_of(history, t0) == 0);
    note_posting(history, {t0, false, false});
    for (int again = 0; again < 50; ++again) note_repeat(history, hash64("x/one"), t0);
    CHECK(repeaters_of(history, t0) == doctest::Approx(1).epsilon(0.02));
    for (int i = 0; i < 20; ++i) note_repeat(history, hash64("x/" + std::to_string(i)), t0);
    const double now = repeaters_of(history, t0);
    CHECK(now > 16);
    CHECK(now < 26);
    CHECK(repeaters_of(history, t0 + days{30}) == doctest::Approx(now / 2));
    CHECK(repeaters_of(history, t0 + days{60}) == 0);

    // Of the new month whole, of the old one what is not in the new.
    note_repeat(history, hash64("x/new"), t0 + days{30});
    CHECK(repeaters_of(history, t0 + days{30}) > now / 2);
    // One that comes late belongs to its own month, one from before that to none.
    note_repeat(history, hash64("x/late"), t0);
    const AuthorHistory before = history;
    note_repeat(history, hash64("x/older"), t0 - days{30});
    CHECK(history == before);
}

TEST_CASE("the estimate of repeaters is good to about ten per cent, and bounded") {
    for (const int many : {5, 30, 100, 300}) {
        AuthorHistory history;
        for (int i = 0; i < many; ++i) note_repeat(history, hash64("mastodon/@reader" + std::to_string(i)), t0);
        CHECK(repeaters_of(history, t0) == doctest::Approx(many).epsilon(0.2));
    }
    AuthorHistory history;
    for (int i = 0; i < 100'000; ++i) note_repeat(history, hash64(std::to_string(i)), t0);
    CHECK(repeaters_of(history, t0) <= 710);
    CHECK(repeaters_of(history, t0) >= 600);
}

TEST_CASE("times before 1970 and far ahead are months like others") {
    for (const Time at : {from_millis(-1), from_millis(-62'135'596'800'000), from_millis(253'402'300'799'000)}) {
        AuthorHistory history;
        note_posting(history, {at, false, false});
        note_repeat(history, 7, at);
        CHECK(history.mentions == 1);
        CHECK(repeaters_of(history, at) > 0.9);
        note_posting(history, {t0, false, false});
        CHECK(history.mentions >= 1);
        CHECK(history.mentions <= 2);
    }
}
