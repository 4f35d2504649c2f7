#include "vigie/delivery/outcome.hpp"

#include <doctest/doctest.h>

#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;

TEST_CASE("an outbox row comes back as it was; damage is an error") {
    OutboxRow row;
    CHECK(*decode_outbox_row(encode_outbox_row(row)) == row);
    row.sequence = 0xFFFFFFFFFFFFFFFFULL;
    row.integration = "comms/slack/0";
    row.notification.key = "k";
    row.notification.receiver = "comms";
    row.notification.group = {{"a", "b\n\"c\""}};
    row.notification.alerts.resize(2);
    row.notification.alerts[0].annotations["summary"] = Untrusted("<!channel> \xF0\x9F\x94\xA5");
    row.attempts = 7;
    row.next_try = from_millis(-5);
    row.first_try = from_millis(1);
    row.shrunk = true;
    row.last_error = "HTTP 503";
    row.strikes = 2;
    row.first_strike = from_millis(9);
    const auto json = encode_outbox_row(row);
    REQUIRE(decode_outbox_row(json).ok());
    CHECK(*decode_outbox_row(json) == row);
    for (std::size_t length = 0; length < json.size(); ++length) CHECK_FALSE(decode_outbox_row(json.substr(0, length)).ok());
    for (std::size_t i = 0; i < json.size(); ++i) {
        auto damaged = json;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x05);
        const auto result = decode_outbox_row(damaged);
        if (!result.ok()) CHECK(result.error().code() == Errc::corrupt);
    }
    for (const char* text : {"", "[]", "{}", "{\"v\":2}", "nul"}) CHECK_FALSE(decode_outbox_row(text).ok());
}

TEST_CASE("outcomes have names") {
    CHECK(to_string(OutcomeKind::delivered) == "delivered");
    CHECK(to_string(OutcomeKind::retry) == "retry");
    CHECK(to_string(OutcomeKind::payload_rejected) == "payload_rejected");
    CHECK(to_string(OutcomeKind::endpoint_dead) == "endpoint_dead");
    CHECK(to_string(OutcomeKind::ambiguous) == "ambiguous");
}
