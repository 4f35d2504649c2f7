#include "api/metrics.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>

using namespace vigie;
using namespace vigie::api;

namespace {

const Time now = parse_time("2026-03-01T09:30:00Z").value();

engine::StatusView status() {
    engine::StatusView out;
    out.now = now;
    out.started = now - std::chrono::hours{1};
    out.version = "1.0";
    out.firing = 3;
    out.queues = {{"comms/slack/0", 2, now - std::chrono::seconds{90}, "closed", 1}, {"a\"b\\c\nd/log/0", 0, std::nullopt, "open", 0}};
    out.store.mentions = 12345678901ULL;
    return out;
}

engine::SourceView source(const std::string& name, const std::string& state) {
    engine::SourceView out;
    out.name = name;
    out.state = state;
    out.items = 7;
    return out;
}

std::string exposition() {
    engine::Totals totals;
    totals.items_accepted = 5;
    totals.transitions["firing"] = 2;
    totals.deliveries["delivered"] = 4;
    auto healthy = source("one", "healthy");
    healthy.last_success = now - std::chrono::milliseconds{1500};
    return metrics_text(
        status(), totals,
        {healthy, source("two", "failing"), source("three", "gone"), source("four", "listening"), source("five", "silent")});
}

/// The samples, after every line has been read as the exposition format wants it.
std::map<std::string, double> samples(const std::string& body) {
    std::map<std::string, double> out;
    std::map<std::string, std::string> types;
    std::set<std::string> helped;
    std::istringstream lines(body);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        if (line.starts_with("# HELP ")) {
            const std::string name = line.substr(7, line.find(' ', 7) - 7);
            CHECK(helped.insert(name).second);
            CHECK(line.size() > 7 + name.size() + 1);
            continue;
        }
        if (line.starts_with("# TYPE ")) {
            const std::string name = line.substr(7, line.find(' ', 7) - 7);
            const std::string type = line.substr(8 + name.size());
            CHECK((type == "counter" || type == "gauge"));
            CHECK(types.emplace(name, type).second);
            CHECK(helped.contains(name));
            CHECK(name.ends_with("_total") == (type == "counter"));
            continue;
        }
        const std::string name = line.substr(0, line.find_first_of("{ "));
        CHECK(types.contains(name));
        CHECK(name.starts_with("vigie_"));
        const std::size_t blank = line.rfind(' ');
        REQUIRE(blank != std::string::npos);
        CHECK(out.emplace(line.substr(0, blank), std::stod(line.substr(blank + 1))).second);
    }
    CHECK(body.ends_with('\n'));
    return out;
}

}  // namespace

TEST_CASE("the text is Prometheus' exposition: each name with help and type, once") {
    const auto found = samples(exposition());
    CHECK(found.size() > 30);
    CHECK(found.at("vigie_items_total{outcome=\"accepted\"}") == 5);
    CHECK(found.at("vigie_alerts{state=\"firing\"}") == 3);
    CHECK(found.at("vigie_alert_transitions_total{state=\"firing\"}") == 2);
    CHECK(found.at("vigie_deliveries_total{outcome=\"delivered\"}") == 4);
    CHECK(found.at("vigie_outbox_waiting{integration=\"comms/slack/0\"}") == 2);
    CHECK(found.at("vigie_outbox_oldest_undelivered_seconds{integration=\"comms/slack/0\"}") == 90);
    CHECK(found.at("vigie_outbox_dead_letters{integration=\"comms/slack/0\"}") == 1);
    CHECK(found.at("vigie_source_last_success_age_seconds{source=\"one\"}") == 1.5);
    CHECK(found.at("vigie_mentions_total") == 12345678901.0);
    CHECK(found.at("vigie_build_info{version=\"1.0\"}") == 1);
}

TEST_CASE("a source that listens or has nothing new is not ill") {
    const auto found = samples(exposition());
    const auto healthy = [&](const std::string& name) { return found.at("vigie_source_healthy{source=\"" + name + "\"}"); };
    CHECK(healthy("one") == 1);
    CHECK(healthy("two") == 0);
    CHECK(healthy("three") == 0);
    CHECK(healthy("four") == 1);
    CHECK(healthy("five") == 1);
}

TEST_CASE("labels are escaped") {
    CHECK(exposition().find("vigie_outbox_waiting{integration=\"a\\\"b\\\\c\\nd/log/0\"} 0\n") != std::string::npos);
}

TEST_CASE("without sources and queues it is still well formed") {
    CHECK(samples(metrics_text({}, {}, {})).contains("vigie_brands"));
}
