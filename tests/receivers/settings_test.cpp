#include "vigie/receivers/settings.hpp"

#include <doctest/doctest.h>

#include "rules/yaml.hpp"

using namespace vigie;
using namespace vigie::receivers;

namespace {

struct Read {
    std::optional<ReceiverSettings> receiver;
    std::string said;  ///< all messages without the file's name, "|" between
};

Read read(const std::string& yaml) {
    doc::Diagnostics diagnostics("f");
    const SecretReader secret = [](const doc::Node& node, doc::Diagnostics& into) -> std::optional<Secret> {
        if (node.kind == doc::NodeKind::scalar) return Secret(node.text);
        into.error(node.mark, "no such secret");
        return std::nullopt;
    };
    Read out;
    out.receiver = decode_receiver(test::yaml(yaml), secret, diagnostics);
    for (const auto& one : diagnostics.all()) out.said += (out.said.empty() ? "" : "|") + one.text().substr(2);
    CHECK(out.receiver.has_value() == diagnostics.ok());
    CHECK(out.said.find("canary") == std::string::npos);
    return out;
}

/// One configuration of that kind, on line 2, its fields from column 11.
std::string mistake(const std::string& kind, const std::string& fields) {
    return read("name: comms\n" + kind + ":\n  - {" + fields + "}\n").said;
}

const std::string mail = "to: a@b.example, from: v@b.example, smarthost: 'smtp.example:587'";

}  // namespace

TEST_CASE("every kind with all its fields") {
    const auto one = read(
        "name: comms\n"
        "slack_configs:\n"
        "  - {api_url: 'https://hooks.example/canary', language: fr, send_resolved: false, allow_private: true}\n"
        "email_configs:\n"
        "  - to: ['a@b.example, Ann <c@d.example>', e@f.example]\n"
        "    from: Vigie <v@b.example>\n"
        "    smarthost: smtp.example:587\n"
        "    auth_username: v\n"
        "    auth_password: canary\n"
        "    hello: mail.b.example\n"
        "    send_resolved: false\n"
        "webhook_configs:\n"
        "  - {url: 'https://hook.example/canary', max_alerts: 20, secret: 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE='}\n"
        "log_configs:\n"
        "  - {language: fr, send_resolved: false}\n"
        "  - {language: en}\n");
    REQUIRE_MESSAGE(one.receiver.has_value(), one.said);
    const ReceiverSettings& receiver = *one.receiver;
    CHECK(receiver.name == "comms");
    REQUIRE(receiver.slack.size() == 1);
    CHECK(receiver.slack[0].api_url.equals("https://hooks.example/canary"));
    CHECK(receiver.slack[0].language == "fr");
    CHECK_FALSE(receiver.slack[0].send_resolved);
    CHECK(receiver.slack[0].allow_private);
    REQUIRE(receiver.email.size() == 1);
    CHECK(receiver.email[0].to == std::vector<std::string>{"a@b.example", "Ann <c@d.example>", "e@f.example"});
    CHECK(receiver.email[0].auth_password->equals("canary"));
    CHECK(receiver.email[0].require_tls);
    CHECK(receiver.email[0].hello == "mail.b.example");
    REQUIRE(receiver.webhook.size() == 1);
    CHECK(receiver.webhook[0].max_alerts == 20);
    CHECK(receiver.webhook[0].secret.has_value());
    CHECK(receiver.log.size() == 2);
    CHECK(receiver.log[1].language == "en");
    CHECK(integrations_of(receiver) ==
          std::vector<std::string>{"comms/slack/0", "comms/email/0", "comms/webhook/0", "comms/log/0", "comms/log/1"});
}

TEST_CASE("a receiver with nothing is one that swallows") {
    const auto none = read("name: nowhere\n");
    REQUIRE(none.receiver.has_value());
    CHECK(integrations_of(*none.receiver).empty());
}

TEST_CASE("mistakes of a receiver") {
    CHECK(read("log_configs:\n  - {language: en}\n").said == "1:1: a receiver needs the key name");
    CHECK(read("name: a/b\n").said == "1:7: found \"a/b\", expected a name without slashes, at most 100 bytes");
    CHECK(read("name: \"\"\n").said == "1:7: found \"\", expected a name without slashes, at most 100 bytes");
    CHECK(read("name: a\nslack_config:\n  - {api_url: x}\n").said ==
          "2:1: a receiver has no key \"slack_config\"; did you mean slack_configs?");
    CHECK(read("name: a\nlog_configs: {language: en}\n").said == "2:14: found a map, expected a list");
}

