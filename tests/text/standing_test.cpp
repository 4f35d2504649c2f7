#include "vigie/text/standing.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "vigie/core/hash.hpp"

using namespace vigie;
using namespace vigie::text;
using std::chrono::days;

namespace {

const Time t0 = parse_time("2026-03-01T09:30:00Z").value();

/// One who spoke once.
AuthorFacts once() {
    AuthorFacts facts{t0, std::nullopt, std::nullopt, std::nullopt, {}};
    note_posting(facts.history, {t0, false, false});
    return facts;
}

AuthorFacts followed(std::int64_t followers) {
    AuthorFacts facts = once();
    facts.followers = followers;
    return facts;
}

double weight(const AuthorFacts& facts) {
    return standing_of(facts).weight;
}

void repeat(AuthorFacts& facts, int others) {
    for (int i = 0; i < others; ++i) note_repeat(facts.history, hash64("x/reader" + std::to_string(i)), t0);
}

Item post(const char* text) {
    Item item;
    item.text = Untrusted(text);
    return item;
}

}  // namespace

TEST_CASE("an ordinary author of whom nothing is known weighs exactly one") {
    CHECK(standing_thousandths(once()) == ordinary_weight);
    CHECK(standing_thousandths(AuthorFacts{t0, std::nullopt, std::nullopt, std::nullopt, {}}) == ordinary_weight);
    CHECK(explain_standing(once()).empty());
    AuthorFacts usual = followed(150);
    usual.created = t0 - days{900};
    CHECK(standing_thousandths(usual) == ordinary_weight);
}

