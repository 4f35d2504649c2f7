#include "vigie/text/lookalike.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

LookalikeTarget brand(std::vector<std::string> names, std::map<std::string, std::vector<std::string>> official) {
    LookalikeTarget target;
    target.names = std::move(names);
    target.official = std::move(official);
    return target;
}

const Lookalikes& aurora() {
    static const Lookalikes index =
        Lookalikes::build({brand({"Aurora Air", "Aurora Airlines"}, {{"x", {"@auroraair"}},
                                                                     {"mastodon", {"@auroraair@mastodon.social"}},
                                                                     {"bluesky", {"auroraair.bsky.social"}},
                                                                     {"domain", {"auroraair.example"}}})});
    return index;
}

const Lookalikes& words() {
    static const Lookalikes index = Lookalikes::build({
        brand({"Orange"}, {{"x", {"@Orange_France"}}}),
        brand({"Apple"}, {{"x", {"@Apple"}}}),
        brand({"Free"}, {{"x", {"@free"}}}),
        brand({"Subway"}, {{"x", {"@SUBWAY"}}}),
        brand({"Boulanger"}, {{"x", {"@Boulanger"}}}),
        brand({"SFR"}, {{"x", {"@SFR"}}}),
    });
    return index;
}

LookalikeAccount account(std::string_view handle, std::string_view name = {}, std::string_view platform = "x") {
    LookalikeAccount one;
    one.platform = platform;
    one.handle = handle;
    one.name = name;
    return one;
}

bool says(const Lookalike& one, LookalikeSign sign) {
    return std::any_of(one.reasons.begin(), one.reasons.end(), [&](const LookalikeReason& r) { return r.sign == sign; });
}

Lookalike of(const Lookalikes& index, std::string_view handle, std::string_view name = {}, std::string_view platform = "x",
             std::size_t target = 0) {
    return index.judge(account(handle, name, platform), target);
}

const Time noon = parse_time("2026-03-02T12:00:00Z").value();

}  // namespace

TEST_CASE("official accounts never score, however their handle is written") {
    for (const char* handle : {"auroraair", "@auroraair", "@AuroraAir", " @AURORAAIR ", "https://x.com/auroraair"}) {
        const Lookalike one = of(aurora(), handle, "Aurora Air Support");
        CHECK_MESSAGE(one.verdict == LookalikeVerdict::official, std::string(handle));
        CHECK(one.score == 0);
        CHECK(says(one, LookalikeSign::official));
    }
    CHECK(of(aurora(), "auroraair", "", "Twitter").verdict == LookalikeVerdict::official);
    CHECK(of(aurora(), "@auroraair@Mastodon.Social", "", "mastodon").verdict == LookalikeVerdict::official);
    CHECK(of(aurora(), "@auroraair", "", "mastodon").verdict == LookalikeVerdict::official);
    CHECK(of(aurora(), "auroraair.bsky.social", "", "bluesky").verdict == LookalikeVerdict::official);
    SUBCASE("an account under an official domain is official where handles prove it") {
        CHECK(of(aurora(), "help.auroraair.example", "", "bluesky").verdict == LookalikeVerdict::official);
        CHECK(of(aurora(), "@press@social.auroraair.example", "", "mastodon").verdict == LookalikeVerdict::official);
        CHECK(of(aurora(), "auroraair.example", "", "instagram").verdict != LookalikeVerdict::official);
        CHECK(of(aurora(), "auroraair.bsky.social", "", "instagram").verdict != LookalikeVerdict::official);
        CHECK(of(aurora(), "help.auroraair.example.org", "", "bluesky").verdict != LookalikeVerdict::official);
    }
}

TEST_CASE("the same handle where the brand is not, or on another server, is not official") {
    const Lookalike elsewhere = of(aurora(), "auroraair", "", "tiktok");
    CHECK(elsewhere.verdict == LookalikeVerdict::suspect);
    CHECK(says(elsewhere, LookalikeSign::same_handle));
    CHECK(of(aurora(), "auroraair", "Aurora Air", "tiktok").verdict == LookalikeVerdict::impostor);
    CHECK(of(aurora(), "@auroraair@evil.example", "", "mastodon").verdict == LookalikeVerdict::impostor);
}

