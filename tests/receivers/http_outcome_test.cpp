#include "receivers/http_outcome.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace vigie;
using namespace vigie::receivers;
using delivery::OutcomeKind;

namespace {

const Time now = parse_time("2026-03-01T09:30:00Z").value();

delivery::Outcome of(int status, const std::string& retry_after = "") {
    net::HttpResponse response;
    response.status = status;
    response.body = "no_service: https://hooks.example/SECRET";
    if (!retry_after.empty()) REQUIRE(response.headers.set("Retry-After", retry_after).ok());
    return outcome_of(response, now);
}

}  // namespace

TEST_CASE("what each status means") {
    const std::map<int, OutcomeKind> table = {
        {200, OutcomeKind::delivered},
        {201, OutcomeKind::delivered},
        {202, OutcomeKind::delivered},
        {204, OutcomeKind::delivered},
        {299, OutcomeKind::delivered},
        {300, OutcomeKind::endpoint_dead},
        {301, OutcomeKind::endpoint_dead},
        {302, OutcomeKind::endpoint_dead},
        {308, OutcomeKind::endpoint_dead},
        {400, OutcomeKind::payload_rejected},
        {401, OutcomeKind::endpoint_dead},
        {403, OutcomeKind::endpoint_dead},
        {404, OutcomeKind::endpoint_dead},
        {405, OutcomeKind::endpoint_dead},
        {406, OutcomeKind::payload_rejected},
        {408, OutcomeKind::retry},
        {410, OutcomeKind::endpoint_dead},
        {413, OutcomeKind::payload_rejected},
        {415, OutcomeKind::payload_rejected},
        {422, OutcomeKind::payload_rejected},
        {425, OutcomeKind::retry},
        {429, OutcomeKind::retry},
        {500, OutcomeKind::retry},
        {501, OutcomeKind::retry},
        {502, OutcomeKind::retry},
        {503, OutcomeKind::retry},
        {504, OutcomeKind::retry},
        {599, OutcomeKind::retry},
    };
    for (const auto& [status, kind] : table) {
        CAPTURE(status);
        const auto outcome = of(status);
        CHECK(outcome.kind == kind);
        CHECK(outcome.at_once == (status == 410));
        CHECK_FALSE(outcome.retry_after.has_value());
        CHECK(outcome.detail.find(std::to_string(status)) != std::string::npos);
        CHECK(outcome.detail.find("SECRET") == std::string::npos);
    }
}

TEST_CASE("Retry-After rules where patience is asked for, and nowhere else") {
    for (const int status : {408, 425, 429, 500, 503}) {
        CAPTURE(status);
        CHECK(of(status, "120").retry_after == std::chrono::seconds{120});
        CHECK(of(status, "0").retry_after == std::chrono::seconds{1});
        CHECK(of(status, "999999").retry_after == std::chrono::hours{1});
        CHECK(of(status, "Sun, 01 Mar 2026 09:40:00 GMT").retry_after == std::chrono::minutes{10});
        CHECK_FALSE(of(status, "soon").retry_after.has_value());
    }
    CHECK_FALSE(of(410, "120").retry_after.has_value());
    CHECK_FALSE(of(400, "120").retry_after.has_value());
}

TEST_CASE("failures without an answer") {
    const auto failed = [](Errc code, const std::string& where = "") {
        return outcome_of(Result<net::HttpResponse>(Error(code, "what happened", where)), now);
    };
    for (const Errc code : {Errc::network, Errc::timeout, Errc::tls, Errc::protocol, Errc::limit}) {
        CHECK(failed(code).kind == OutcomeKind::retry);
        // It may have arrived: the same key goes out again.
        CHECK(failed(code, "sent").kind == OutcomeKind::ambiguous);
    }
    CHECK(failed(Errc::refused).kind == OutcomeKind::endpoint_dead);
    CHECK(failed(Errc::invalid).kind == OutcomeKind::endpoint_dead);
    CHECK_FALSE(failed(Errc::refused).at_once);
    CHECK(failed(Errc::network).detail == "what happened");
}
