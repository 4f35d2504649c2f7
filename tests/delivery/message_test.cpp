#include "vigie/delivery/message.hpp"

#include <doctest/doctest.h>

#include "delivery/notification.hpp"
#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;
using namespace std::chrono_literals;
using alerts::State;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a firing alert, in English, as plain text") {
    const auto message = build_message(notification({surge()}), Language::en, "https://vigie.example", at(1500));
    CHECK(plain_text(build_message(notification({surge()}), Language::en, "https://vigie.example", at(100))) ==
          "[CRISIS] aurora-air: VolumeSurge\n"
          "\n"
          "84 mentions <!channel> in an hour\n"
          "Since 2026-03-01 09:30 UTC (1 min 40 s)\n"
          "platform=mastodon\n"
          "How it is:\n"
          "- mentions[1h]: 1,284\n"
          "- share: 62.5%\n"
          "- age: 3 h 20 min\n"
          "- lift: no value\n"
          "Who says so:\n"
          "- @ana[2J, mastodon (2026-03-01 09:29 UTC, reach 12,000, negative)\n"
          "  smoke Bcc: x\n"
          "  https://mas.to/0\n"
          "- @ana[2J, mastodon (2026-03-01 09:29 UTC, reach 12,000, negative)\n"
          "  smoke Bcc: x\n"
          "- @ana[2J, mastodon (2026-03-01 09:29 UTC, reach 12,000, negative)\n"
          "  smoke Bcc: x\n"
          "  https://mas.to/2\n"
          "What to do: Call the duty officer.\n"
          "Runbook: https://wiki.example/surge\n"
          "\n"
          "Open in Vigie: https://vigie.example/#/alerts/0123456789abcdef\n");
    CHECK(message.rank == 4);
    CHECK(message.alerts[0].mentions.size() == 3);
    CHECK_FALSE(message.alerts[0].mentions[1].link.has_value());
    CHECK(message.late == "This message is 23 min 50 s late: it was due at 2026-03-01 09:31 UTC.");
}

TEST_CASE("the same in French") {
    const auto message = build_message(notification({surge()}), Language::fr, "", at(100));
    CHECK(message.title == "[CRISIS] aurora-air : VolumeSurge");
    CHECK(message.alerts[0].summary.bytes() == "84 mentions en une heure");
    CHECK(message.alerts[0].when == "Depuis le 2026-03-01 09:30 UTC (1 min 40 s)");
    CHECK(message.alerts[0].facts[0].value == "1\u202F284");
    CHECK(message.alerts[0].facts[1].value == "62,5\u00A0%");
    CHECK(message.alerts[0].facts[3].value == "aucune valeur");
    CHECK(message.link.empty());
    CHECK(contains(plain_text(message), "Que faire : Call the duty officer."));
}

TEST_CASE("an end has both times and how long it lasted") {
    const auto en = build_message(notification({surge(State::resolved)}), Language::en, "", at(100));
    CHECK(en.title == "Over: aurora-air: VolumeSurge");
    CHECK(en.alerts[0].when == "From 2026-03-01 09:30 UTC to 2026-03-01 11:35 UTC (2 h 5 min)");
    CHECK(en.alerts[0].because == "the condition has cleared");
    const auto fr = build_message(notification({surge(State::resolved)}), Language::fr, "", at(100));
    CHECK(fr.title == "Termin\u00E9 : aurora-air : VolumeSurge");
    CHECK(fr.alerts[0].when == "Du 2026-03-01 09:30 UTC au 2026-03-01 11:35 UTC (2 h 5 min)");
}

TEST_CASE("lateness begins after five minutes") {
    auto n = notification({surge()});
    n.created = at(0);
    CHECK(build_message(n, Language::en, "", at(300)).late.empty());
    CHECK(contains(build_message(n, Language::en, "", at(3 * 3600)).late, "3 h late"));
    CHECK(contains(build_message(n, Language::fr, "", at(2 * 86400)).late, "2 j de retard"));
}

TEST_CASE("why it is told now") {
    auto n = notification({surge()});
    const std::vector<std::pair<std::string, std::string>> reasons = {{"first", ""},
                                                                      {"new_alerts", "More of it: new alerts have come."},
                                                                      {"severity", "It has become graver."},
                                                                      {"repeat", "Reminder: it is still going on."},
                                                                      {"some_resolved", "Part of it is over."}};
    for (const auto& [reason, text] : reasons) {
        n.reason = reason;
        CHECK(build_message(n, Language::en, "", at(70)).why_now == text);
    }
}

TEST_CASE("many alerts: ten are shown, the rest counted; none at all is no crash") {
    std::vector<alerts::Alert> many(14, surge());
    auto n = notification(many);
    n.truncated = 3;
    const auto message = build_message(n, Language::en, "", at(70));
    CHECK(message.alerts.size() == 10);
    CHECK(message.more == "and 7 more alerts");
    CHECK(message.title == "[CRISIS] aurora-air: VolumeSurge (+16)");
    CHECK(contains(plain_text(build_message(notification({}), Language::en, "", at(70))), "[ALERT]"));
    n = notification(std::vector<alerts::Alert>(11, surge()));
    CHECK(build_message(n, Language::fr, "", at(70)).more == "et 1 autre alerte");
}

TEST_CASE("without annotations there is still a sentence") {
    auto bare = surge();
    bare.annotations.clear();
    bare.evidence.clear();
    bare.values.clear();
    CHECK(build_message(notification({bare}), Language::en, "", at(70)).alerts[0].summary.bytes() ==
          "The rule VolumeSurge fires for aurora-air.");
    bare.labels.erase("brand");
    CHECK(build_message(notification({bare}), Language::fr, "", at(70)).alerts[0].summary.bytes() ==
          "La r\u00E8gle VolumeSurge s'est d\u00E9clench\u00E9e.");
    bare.annotations["runbook"] = Untrusted("docs/runbooks/x.md");
    const auto message = build_message(notification({bare}), Language::en, "", at(70));
    CHECK_FALSE(message.alerts[0].runbook_link.has_value());
    CHECK(contains(plain_text(message), "Runbook: docs/runbooks/x.md"));
}

TEST_CASE("numbers, spans and languages for people") {
    const auto number = [](double v) { return human_value({"", v, rules::Unit::number}, Language::en); };
    CHECK(number(0) == "0");
    CHECK(number(84) == "84");
    CHECK(number(9.1) == "9.1");
    CHECK(number(11.2345) == "11.2");
    CHECK(number(0.00012) == "0.00012");
    CHECK(number(-3.5) == "-3.5");
    CHECK(number(999.6) == "1,000");
    CHECK(number(1234567) == "1,234,567");
    CHECK(number(2e20) == "2e+20");
    CHECK(number(1.0 / 0.0) == "no value");
    CHECK(human_value({"", -60.0, rules::Unit::duration}, Language::en) == "-1 min");
    CHECK(human_value({"", 1e300, rules::Unit::duration}, Language::en).ends_with(" d 9 h"));
    CHECK(human_duration(0s, Language::en) == "0 s");
    CHECK(human_duration(-5s, Language::en) == "0 s");
    CHECK(human_duration(45s, Language::en) == "45 s");
    CHECK(human_duration(52h, Language::fr) == "2 j 4 h");
    CHECK(human_time(at(0)) == "2026-03-01 09:30 UTC");
    CHECK(parse_language("fr-CA") == Language::fr);
    CHECK(parse_language("EN") == Language::en);
    CHECK_FALSE(parse_language("de").has_value());
    CHECK_FALSE(parse_language("").has_value());
}
