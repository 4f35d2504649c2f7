// Messages that strangers have had their hands on: shared by the tests of bodies.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "delivery/notification.hpp"
#include "vigie/delivery/message.hpp"

namespace vigie::receivers::test {

inline const std::vector<std::string>& hostile_texts() {
    static const std::vector<std::string> all = {
        "<!channel> <!here> <!everyone> <@U0123ABCD> <#C0123ABCD>",
        "<https://evil.example|https://bank.example>",
        "@channel @here @everyone",
        "*bold* _italic_ ~struck~ `code` ```block```",
        "a\nb\r\nc\n\n> quoted\nBcc: victim@example.com",
        "</script><script>alert(1)</script>\"'&",
        "=?UTF-8?Q?forged?=",
        "\xE2\x80\xAE"
        "desrever \xE2\x80\x8B zero width",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB family",
        "\x1b[31mred\x07",
        "\xff\xfe broken",
        "",
        std::string(5000, 'x'),
        std::string(5000, '<'),
        [] {
            std::string out;
            for (int i = 0; i < 2000; ++i) out += "\xF0\x9F\x98\x80";
            return out;
        }(),
        [] {
            std::string out;
            for (int i = 0; i < 2000; ++i) out += "\xC3\xA9";
            return out;
        }(),
        [] {
            std::string out = "&";
            for (int i = 0; i < 11; ++i) out += out;
            return out;
        }(),
    };
    return all;
}

/// Everything that strangers or rule writers write is drawn from the hostile texts.
inline alerts::Notification hostile_notification(unsigned seed) {
    std::mt19937 random(seed);
    const auto text = [&]() -> const std::string& { return hostile_texts()[random() % hostile_texts().size()]; };
    const auto link = [&] {
        const std::string base = "https://mas.to/" + std::string(random() % 3 == 0 ? 1850 : 20, 'a') + "?a=1&b=2";
        return random() % 4 == 0 ? text() : base + (random() % 3 == 0 ? std::string(20, '&') : "");
    };
    std::vector<alerts::Alert> alerts;
    const std::size_t count = 1 + random() % 14;
    for (std::size_t i = 0; i < count; ++i) {
        alerts::Alert alert = surge(random() % 3 == 0 ? alerts::State::resolved : alerts::State::firing);
        alert.fingerprint += i;
        alert.labels["platform"] = text();
        alert.labels["team"] = text();
        alert.rule.name = random() % 2 == 0 ? "VolumeSurge" : text();
        alert.labels["alertname"] = alert.rule.name;
        alert.annotations = {{"summary", Untrusted(text())},
                             {"summary_fr", Untrusted(text())},
                             {"description", Untrusted(text())},
                             {"action", Untrusted(text())},
                             {"runbook", Untrusted(link())}};
        alert.values.clear();
        for (std::size_t v = 0; v < random() % 12; ++v) alert.values.push_back({text(), 1.5 * static_cast<double>(v), rules::Unit::number});
        for (alerts::Evidence& evidence : alert.evidence) {
            evidence.author = Untrusted(text());
            evidence.text = Untrusted(text());
            evidence.platform = random() % 2 == 0 ? "x" : text();
            evidence.url = Untrusted(link());
        }
        alerts.push_back(std::move(alert));
    }
    return notification(std::move(alerts));
}

inline delivery::Message hostile_message(unsigned seed) {
    const auto language = seed % 2 == 0 ? delivery::Language::en : delivery::Language::fr;
    return delivery::build_message(hostile_notification(seed), language, seed % 3 == 0 ? "https://vigie.example" : "",
                                   at(seed % 5 == 0 ? 7200 : 80));
}

}  // namespace vigie::receivers::test