TEST_CASE("mistakes of Slack and webhooks show no secret") {
    CHECK(mistake("slack_configs", "language: fr") == "3:5: a Slack configuration needs the key api_url");
    CHECK(mistake("slack_configs", "api_url: 'ftp://canary'") ==
          "3:15: api_url is no usable URL, expected http:// or https:// with a host");
    CHECK(mistake("slack_configs", "api_url: [canary]") == "3:15: no such secret");
    CHECK(mistake("slack_configs", "api_url: 'https://h/canary', language: de") == "3:45: found \"de\", expected one of en, fr");
    CHECK(mistake("slack_configs", "api_url: 'https://h/canary', send_resolved: yes").find("3:50: found \"yes\", expected ") == 0);
    CHECK(mistake("slack_configs", "api_url: 'https://h/canary', channel: x").find("3:35: a Slack configuration has no key \"channel\"") ==
          0);
    CHECK(mistake("webhook_configs", "max_alerts: 1") == "3:5: a webhook configuration needs the key url");
    CHECK(mistake("webhook_configs", "url: 'https://h/canary', max_alerts: -1").find("3:43: found \"-1\"") == 0);
    CHECK(mistake("webhook_configs", "url: 'https://h/canary', secret: whsec_canary").find("3:39: secret: ") == 0);
    CHECK(mistake("webhook_configs", "url: 'https://h/canary', secret: [x]") == "3:39: no such secret");
}

TEST_CASE("mistakes of mail") {
    const auto one = [](const std::string& fields) { return mistake("email_configs", fields); };
    CHECK(one("from: v@b.example, smarthost: 'smtp.example:587'") == "3:5: an e-mail configuration needs the key to");
    CHECK(one("to: a@b.example, smarthost: 'smtp.example:587'") == "3:5: an e-mail configuration needs the key from");
    CHECK(one("to: a@b.example, from: v@b.example") == "3:5: an e-mail configuration needs the key smarthost");
    CHECK(one("to: nobody, from: v@b.example, smarthost: 'smtp.example:587'") ==
          "3:10: found \"nobody\", expected mail addresses, with commas between");
    CHECK(one("to: a@b.example, from: vigie, smarthost: 'smtp.example:587'") ==
          "3:29: found \"vigie\", expected a mail address such as vigie@example.com");
    for (const char* host : {"smtp.example", "smtp.example:", ":587", "smtp.example:0", "smtp.example:99999", "smtp.example:5x",
                             "smtp.example/x:25", "a@smtp.example:25", "smtp.example:123456"}) {
        CAPTURE(host);
        CHECK(one(std::string("to: a@b.example, from: v@b.example, smarthost: '") + host + "'") ==
              std::string("3:53: found \"") + host + "\", expected host:port, such as smtp.example.com:587");
    }
    CHECK(one(mail + ", auth_username: v") == "3:5: auth_username and auth_password go together: found one of them alone");
    CHECK(one(mail + ", auth_password: canary") == "3:5: auth_username and auth_password go together: found one of them alone");
    CHECK(one(mail + ", hello: 'a b'").find("found \"a b\", expected a host name") != std::string::npos);
    CHECK(one(mail + ", hello: 'x%0d%0aMAIL'").find("expected a host name") != std::string::npos);
}

TEST_CASE("mail goes in clear to this machine alone") {
    const auto clear = [](const std::string& host) {
        return mistake("email_configs", "to: a@b.example, from: v@b.example, smarthost: '" + host + "', require_tls: false");
    };
    for (const char* host : {"127.0.0.1:25", "127.1.2.3:25", "localhost:25", "[::1]:25"}) CHECK(clear(host) == "");
    for (const char* host : {"smtp.example:25", "127.evil.example:25", "localhost.example:25", "10.0.0.1:25", "[::2]:25"}) {
        CAPTURE(host);
        CHECK(clear(host).find("require_tls: false is accepted for a mail server on this machine alone, expected true") !=
              std::string::npos);
    }
}
