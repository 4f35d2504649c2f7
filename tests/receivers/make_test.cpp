#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "delivery/notification.hpp"
#include "net/loop.hpp"
#include "sources/fake_http.hpp"
#include "vigie/receivers/receiver.hpp"

using namespace vigie;
using namespace vigie::receivers;

namespace {

struct Room {
    Surroundings surroundings() {
        return Surroundings(io.get_executor(), http, clock, clock, "https://vigie.example",
                            [this](const delivery::Message& message) { logged.push_back(message); });
    }
    std::vector<std::unique_ptr<Receiver>> make(const std::vector<ReceiverSettings>& settings) {
        auto made = make_receivers(settings, surroundings());
        REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
        return std::move(*made);
    }
    delivery::Outcome deliver(Receiver& receiver, bool shrunk = false) {
        delivery::OutboxRow row;
        row.integration = receiver.integration();
        row.notification = notification({surge()});
        row.shrunk = shrunk;
        return net::test::run(io, receiver.deliver(row));
    }
    boost::asio::io_context io;
    fake::HttpClient http;
    ManualClock clock{at(80)};
    std::vector<delivery::Message> logged;
};

ReceiverSettings comms() {
    ReceiverSettings out;
    out.name = "comms";
    out.slack.emplace_back();
    out.slack[0].api_url = Secret("https://hooks.example/T/SECRET");
    out.webhook.emplace_back();
    out.webhook[0].url = Secret("https://hook.example/x");
    out.webhook[0].secret = Secret("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    out.webhook[0].send_resolved = false;
    out.log.emplace_back();
    out.log[0].language = "fr";
    return out;
}

}  // namespace

TEST_CASE("one receiver for each integration, named as integrations_of names them, in its order") {
    Room room;
    auto settings = comms();
    settings.email.emplace_back();
    settings.email[0].to = {"a@b.example"};
    ReceiverSettings second;
    second.name = "second";
    second.log.resize(2);
    const auto made = room.make({settings, second});
    std::vector<std::string> names, wanted = integrations_of(settings);
    for (const auto& name : integrations_of(second)) wanted.push_back(name);
    for (const auto& one : made) names.push_back(one->integration());
    CHECK(names == wanted);
    CHECK(made[0]->send_resolved());
    CHECK_FALSE(made[2]->send_resolved());
}

TEST_CASE("a secret that is none is an error that names the integration, not the secret") {
    Room room;
    auto settings = comms();
    settings.webhook[0].secret = Secret("canary");
    const auto made = make_receivers({settings}, room.surroundings());
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().text().find("comms/webhook/0") != std::string::npos);
    CHECK(made.error().text().find("canary") == std::string::npos);
}

TEST_CASE("Slack gets a POST of JSON, smaller when that is asked for") {
    Room room;
    const auto made = room.make({comms()});
    room.http.answer(200, "ok");
    room.http.answer(200, "ok");
    CHECK(room.deliver(*made[0]).kind == delivery::OutcomeKind::delivered);
    CHECK(room.deliver(*made[0], true).kind == delivery::OutcomeKind::delivered);
    REQUIRE(room.http.asked.size() == 2);
    const net::HttpRequest& request = room.http.asked[0];
    CHECK(request.method == "POST");
    CHECK(request.url == "https://hooks.example/T/SECRET");
    CHECK(request.headers.get("Content-Type") == "application/json; charset=utf-8");
    CHECK_FALSE(request.allow_private);
    CHECK(request.limits.redirects == 0);
    CHECK(boost::json::parse(request.body).is_object());
    CHECK(room.http.asked[1].body.size() < request.body.size());
}

TEST_CASE("a webhook is signed, with the notification's key as its id on every try") {
    Room room;
    const auto made = room.make({comms()});
    room.http.answer(503);
    room.http.answer(204);
    CHECK(room.deliver(*made[1]).kind == delivery::OutcomeKind::retry);
    room.clock.advance(std::chrono::minutes{1});
    CHECK(room.deliver(*made[1]).kind == delivery::OutcomeKind::delivered);
    REQUIRE(room.http.asked.size() == 2);
    const net::Headers first = room.http.asked[0].headers;
    const net::Headers second = room.http.asked[1].headers;
    CHECK(first.get("webhook-id") == "0123456789abcdef0123456789abcdef");
    CHECK(second.get("webhook-id") == first.get("webhook-id"));
    CHECK(first.get("webhook-signature").starts_with("v1,"));
    CHECK(first.get("webhook-timestamp") == std::to_string(to_millis(at(80)) / 1000));
    CHECK(second.get("webhook-timestamp") != first.get("webhook-timestamp"));
    CHECK(room.http.asked[0].body == room.http.asked[1].body);

    auto plain = comms();
    plain.webhook[0].secret.reset();
    const auto unsigned_ones = room.make({plain});
    room.http.answer(200);
    CHECK(room.deliver(*unsigned_ones[1]).kind == delivery::OutcomeKind::delivered);
    CHECK(room.http.asked[2].headers.get("webhook-id") == first.get("webhook-id"));
    CHECK_FALSE(room.http.asked[2].headers.has("webhook-signature"));
}

TEST_CASE("the log gets the message in its language") {
    Room room;
    const auto made = room.make({comms()});
    CHECK(room.deliver(*made[2]).kind == delivery::OutcomeKind::delivered);
    REQUIRE(room.logged.size() == 1);
    CHECK(room.logged[0].language == delivery::Language::fr);
    CHECK(room.logged[0].link.starts_with("https://vigie.example"));
}

TEST_CASE("a mail is sent on a thread of its own, and its failure is an outcome") {
    Room room;
    ReceiverSettings settings;
    settings.name = "mail";
    settings.email.emplace_back();
    settings.email[0].to = {"a@b.example"};
    settings.email[0].from = "v@b.example";
    settings.email[0].smarthost = "127.0.0.1:1";
    settings.email[0].allow_private = true;
    const auto made = room.make({settings});
    const auto outcome = room.deliver(*made[0]);
    CHECK(outcome.kind == delivery::OutcomeKind::retry);
    CHECK_FALSE(outcome.detail.empty());
}