TEST_CASE("letters that look alike") {
    const struct {
        const char* handle;
        LookalikeSign sign;
    } cases[] = {
        {"аuroraair", LookalikeSign::foreign_letters},           // Cyrillic а
        {"aurora\u200Bair", LookalikeSign::foreign_letters},     // zero-width space
        {"auroraaır", LookalikeSign::foreign_letters},           // dotless i
        {"ａｕｒｏｒａａｉｒ", LookalikeSign::foreign_letters},  // full width
        {"auʀoraair", LookalikeSign::foreign_letters},           // small capital
        {"aurορaair", LookalikeSign::foreign_letters},           // Greek
        {"aur0raair", LookalikeSign::swapped_letters},
        {"auroraa1r", LookalikeSign::swapped_letters},
        {"auroraalr", LookalikeSign::swapped_letters},
        {"@aur0r@air", LookalikeSign::swapped_letters},
        {"auro_raair", LookalikeSign::separators},
        {"auroraaair", LookalikeSign::repeated_letters},
        {"aurroraair", LookalikeSign::repeated_letters},
    };
    for (const auto& c : cases) {
        const Lookalike one = of(aurora(), std::string(c.handle));
        CHECK_MESSAGE(one.verdict == LookalikeVerdict::impostor, std::string(c.handle));
        CHECK_MESSAGE(says(one, c.sign), std::string(c.handle));
    }
    const Lookalikes ms = Lookalikes::build({brand({"Microwidia"}, {{"x", {"microwidia"}}})});
    for (const char* handle : {"rnicrowidia", "microvvidia", "microwiclia", "Microw1d1a"})
        CHECK_MESSAGE(of(ms, handle).verdict == LookalikeVerdict::impostor, std::string(handle));
}

TEST_CASE("names written in another alphabet altogether") {
    const Lookalikes index = Lookalikes::build({brand({"Adidas"}, {{"x", {"adidas"}}}), brand({"Яндекс"}, {{"x", {"yandex"}}})});
    const Lookalike cyrillic = of(index, "адидас");
    CHECK(cyrillic.score >= 0.5);
    CHECK(says(cyrillic, LookalikeSign::other_alphabet));
    CHECK(of(index, "αντιντας").score == 0);
    CHECK(of(index, "αδιδας").score >= 0.5);
    CHECK(of(index, "яндекс", "", "x", 1).score >= 0.85);
    CHECK(of(index, "мария").score == 0);
}

TEST_CASE("slips of the keyboard") {
    for (const char* handle :
         {"auroaair", "aurorair", "aurroaair", "auroraait", "auroraair9", "auroeraair", "aurorbair", "auroraeir", "aurorsaair"})
        CHECK_MESSAGE(of(aurora(), handle).score >= 0.7, std::string(handle));
    CHECK(of(aurora(), "aurorbxir").score < 0.85);
    CHECK(of(aurora(), "aurora").score < 0.5);
    CHECK(of(aurora(), "borealair").score < 0.5);
    CHECK(of(aurora(), "Aurora_Airey").score < 0.5);
    CHECK(of(aurora(), "Maria_AuroraAir").score < 0.5);
}

TEST_CASE("a word of its own is no slip of another's name") {
    const Lookalikes index = Lookalikes::build({brand({"Binance"}, {{"x", {"binance"}}}), brand({"Engie"}, {{"x", {"ENGIEgroup"}}}),
                                                brand({"Nike"}, {{"x", {"Nike"}}}), brand({"Revolut"}, {{"x", {"RevolutApp"}}})});
    for (const char* handle :
         {"finance", "angie", "mike", "mikesupport", "revolution", "revolt", "Angie_Official", "finances2", "viva_la_revolution"})
        CHECK_MESSAGE(index.find(account(handle)).empty(), std::string(handle));
}