TEST_CASE("the audience counts by its order of magnitude") {
    double last = 0;
    for (const std::int64_t followers : {0, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 100'000'000}) {
        const double now = weight(followed(followers));
        CHECK(now > last);
        last = now;
    }
    CHECK(weight(followed(0)) == doctest::Approx(0.4));
    CHECK(last < 3.2);
    CHECK(weight(followed(std::numeric_limits<std::int64_t>::max())) <= 3.2);
    CHECK(weight(followed(-5)) == doctest::Approx(0.4));
    CHECK(weight(followed(1'000'000)) - weight(followed(100'000)) < 0.6);
}

TEST_CASE("a young account weighs less, an unknown age nothing less") {
    AuthorFacts facts = once();
    double last = 0;
    for (const int age : {0, 1, 7, 30, 90, 180}) {
        facts.created = t0 - days{age};
        CHECK(weight(facts) > last);
        last = weight(facts);
    }
    CHECK(last == doctest::Approx(1));
    facts.created = t0 + days{3};
    CHECK(weight(facts) == doctest::Approx(0.5));
    facts.created = t0 - days{5000};
    CHECK(weight(facts) == doctest::Approx(1));
}

TEST_CASE("a voice that others repeat weighs more, one that returns a little more") {
    AuthorFacts facts = once();
    repeat(facts, 10);
    CHECK(weight(facts) == doctest::Approx(2).epsilon(0.1));
    repeat(facts, 300);
    CHECK(weight(facts) > 2.8);
    CHECK(weight(facts) <= 3);

    AuthorFacts regular = once();
    for (int day = 1; day < 15; ++day) note_posting(regular.history, {t0 + days{day}, false, false});
    regular.at = regular.history.at;
    CHECK(weight(regular) > 1.12);
    CHECK(weight(regular) <= 1.25);
}

TEST_CASE("what is repeated is forgotten, month by month") {
    AuthorFacts facts = once();
    repeat(facts, 40);
    const double now = weight(facts);
    facts.at = t0 + days{30};
    const double month_later = weight(facts);
    facts.at = t0 + days{60};
    CHECK(month_later < now);
    CHECK(month_later > 1.5);
    CHECK(weight(facts) == doctest::Approx(1));
}

TEST_CASE("copies, bare links and floods weigh less, and are forgotten too") {
    for (const Posting kind : {Posting{t0, true, false}, Posting{t0, false, true}}) {
        AuthorFacts facts{t0, std::nullopt, std::nullopt, std::nullopt, {}};
        double last = 1;
        for (int i = 0; i < 3; ++i) {
            note_posting(facts.history, kind);
            CHECK(weight(facts) < last);
            last = weight(facts);
        }
        CHECK(last < 0.5);
        // Then a month of own words.
        for (int day = 1; day <= 30; ++day) note_posting(facts.history, {t0 + days{day}, false, false});
        facts.at = t0 + days{30};
        CHECK(weight(facts) > 2 * last);
    }
    AuthorFacts flood{t0, std::nullopt, std::nullopt, std::nullopt, {}};
    for (int i = 0; i < 3; ++i) note_posting(flood.history, {t0, false, false});
    CHECK(weight(flood) == doctest::Approx(1));
    for (int i = 0; i < 197; ++i) note_posting(flood.history, {t0, false, false});
    CHECK(weight(flood) < 0.2);
    flood.at = t0 + days{14};
    CHECK(weight(flood) > 0.9);
}

TEST_CASE("spam that nobody follows weighs nearly nothing, a great voice a few times one") {
    AuthorFacts spam = followed(0);
    spam.created = t0 - days{1};
    for (int i = 0; i < 30; ++i) note_posting(spam.history, {t0, true, true});
    CHECK(weight(spam) == least_standing);
    CHECK(standing_of(spam)[StandingFactor::spam] < 1);

    AuthorFacts voice = followed(2'000'000);
    voice.created = t0 - days{4000};
    voice.verified = true;
    repeat(voice, 300);
    CHECK(weight(voice) == greatest_standing);

    // A newcomer who complains once is no spam, and is heard.
    AuthorFacts newcomer = followed(0);
    newcomer.created = t0;
    CHECK(weight(newcomer) == doctest::Approx(0.2));
    CHECK(standing_of(newcomer)[StandingFactor::spam] == 1);
}

TEST_CASE("one who talks for weeks and whom nobody repeats weighs less; where the audience is unknown, nobody can tell") {
    AuthorFacts troll = followed(300);
    for (int i = 0; i < 400; ++i) note_posting(troll.history, {t0 + std::chrono::hours{2 * i}, false, false});
    troll.at = troll.history.at;
    const Standing standing = standing_of(troll);
    CHECK(standing[StandingFactor::unheeded] < 0.6);
    CHECK(standing.weight < 0.8);
    AuthorFacts heard = troll;
    for (int i = 0; i < 20; ++i) note_repeat(heard.history, hash64(std::to_string(i)), heard.at);
    CHECK(weight(heard) > 3 * weight(troll));
    AuthorFacts reviewer = troll;
    reviewer.followers.reset();
    CHECK(standing_of(reviewer)[StandingFactor::unheeded] == 1);
}

TEST_CASE("the examples of docs/standing.md") {
    const auto known = [](int age, std::int64_t followers, int mentions, int each_hours, int others) {
        AuthorFacts facts{t0, followers, t0 - days{age}, std::nullopt, {}};
        for (int i = mentions - 1; i >= 0; --i) note_posting(facts.history, {t0 - std::chrono::hours{each_hours * i}, false, false});
        repeat(facts, others);
        return facts;
    };
    CHECK(weight(known(900, 150, 1, 1, 0)) == doctest::Approx(1.0).epsilon(0.01));
    CHECK(weight(known(0, 0, 1, 1, 0)) == doctest::Approx(0.2).epsilon(0.01));
    CHECK(weight(known(10, 12, 1, 1, 0)) == doctest::Approx(0.45).epsilon(0.01));
    CHECK(weight(known(2000, 2000, 5, 48, 5)) == doctest::Approx(3.0).epsilon(0.05));
    CHECK(weight(known(3000, 1'200'000, 1, 1, 0)) == doctest::Approx(2.94).epsilon(0.01));
    CHECK(weight(known(3000, 1'200'000, 1, 1, 300)) == doctest::Approx(5).epsilon(0.01));
    CHECK(weight(known(800, 300, 1000, 2, 1)) == doctest::Approx(0.42).epsilon(0.05));

    AuthorFacts template_sender = known(700, 150, 0, 1, 0);
    note_posting(template_sender.history, {t0, true, false});
    CHECK(weight(template_sender) == doctest::Approx(0.55).epsilon(0.01));
    AuthorFacts bot = known(2, 0, 0, 1, 0);
    for (int i = 0; i < 30; ++i) note_posting(bot.history, {t0, i > 0, false});
    CHECK(weight(bot) == least_standing);
    AuthorFacts linker = known(100, 40, 0, 1, 0);
    for (int i = 9; i >= 0; --i) note_posting(linker.history, {t0 - std::chrono::hours{6 * i}, false, true});
    CHECK(weight(linker) == doctest::Approx(0.29).epsilon(0.05));
}

TEST_CASE("whatever the facts are, the weight stays in its bounds and is the product of its factors") {
    std::mt19937_64 random(9);
    for (int round = 0; round < 5000; ++round) {
        AuthorFacts facts{t0 + days{random() % 100}, std::nullopt, std::nullopt, std::nullopt, {}};
        if (random() % 2 == 0) facts.followers = static_cast<std::int64_t>(random() >> (random() % 64));
        if (random() % 2 == 0) facts.created = from_millis(static_cast<std::int64_t>(random() % 2'000'000'000'000));
        if (random() % 2 == 0) facts.verified = random() % 2 == 0;
        for (auto n = random() % 50; n > 0; --n)
            note_posting(facts.history, {t0 + days{random() % 100}, random() % 2 == 0, random() % 3 == 0});
        for (auto n = random() % 50; n > 0; --n) note_repeat(facts.history, random(), t0 + days{random() % 100});
        const Standing standing = standing_of(facts);
        double product = 1;
        for (const double factor : standing.factors) {
            CHECK(factor > 0);
            CHECK(factor <= 3.2);
            product *= factor;
        }
        CHECK(standing.weight == std::min(greatest_standing, std::max(least_standing, product)));
        CHECK(standing_thousandths(facts) == std::llround(standing.weight * 1000));
        std::size_t moved = 0;
        for (const double factor : standing.factors) moved += std::abs(factor - 1) >= 0.005 ? 1 : 0;
        CHECK(explain_standing(facts).size() == moved);
    }
}

TEST_CASE("the weight is told in words, the strongest reason first") {
    AuthorFacts facts = followed(0);
    facts.created = t0 - days{2};
    for (int i = 0; i < 9; ++i) note_posting(facts.history, {t0, true, false});
    const auto lines = explain_standing(facts);
    REQUIRE(lines.size() == 5);
    CHECK(lines[0] == "x 0.20 new, followed by nobody, and it copies, links or floods: the marks of spam");
    CHECK(lines[1] == "x 0.26 90 % of its mentions copy somebody else's words");
    CHECK(lines[2] == "x 0.40 nobody follows it");
    CHECK(lines[3] == "x 0.55 the account is 2 days old");
    CHECK(lines[4].ends_with("about 10 mentions in the last day"));
}

TEST_CASE("a bare link is links, handles and hashtags alone") {
    CHECK(is_bare_link(post("https://example.org/a")));
    CHECK(is_bare_link(post("  @ana #acme https://example.org/a\nhttp://x.example www.acme.example ")));
    CHECK_FALSE(is_bare_link(post("look https://example.org/a")));
    CHECK_FALSE(is_bare_link(post("https://example.org/a Schande")));
    CHECK_FALSE(is_bare_link(post("#acme @ana")));
    CHECK_FALSE(is_bare_link(post("")));
    CHECK_FALSE(is_bare_link(post("   ")));
    CHECK_FALSE(is_bare_link(post("\xff\xfe\x80")));
    Item titled = post("https://example.org/a");
    titled.title = Untrusted("A title");
    CHECK_FALSE(is_bare_link(titled));
    Item repost = post("https://example.org/a");
    repost.kind = Kind::repost;
    CHECK_FALSE(is_bare_link(repost));
    Item linked = post("");
    linked.links = {Untrusted("https://example.org/a")};
    CHECK(is_bare_link(linked));
    CHECK(is_bare_link(post((std::string(60'000, '#') + " https://x.example").c_str())));
}
