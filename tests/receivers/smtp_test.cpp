#include "receivers/smtp.hpp"

#include <doctest/doctest.h>

#include <tuple>

using namespace vigie;
using namespace vigie::receivers;
using delivery::OutcomeKind;
using namespace std::chrono_literals;

TEST_CASE("what an SMTP reply means") {
    using Row = std::tuple<int, const char*, OutcomeKind, std::optional<Duration>>;
    const std::vector<Row> table = {
        {250, "", OutcomeKind::delivered, {}},
        {250, "2.0.0", OutcomeKind::delivered, {}},
        {421, "4.7.0", OutcomeKind::retry, {}},
        {450, "", OutcomeKind::retry, 5min},
        {451, "4.7.1", OutcomeKind::retry, 5min},  // greylisting
        {452, "4.2.2", OutcomeKind::retry, {}},
        {530, "5.7.0", OutcomeKind::retry, 15min},
        {534, "5.7.9", OutcomeKind::retry, 15min},
        {535, "5.7.8", OutcomeKind::retry, 15min},
        {500, "5.7.8", OutcomeKind::retry, 15min},
        {550, "5.1.1", OutcomeKind::endpoint_dead, {}},
        {550, "", OutcomeKind::endpoint_dead, {}},
        {551, "", OutcomeKind::endpoint_dead, {}},
        {553, "5.1.3", OutcomeKind::endpoint_dead, {}},
        {554, "5.1.2", OutcomeKind::endpoint_dead, {}},
        {550, "5.2.2", OutcomeKind::retry, 1h},  // a full mailbox may be emptied
        {552, "", OutcomeKind::retry, 1h},
        {552, "5.3.4", OutcomeKind::payload_rejected, {}},
        {554, "", OutcomeKind::payload_rejected, {}},
        {554, "5.6.0", OutcomeKind::payload_rejected, {}},
    };
    for (const auto& [reply, enhanced, kind, wait] : table) {
        CAPTURE(reply);
        CAPTURE(enhanced);
        const auto outcome = outcome_of_reply(reply, enhanced);
        CHECK(outcome.kind == kind);
        CHECK(outcome.retry_after == wait);
        CHECK_FALSE(outcome.at_once);
        CHECK(outcome.detail.find(std::to_string(reply)) != std::string::npos);
    }
}

TEST_CASE("a server that is not there, or that may not be asked") {
    EmailSettings settings;
    settings.from = "vigie@example.com";
    settings.to = {"crisis@example.com"};
    settings.smarthost = "127.0.0.1:1";
    settings.require_tls = false;
    const std::atomic<bool> stop{false};
    const auto refused = send_mail(settings, {}, stop);
    CHECK(refused.kind == OutcomeKind::endpoint_dead);
    CHECK(refused.detail.find("allow_private") != std::string::npos);
    settings.allow_private = true;
    const auto nobody = send_mail(settings, {}, stop);
    CHECK(nobody.kind == OutcomeKind::retry);
    CHECK_FALSE(nobody.detail.empty());
}