TEST_CASE("words that ask for trust") {
    for (const char* handle : {"AuroraAirSupport", "auroraair_help", "SAV_AuroraAir", "aide-auroraair", "AuroraAir_officiel",
                               "RealAuroraAir", "TheRealAuroraAir", "ServiceClientAuroraAir", "auroraairremboursement", "AuroraAir_Refund",
                               "auroraair_ayuda", "AuroraAirKundenservice", "assistenza_auroraair", "auroraair_suporte",
                               "AuroraAirVerified", "auroraair0fficial", "auroraаir_support"}) {
        const Lookalike one = of(aurora(), handle);
        CHECK_MESSAGE(one.verdict == LookalikeVerdict::impostor, std::string(handle));
        CHECK_MESSAGE(says(one, LookalikeSign::trust_word), std::string(handle));
    }
    CHECK(of(aurora(), "auroaair_support").verdict == LookalikeVerdict::impostor);
}

TEST_CASE("words that say little, numbers and endings make a suspect") {
    for (const char* handle : {"AuroraAirFR", "auroraair_hq", "AuroraAir_Pilots2", "TheAuroraAir", "auroraair2", "AuroraAir_2026",
                               "auroraaircom", "auroraair.net", "my_auroraair", "AuroraAirCrew"}) {
        const Lookalike one = of(aurora(), handle);
        CHECK_MESSAGE(one.verdict == LookalikeVerdict::suspect, std::string(handle));
        CHECK_MESSAGE(one.score >= 0.65, std::string(handle));
    }
}

TEST_CASE("fans, parodies and critics are told apart") {
    for (const char* handle : {"AuroraAirFans", "auroraair_parody", "NotAuroraAir", "auroraair_nonofficiel", "unofficial_auroraair",
                               "AuroraAirJobs", "auroraairmemes", "iloveauroraair", "AuroraAir_Parodie"}) {
        const Lookalike one = of(aurora(), handle);
        CHECK_MESSAGE(one.verdict == LookalikeVerdict::declared, std::string(handle));
        CHECK_MESSAGE(one.score < 0.5, std::string(handle));
        CHECK_MESSAGE(says(one, LookalikeSign::declares_itself), std::string(handle));
    }
    CHECK(of(aurora(), "auroraair_", "Aurora Air (parody)").verdict == LookalikeVerdict::declared);
    LookalikeAccount with_bio = account("auroraair_", "Aurora Air");
    with_bio.bio = "Fan account, not affiliated with Aurora Air";
    CHECK(aurora().judge(with_bio, 0).verdict == LookalikeVerdict::declared);
    SUBCASE("who says fan and asks for trust is not let off") {
        CHECK(of(aurora(), "auroraair_fans_support").verdict == LookalikeVerdict::suspect);
        CHECK(of(aurora(), "auroraair_refund", "Aurora Air parody").verdict == LookalikeVerdict::suspect);
    }
    for (const char* handle : {"BoycottAuroraAir", "auroraairsucks", "AuroraAirScandale", "victimesauroraair", "victimes_de_auroraair",
                               "StopAuroraAir", "auroraair_arnaque"}) {
        const Lookalike one = of(aurora(), handle, "Boycott Aurora Air");
        CHECK_MESSAGE(one.verdict == LookalikeVerdict::none, std::string(handle));
        CHECK_MESSAGE(one.score == 0, std::string(handle));
        CHECK_MESSAGE(says(one, LookalikeSign::speaks_against), std::string(handle));
        CHECK_MESSAGE(aurora().find(account(handle)).empty(), std::string(handle));
    }
}

