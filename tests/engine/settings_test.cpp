#include "vigie/engine/settings.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "vigie/config/yaml.hpp"

using namespace vigie;
using namespace vigie::engine;

namespace {

using Texts = std::vector<std::string>;

config::Environment machine() {
    config::Environment out;
    out.read_file = [](const std::string& path, std::size_t) -> Result<config::FileContent> {
        if (path == "/cred/push-token" || path == "/cred/slack-url" || path == "/cred/hook-secret" || path == "/etc/vigie/secret") {
            return config::FileContent{path == "/cred/slack-url"     ? "https://hooks.slack.example/services/canary\n"
                                       : path == "/cred/hook-secret" ? "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"
                                                                     : "canary-token\n",
                                       false};
        }
        return Error(Errc::not_found, "there is no such file");
    };
    out.variable = [](const std::string& name) -> std::optional<std::string> {
        if (name == "CREDENTIALS_DIRECTORY") return "/cred";
        return std::nullopt;
    };
    return out;
}

struct Loaded {
    std::optional<Settings> settings;
    Texts messages;
};

Loaded load(const std::string& yaml) {
    doc::Diagnostics diagnostics("/etc/vigie/vigie.yaml");
    Loaded out;
    const auto root = config::read_yaml(yaml, diagnostics);
    if (root) out.settings = decode_settings(*root, machine(), diagnostics);
    for (const auto& d : diagnostics.all()) out.messages.push_back(d.text());
    CHECK(out.settings.has_value() == diagnostics.ok());
    for (const auto& message : out.messages) CHECK(message.find("canary") == std::string::npos);
    return out;
}

Settings accept(const std::string& yaml) {
    auto loaded = load(yaml);
    REQUIRE_MESSAGE(loaded.settings.has_value(), (loaded.messages.empty() ? "" : loaded.messages[0]));
    CHECK(loaded.messages.empty());
    return std::move(*loaded.settings);
}

/// The one message of a configuration with one mistake, without the file's name.
std::string mistake(const std::string& yaml) {
    const auto loaded = load(yaml);
    CHECK_FALSE(loaded.settings.has_value());
    std::string all;
    for (const auto& message : loaded.messages)
        all += (all.empty() ? "" : " | ") + message.substr(std::string("/etc/vigie/vigie.yaml:").size());
    return all;
}

const std::string whole = R"(listen: 127.0.0.1:8480
timezone: Europe/Paris
rules: [rules/*.yaml, /usr/share/vigie/rules/base.yaml]
retention: {evidence: 30d, minutes: 90d, hours: 3y}
data_dir: data
external_url: https://vigie.example/
log: {format: json, level: debug}
brands:
  - name: aurora-air
    display: Aurora Air
    aliases: [Aurora Airlines]
    query: '("aurora air" OR auroraair OR @auroraair OR #auroraair) AND NOT "aurora airport"'
    official: {x: ["@auroraair"], mastodon: ["@auroraair@mastodon.social"], domain: [auroraair.example]}
    functions: {safety: 'smoke OR "emergency landing"', hr: 'pilot* OR strike OR union'}
    labels: {team: comms-eu}
    timezone: Europe/Madrid
sources:
  - {name: news-fr, kind: feed, url: "https://news.example/rss/search?q={query}&hl=fr", every: 2m, language: fr, brands: [aurora-air]}
  - {name: push, kind: push, token: {credential: push-token}}
  - {name: past, kind: file, path: items.ndjson, follow: true}
route: {receiver: comms, group_by: [alertname, brand], group_wait: 10s, group_interval: 5m, repeat_interval: 4h}
receivers:
  - name: comms
    slack_configs: [{api_url: {credential: slack-url}}]
    email_configs: [{to: crisis@auroraair.example, smarthost: "smtp.example:587", from: vigie@auroraair.example}]
    log_configs: [{}]
    webhook_configs: [{url: "https://hook.example/x", secret: {credential: hook-secret}}]
tokens:
  - {name: grafana, role: read, token: {file: secret}}
inhibit_rules: []
time_intervals: []
)";

const std::string brand = "brands: [{name: a, query: aurora}]\n";

}  // namespace

TEST_CASE("a brand without a query is looked for by its names and handles") {
    const auto of = [](const std::string& keys) { return accept("brands: [{" + keys + "}]\n").brands.at(0).query; };
    CHECK(of("name: aurora-air, display: Aurora Air, aliases: [ARA, Aurora Airlines], official: {x: '@AuroraAir', domain: aurora.example, "
             "mastodon: ['@auroraair@mas.to']}") ==
          R"("Aurora Air" OR "auroraair" OR "ARA" OR "Aurora Airlines" OR "auroraairlines" OR @auroraair@mas.to OR @AuroraAir)");
    CHECK(of("name: aurora-air") == R"("aurora-air" OR "auroraair")");
    CHECK(of("name: aurora, query: strike") == "strike");
    CHECK(of("name: a, query: aurora, functions: {reviews: 'kind:review'}") == "aurora");
    CHECK(mistake("brands: [{name: a, display: '...'}]\n").find("the key query, or a display name") != std::string::npos);
    CHECK(mistake("brands: [{name: a, query: 'kind:review'}]\n").find("column 1: kind:review alone") != std::string::npos);
    CHECK(of("name: aurora, query: ") == R"("aurora")");
}

TEST_CASE("a whole configuration is read") {
    const auto settings = accept(whole);
    CHECK(settings.file == "/etc/vigie/vigie.yaml");
    CHECK(settings.listen == "127.0.0.1:8480");
    CHECK(settings.timezone == "Europe/Paris");
    CHECK(settings.data_dir == "/etc/vigie/data");
    CHECK(settings.external_url == "https://vigie.example");
    CHECK(settings.rule_globs == Texts{"/etc/vigie/rules/*.yaml", "/usr/share/vigie/rules/base.yaml"});
    CHECK(settings.retention == store::Retention{std::chrono::days{30}, std::chrono::days{90}, std::chrono::days{3 * 365}});
    CHECK(settings.log == LogSettings{LogFormat::json, "debug"});
    REQUIRE(settings.brands.size() == 1);
    const auto& aurora = settings.brands[0];
    CHECK(aurora.display == "Aurora Air");
    CHECK(aurora.aliases == Texts{"Aurora Airlines"});
    CHECK(aurora.official.at("domain") == Texts{"auroraair.example"});
    REQUIRE(aurora.functions.size() == 2);
    CHECK(aurora.functions[0].name == "safety");  // in order of the file: bits are numbered by it
    CHECK(aurora.labels.at("team") == "comms-eu");
    CHECK(aurora.timezone == "Europe/Madrid");
    REQUIRE(settings.sources.size() == 3);
    CHECK(settings.sources[0].every == std::chrono::minutes{2});
    CHECK(settings.sources[0].url.equals("https://news.example/rss/search?q={query}&hl=fr"));
    CHECK(settings.sources[1].kind == sources::SourceKind::push);
    CHECK(settings.sources[1].token->equals("canary-token"));
    CHECK(settings.sources[2].path == "/etc/vigie/items.ndjson");
    CHECK(settings.sources[2].follow);
    CHECK(settings.route.receiver == "comms");
    CHECK(settings.route.group_wait == std::chrono::seconds{10});
    REQUIRE(settings.receivers.size() == 1);
    CHECK(settings.receivers[0].slack.size() == 1);
    REQUIRE(settings.tokens.size() == 1);
    CHECK(settings.tokens[0].role == Role::read);
    CHECK(settings.tokens[0].token.equals("canary-token"));
}

TEST_CASE("what is absent has its default") {
    const auto settings = accept(brand);
    CHECK(settings.listen == "127.0.0.1:8480");
    CHECK(settings.timezone == "UTC");
    CHECK(settings.data_dir == "/var/lib/vigie");
    CHECK(settings.retention == store::Retention{});
    CHECK(settings.log == LogSettings{});
    CHECK(settings.brands[0].display == "a");
    CHECK(settings.route.receiver == "log");
    REQUIRE(settings.receivers.size() == 1);
    CHECK(settings.receivers[0].name == "log");
    CHECK(settings.receivers[0].log.size() == 1);
    CHECK(accept("listen: '[::1]:0'\n").listen == "[::1]:0");
    CHECK(accept("rules: one.yaml\n").rule_globs == Texts{"/etc/vigie/one.yaml"});
}

TEST_CASE("mistakes at the top") {
    CHECK(mistake("lisen: 127.0.0.1:8480\n") == "1:1: the configuration has no key \"lisen\"; did you mean listen?");
    CHECK(mistake("").ends_with("found nothing, expected the configuration, which is a map"));
    CHECK(mistake("- a\n") == "1:1: found a list, expected the configuration, which is a map");
    for (const char* listen :
         {"8480", "localhost", ":8480", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", "127.0.0.1:8480x", "::1:8480"}) {
        CAPTURE(listen);
        CHECK(mistake(std::string("listen: '") + listen + "'\n") ==
              std::string("1:9: found \"") + listen + "\", expected address:port, such as 127.0.0.1:8480 or [::1]:8480");
    }
    CHECK(mistake("timezone: Europe/Pariss\n") == "1:11: found \"Europe/Pariss\", expected a time zone such as Europe/Paris or UTC");
    CHECK(mistake("timezone: ../../etc/passwd\n") == "1:11: found \"../../etc/passwd\", expected a time zone such as Europe/Paris or UTC");
    CHECK(mistake("external_url: vigie.example\n") == "1:15: found \"vigie.example\", expected a URL that begins with https:// or http://");
    CHECK(mistake("log: {format: xml}\n") == "1:15: found \"xml\", expected one of json, logfmt, text");
    CHECK(mistake("log: {level: warn}\n") == "1:14: found \"warn\", expected one of debug, info, warning, error");
    CHECK(mistake("rules: {a: b}\n") == "1:8: found a map, expected a string or a list of strings");
    CHECK(mistake("inhibit_rules: [{}]\n") == "1:16: this version does not know inhibit_rules yet, expected an empty list or none");
    CHECK(mistake("time_intervals: [{name: x}]\n") ==
          "1:17: this version does not know time_intervals yet, expected an empty list or none");
}

TEST_CASE("mistakes in the retention") {
    CHECK(mistake("retention: {evidence: 30}\n") == "1:23: found \"30\", expected a duration such as 30s, 5m, 6h, 14d or 2w");
    CHECK(mistake("retention: {minutes: 1d}\n") == "1:22: found \"1d\", expected a duration from 2d2h to 100y");
    CHECK(mistake("retention: {minutes: 90d, hours: 60d}\n") ==
          "1:12: minutes are kept longer (90d) than hours (60d), expected the hours to outlive them");
    CHECK(mistake("retention: {days: 3d}\n") == "1:13: retention has no key \"days\", expected one of evidence, hours, minutes");
}

TEST_CASE("mistakes in brands") {
    const auto one = [](const std::string& fields) { return mistake("brands:\n  - {" + fields + "}\n"); };
    CHECK(one("query: a") == "2:5: a brand needs the key name");
    for (const char* name : {"Aurora", "aurora air", "-a", "é", "a_b"}) {
        CAPTURE(name);
        CHECK(one(std::string("name: '") + name + "', query: aurora") ==
              std::string("2:12: found \"") + name + "\", expected a name of lower-case letters, digits and '-', at most 64");
    }
    CHECK(one("name: a, query: aurora, official: [x]") ==
          "2:40: found a list, expected a map of platforms to handles, such as {x: [\"@aurora\"]}");
    CHECK(one("name: a, query: aurora, official: {X: [a]}") == "2:41: found \"X\", expected a platform, or domain");
    CHECK(one("name: a, query: aurora, official: {x: {a: b}}") == "2:44: found a map, expected a string or a list of strings");
    CHECK(one("name: a, query: aurora, labels: {severity: x}") == "2:39: found the label severity, which Vigie sets itself");
    CHECK(one("name: a, query: aurora, labels: {brand: x}") == "2:39: found the label brand, which Vigie sets itself");
    CHECK(one("name: a, query: aurora, labels: {alertname: x}") == "2:39: found the label alertname, which Vigie sets itself");
    CHECK(one("name: a, query: aurora, labels: {te-am: x}") ==
          "2:39: found \"te-am\", expected a label's name: letters, digits and '_', not beginning with a digit");
    CHECK(one("name: a, query: aurora, labels: {team: [x]}") == "2:45: found a list, expected a string");
    CHECK(one("name: a, query: aurora, timezone: Mars/Olympus") ==
          "2:40: found \"Mars/Olympus\", expected a time zone such as Europe/Paris or UTC");
    CHECK(one("name: a, query: aurora, functions: {S: smoke}") ==
          "2:42: found \"S\", expected a function's name: lower-case letters, digits, '-' and '_', at most 64");
    CHECK(one("name: a, query: '(aurora'").starts_with("2:22: in the query, column "));
    CHECK(one("name: a, query: ''").starts_with("2:22: in the query"));
    CHECK(one("name: a, query: aurora, functions: {s: 'a OR'}").starts_with("2:45: in the query, column "));
    CHECK(mistake("brands:\n  - {name: a, query: aurora}\n  - {name: b, query: aurora}\n  - {name: a, query: aurora}\n") ==
          "4:12: found the brand a again (first at 2:12)");

    std::string functions;
    for (int i = 0; i < 65; ++i) functions += (i > 0 ? ", " : "") + std::string("f") + std::to_string(i) + ": smoke";
    CHECK(one("name: a, query: aurora, functions: {" + functions + "}") == "2:41: found 65 functions, expected at most 64");
}

TEST_CASE("mistakes in sources") {
    const auto one = [](const std::string& fields) { return mistake("sources:\n  - {" + fields + "}\n"); };
    CHECK(one("name: a") == "2:5: a source needs the key kind");
    CHECK(one("kind: push") == "2:5: a source needs the key name");
    CHECK(one("name: A, kind: push") == "2:12: found \"A\", expected a name of lower-case letters, digits and '-', at most 64");
    CHECK(one("name: a, kind: feeed") == "2:21: found \"feeed\", expected one of feed, push, file; did you mean feed?");
    CHECK(one("name: a, kind: feed") == "2:5: a source needs the key url");
    CHECK(one("name: a, kind: feed, url: 'ftp://canary.example/'") ==
          "2:32: found a plain string, expected {file: path}, {credential: name} or {env: NAME}, or a URL that begins with https:// or "
          "http://");
    CHECK(one("name: a, kind: feed, url: 'https:///canary'") == "2:32: url is no usable URL, expected http:// or https:// with a host");
    CHECK(one("name: a, kind: feed, url: 'https://x.example/{canary}'") ==
          "2:32: url has a placeholder other than {query}, which is the only one");
    CHECK(one("name: a, kind: feed, url: 'https://x.example/', every: 5s") == "2:61: found \"5s\", expected a duration from 10s to 30d");
    CHECK(one("name: a, kind: feed, url: 'https://x.example/', platform: News") ==
          "2:64: found \"News\", expected lower-case letters, digits, '.', '_' and '-', at most 64");
    CHECK(one("name: a, kind: feed, url: 'https://x.example/', evry: 5m") == "2:54: a source has no key \"evry\"; did you mean every?");
    CHECK(one("name: a, kind: feed, url: {credential: push-token}") ==
          "2:32: url is no usable URL, expected http:// or https:// with a host");
    CHECK(one("name: a, kind: push, url: 'https://x.example/'").find("a source has no key \"url\"") != std::string::npos);
    CHECK(one("name: a, kind: push, token: canary") ==
          "2:34: found a plain string, expected {file: path}, {credential: name} or {env: NAME}");
    CHECK(one("name: a, kind: push, token: {credential: absent}") == "2:47: cannot read the credential \"absent\": there is no such file");
    CHECK(one("name: a, kind: file") == "2:5: a source needs the key path");
    CHECK(one("name: a, kind: file, path: ''") == "2:33: found \"\", expected a path");
    CHECK(mistake("sources:\n  - {name: a, kind: push}\n  - {name: a, kind: push}\n") == "3:12: found the source a again (first at 2:12)");
    CHECK(mistake("sources: {name: a}\n") == "1:10: found a map, expected a list");
}

TEST_CASE("sources are checked against the rest of the file") {
    const std::string feed = "sources:\n  - {name: a, kind: feed, url: 'https://x.example/?q={query}', brands: [aurora-ar]}\n";
    CHECK(mistake("brands: [{name: aurora-air, query: aurora}]\n" + feed) == "3:72: there is no brand aurora-ar; did you mean aurora-air?");
    CHECK(mistake("brands: [{name: aurora-air, query: aurora}]\nsources:\n  - {name: a, kind: feed, url: 'https://x.example/', brands: "
                  "aurora-air}\n") == "3:32: brands are listed, but url has no {query} to put their names into");
    const std::string push = "sources:\n  - {name: a, kind: push}\n";
    for (const char* listen : {"0.0.0.0:8480", "'[::]:8480'", "192.168.1.4:8480", "127.0.0.1.example:80", "vigie.example:80"}) {
        CAPTURE(listen);
        CHECK(mistake(std::string("listen: ") + listen + "\n" + push).starts_with("3:5: the push source a needs a token, because "));
    }
    for (const char* listen : {"127.0.0.1:8480", "127.9.9.9:1", "'[::1]:8480'", "localhost:80"}) {
        CAPTURE(listen);
        accept(std::string("listen: ") + listen + "\n" + push);
    }
    accept("listen: 0.0.0.0:8480\nsources:\n  - {name: a, kind: push, token: {credential: push-token}}\n");
}

TEST_CASE("mistakes in routes, receivers and tokens") {
    const std::string receivers = "receivers: [{name: comms, log_configs: [{}]}]\n";
    accept("route: {receiver: comms}\n" + receivers);
    CHECK(mistake(receivers) == "1:12: there are receivers, but no route that leads to them");
    CHECK_FALSE(mistake("route: {receiver: coms}\n" + receivers).empty());
    CHECK(mistake("route: {receiver: coms}\n" + receivers).starts_with("1:19: "));
    CHECK(mistake("route: {receiver: comms}\nreceivers:\n  - {name: comms, log_configs: [{}]}\n  - {name: comms, log_configs: [{}]}\n") ==
          "4:12: found the receiver comms again (first at 3:12)");
    CHECK(mistake("tokens: [{name: a, role: root, token: {file: secret}}]\n") == "1:26: found \"root\", expected one of push, read, admin");
    CHECK(mistake("tokens: [{name: a, role: read, token: canary}]\n") ==
          "1:39: found a plain string, expected {file: path}, {credential: name} or {env: NAME}");
    CHECK(mistake("tokens: [{role: read}]\n") == "1:10: a token needs the key name | 1:10: a token needs the key token");
}

TEST_CASE("all mistakes are told at once, in every section") {
    const auto loaded = load(
        "listen: nowhere\n"
        "brands:\n"
        "  - {name: A, query: aurora}\n"
        "  - {name: b, query: b OR}\n"
        "sources:\n"
        "  - {name: s, kind: fed}\n"
        "route: {reciever: x}\n"
        "receivers: [{nme: x}]\n"
        "listen: again\n"
        "colour: blue\n");
    std::vector<std::string> lines;
    for (const auto& message : loaded.messages) lines.push_back(message.substr(std::string("/etc/vigie/vigie.yaml:").size()));
    for (const char* line : {"1:", "3:", "4:", "6:", "7:", "8:", "9:", "10:"}) {
        CAPTURE(line);
        CHECK(std::any_of(lines.begin(), lines.end(), [&](const std::string& text) { return text.starts_with(line); }));
    }
}