TEST_CASE("common words and short names need more than the name") {
    for (const char* handle : {"orangejuice", "applepie", "freebie", "subway_station", "boulangerie", "freedom", "bigapple", "freefall",
                               "PineappleExpress", "sfrancis", "apples", "oranges"})
        CHECK_MESSAGE(words().find(account(handle), 0.01).empty(), std::string(handle));
    for (const char* handle :
         {"OrangeFR_Support", "Orange_SAV", "orange_remboursement", "SFR_Aide", "Boulanger_SAV", "free-support", "SubwayOfficial"}) {
        const std::vector<Lookalike> found = words().find(account(handle));
        REQUIRE_MESSAGE(found.size() == 1, std::string(handle));
        CHECK_MESSAGE(found[0].verdict == LookalikeVerdict::impostor, std::string(handle));
        CHECK_MESSAGE(says(found[0], LookalikeSign::common_word), std::string(handle));
    }
    SUBCASE("a number alone is too little, with the display name it is not") {
        CHECK(of(words(), "apple2026", "", "x", 1).score < 0.5);
        CHECK(of(words(), "apple2026", "Apple", "x", 1).verdict == LookalikeVerdict::impostor);
        LookalikeAccount young = account("apple2026");
        young.created = noon - std::chrono::hours(30);
        young.seen = noon;
        const Lookalike one = words().judge(young, 1);
        CHECK(one.score >= 0.5);
        CHECK(says(one, LookalikeSign::young_account));
    }
    CHECK(of(words(), "аррlе", "", "x", 1).verdict == LookalikeVerdict::impostor);
    CHECK(of(words(), "subwoy", "", "x", 3).score >= 0.5);
}

TEST_CASE("the display name") {
    const Lookalike other_handle = of(aurora(), "xk39201", "Aurora Air");
    CHECK(other_handle.verdict == LookalikeVerdict::suspect);
    CHECK(says(other_handle, LookalikeSign::same_display_name));
    CHECK(of(aurora(), "xk39201", "Aurora Air Support").verdict == LookalikeVerdict::impostor);
    CHECK(of(aurora(), "xk39201", "Аurоrа Аir ✈️").score >= 0.6);
    CHECK(of(aurora(), "xk39201", "I flew with Aurora Air once").score == 0);
    CHECK(of(words(), "xk39201", "Orange").score < 0.5);
    CHECK(of(words(), "xk39201", "Orange SAV").verdict == LookalikeVerdict::suspect);
    CHECK(of(aurora(), "auroraair2", "Aurora Air").verdict == LookalikeVerdict::impostor);
}

TEST_CASE("age, followers and description") {
    LookalikeAccount one = account("auroraair_hq");
    const double bare = aurora().judge(one, 0).score;
    one.followers = 12;
    one.created = noon - std::chrono::hours(24 * 3);
    one.seen = noon;
    const Lookalike young = aurora().judge(one, 0);
    CHECK(young.score > bare);
    CHECK(young.verdict == LookalikeVerdict::impostor);
    CHECK(std::count(young.reasons.begin(), young.reasons.end(), LookalikeReason{LookalikeSign::young_account, "3"}) == 1);
    one.created = noon - std::chrono::hours(24 * 400);
    one.followers = 300000;
    CHECK(aurora().judge(one, 0).score < bare);
    one.followers.reset();
    one.bio = "Compte officiel d'Aurora Air";
    CHECK(says(aurora().judge(one, 0), LookalikeSign::claims_to_be_it));
    SUBCASE("a date from the future says nothing") {
        one.created = noon + std::chrono::hours(24);
        CHECK_FALSE(says(aurora().judge(one, 0), LookalikeSign::young_account));
    }
}

TEST_CASE("accounts that were taken down") {
    const Lookalikes index = Lookalikes::build({taken_down_target("x", "@AuroraPilots", "Aurora Pilots")});
    for (const char* handle :
         {"AuroraPilots", "AuroraPilots2", "aurora_pilots_backup", "NewAuroraPilots", "AuroraPil0ts", "AuroraPilotsV2"})
        CHECK_MESSAGE(of(index, handle).verdict == LookalikeVerdict::impostor, std::string(handle));
    CHECK(of(index, "aurorapilots", "", "mastodon").verdict == LookalikeVerdict::impostor);
    CHECK(of(index, "qwx81", "Aurora Pilots").verdict == LookalikeVerdict::suspect);
    CHECK(of(index, "aurora_parrots").score < 0.5);
    CHECK(of(index, "BoycottAuroraPilots").verdict == LookalikeVerdict::none);
    const Lookalikes critic = Lookalikes::build({taken_down_target("x", "BoycottAurora", "")});
    CHECK(of(critic, "BoycottAurora2").verdict == LookalikeVerdict::impostor);
}

TEST_CASE("many targets in one call; an official account of one imitates no other") {
    std::vector<LookalikeTarget> all;
    for (int i = 0; i < 300; ++i) all.push_back(brand({"Aurora Air"}, {{"x", {"auroraair" + std::to_string(i)}}}));
    const Lookalikes index = Lookalikes::build(all);
    CHECK(index.find(account("auroraair_support")).size() == 32);
    const std::vector<Lookalike> own = index.find(account("AuroraAir7"));
    REQUIRE(own.size() == 1);
    CHECK(own[0].target == 7);
    CHECK(own[0].verdict == LookalikeVerdict::official);
    CHECK(index.judge(account("auroraair7"), 8).score == 0);
    CHECK(index.targets() == 300);
    CHECK(index.bytes() > 0);
    CHECK(Lookalikes::build({}).find(account("auroraair")).empty());
}

TEST_CASE("the brand of a configuration") {
    Brand one;
    one.name = "aurora-air";
    CHECK(target_of(one).names == std::vector<std::string>{"aurora-air"});
    one.display = "Aurora Air";
    one.aliases = {"AUA"};
    one.official = {{"x", {"@auroraair"}}};
    const LookalikeTarget target = target_of(one);
    CHECK(target.names == std::vector<std::string>{"Aurora Air", "AUA"});
    CHECK(target.official == one.official);
}

TEST_CASE("hostile accounts") {
    const std::string long_one(64 * 1024, 'a');
    std::string zero_widths = "aurora";
    for (int i = 0; i < 20000; ++i) zero_widths += "\u200B";
    zero_widths += "air";
    CHECK(of(aurora(), zero_widths).score == of(aurora(), "aurora\u200Bair").score);
    std::string zalgo = "a";
    for (int i = 0; i < 30000; ++i) zalgo += "\u0301";
    for (const std::string& handle :
         {std::string(), std::string("@"), std::string("___...---"), long_one, zalgo + "uroraair", std::string("\xFF\xFE\xC0\xAF"),
          std::string("\u202Eriaarorua"), std::string("👩‍👩‍👧‍👦👩‍👩‍👧‍👦"), std::string(1000, '@'),
          std::string("\0auroraair", 10), std::string(64 * 1024, '_') + "auroraair", std::string("https://"), std::string("@a@b@c.d")}) {
        for (const Lookalike& one : aurora().find(account(handle, handle), 0.01)) {
            CHECK(one.score >= 0);
            CHECK(one.score <= 1);
            for (const LookalikeReason& reason : one.reasons) {
                CHECK(is_utf8(reason.detail));
                CHECK(reason.detail.size() <= 64);
            }
        }
    }
    CHECK(of(aurora(), "\u202Eauroraair").score >= 0.85);
    CHECK(of(aurora(), std::string(64 * 1024, '_') + "auroraair").score == 0);
}

TEST_CASE("every reason has a name and sentences in English and French") {
    for (int i = 0; i <= static_cast<int>(LookalikeSign::speaks_against); ++i) {
        const LookalikeReason reason{static_cast<LookalikeSign>(i), "7"};
        CHECK_FALSE(to_string(reason.sign).empty());
        CHECK(sentence(reason, "en") != sentence(reason, "fr"));
        CHECK(sentence(reason, "en").find("{}") == std::string::npos);
        CHECK(sentence(reason, "fr").find("{}") == std::string::npos);
        CHECK(sentence(reason, "de") == sentence(reason, "en"));
        for (int j = 0; j < i; ++j) CHECK(to_string(static_cast<LookalikeSign>(j)) != to_string(reason.sign));
    }
    CHECK(sentence({LookalikeSign::trust_word, "sav"}, "fr") == "Il appelle la confiance : « sav »");
    CHECK(sentence({LookalikeSign::young_account, "1"}, "en") == "The account is 1 day old");
    CHECK(sentence({LookalikeSign::few_followers, "1"}, "fr") == "Il a 1 abonné");
    CHECK(to_string(LookalikeVerdict::impostor) == "impostor");
}
