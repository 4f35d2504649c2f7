#include "vigie/receivers/settings.hpp"

#include <algorithm>
#include <cctype>

#include "receivers/mail_text.hpp"
#include "vigie/delivery/signature.hpp"
#include "vigie/net/address.hpp"

namespace vigie::receivers {
namespace {

using doc::Diagnostics;
using doc::Fields;
using doc::Node;

std::optional<Secret> required_secret(Fields& fields, std::string_view key, const SecretReader& secret) {
    const Node* node = fields.required_node(key);
    return node != nullptr ? secret(*node, fields.diagnostics()) : std::nullopt;
}

/// A URL of a receiver: checked as far as it can be without resolving it. Its text may be a secret, so messages do not show it.
std::optional<Secret> required_url(Fields& fields, std::string_view key, const SecretReader& secret) {
    std::optional<Secret> url = required_secret(fields, key, secret);
    if (!url) return std::nullopt;
    const Result<net::Url> parsed = net::parse_url(url->reveal());
    if (parsed) return url;
    const Node* node = fields.node(key);
    fields.diagnostics().error(node != nullptr ? node->mark : fields.mark(),
                               std::string(key) + " is no usable URL, expected http:// or https:// with a host");
    return std::nullopt;
}

std::string language(Fields& fields) {
    return fields.word("language", {"en", "fr"}).value_or("en");
}

std::optional<std::string> address(Fields& fields, std::string_view key) {
    std::optional<std::string> text = fields.required_string(key);
    if (text && bare_address(*text).empty()) {
        fields.diagnostics().expected(fields.node(key)->mark, doc::describe(*fields.node(key)), "a mail address such as vigie@example.com");
        return std::nullopt;
    }
    return text;
}

bool is_loopback(std::string_view smarthost) {
    if (smarthost.starts_with("localhost:") || smarthost.starts_with("[::1]:")) return true;
    // An address in numbers only: a name that begins so may lead anywhere.
    return smarthost.starts_with("127.") && smarthost.find_first_not_of("0123456789.:") == std::string_view::npos;
}

std::optional<SlackSettings> decode_slack(const Node& node, const SecretReader& secret, Diagnostics& diagnostics) {
    Fields fields(node, "a Slack configuration", diagnostics);
    SlackSettings slack;
    const auto url = required_url(fields, "api_url", secret);
    slack.language = language(fields);
    slack.send_resolved = fields.boolean("send_resolved").value_or(true);
    slack.allow_private = fields.boolean("allow_private").value_or(false);
    fields.finish();
    if (!url) return std::nullopt;
    slack.api_url = *url;
    return slack;
}

/// "a@b, c@d" or a list.
std::vector<std::string> recipients(Fields& fields) {
    std::vector<std::string> to;
    const Node* node = fields.required_node("to");
    if (node == nullptr) return to;
    for (const std::string& text : fields.strings("to", true).value_or(std::vector<std::string>{})) {
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t comma = std::min(text.find(',', begin), text.size());
            std::string one = text.substr(begin, comma - begin);
            while (!one.empty() && one.front() == ' ') one.erase(one.begin());
            while (!one.empty() && one.back() == ' ') one.pop_back();
            if (bare_address(one).empty())
                fields.diagnostics().expected(node->mark, "\"" + one + "\"", "mail addresses, with commas between");
            else
                to.push_back(std::move(one));
            begin = comma + 1;
        }
    }
    return to;
}

std::optional<EmailSettings> decode_email(const Node& node, const SecretReader& secret, Diagnostics& diagnostics) {
    Fields fields(node, "an e-mail configuration", diagnostics);
    EmailSettings email;
    email.to = recipients(fields);
    const auto from = address(fields, "from");
    const auto smarthost = fields.required_string("smarthost");
    if (smarthost) {
        const std::size_t colon = smarthost->rfind(':');
        const std::string port = colon == std::string::npos ? "" : smarthost->substr(colon + 1);
        const bool digits =
            !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), [](unsigned char c) { return std::isdigit(c); });
        const bool host = colon != std::string::npos && colon > 0 && smarthost->find_first_of("/@ ?#\\") == std::string::npos;
        if (!digits || !host || std::stoi(port) == 0 || std::stoi(port) > 65535)
            diagnostics.expected(fields.node("smarthost")->mark, doc::describe(*fields.node("smarthost")),
                                 "host:port, such as smtp.example.com:587");
    }
    email.auth_username = fields.string("auth_username");
    if (const Node* password = fields.node("auth_password")) email.auth_password = secret(*password, diagnostics);
    if (email.auth_username.has_value() != (fields.node("auth_password") != nullptr))
        diagnostics.error(fields.mark(), "auth_username and auth_password go together: found one of them alone");
    email.require_tls = fields.boolean("require_tls").value_or(true);
    if (!email.require_tls && smarthost && !is_loopback(*smarthost))
        diagnostics.error(fields.node("require_tls")->mark,
                          "require_tls: false is accepted for a mail server on this machine alone, expected true");
    email.ca_file = fields.string("ca_file").value_or("");
    email.hello = fields.string("hello").value_or("");
    const bool host_name = std::all_of(email.hello.begin(), email.hello.end(),
                                       [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '.' || c == '-'); });
    if (!host_name) diagnostics.expected(fields.node("hello")->mark, doc::describe(*fields.node("hello")), "a host name");
    email.language = language(fields);
    email.send_resolved = fields.boolean("send_resolved").value_or(true);
    email.allow_private = fields.boolean("allow_private").value_or(false);
    fields.finish();
    if (!from || !smarthost || email.to.empty()) return std::nullopt;
    email.from = *from;
    email.smarthost = *smarthost;
    return email;
}

std::optional<WebhookSettings> decode_webhook(const Node& node, const SecretReader& secret, Diagnostics& diagnostics) {
    Fields fields(node, "a webhook configuration", diagnostics);
    WebhookSettings webhook;
    const auto url = required_url(fields, "url", secret);
    if (const Node* key = fields.node("secret")) {
        webhook.secret = secret(*key, diagnostics);
        if (webhook.secret) {
            const Result<delivery::Signer> signer = delivery::Signer::make(*webhook.secret);
            if (!signer) diagnostics.error(key->mark, "secret: " + signer.error().message());
        }
    }
    webhook.max_alerts = static_cast<std::size_t>(fields.integer("max_alerts", 0, 10'000).value_or(0));
    webhook.send_resolved = fields.boolean("send_resolved").value_or(true);
    webhook.allow_private = fields.boolean("allow_private").value_or(false);
    fields.finish();
    if (!url) return std::nullopt;
    webhook.url = *url;
    return webhook;
}

std::optional<LogSettings> decode_log(const Node& node, Diagnostics& diagnostics) {
    Fields fields(node, "a log configuration", diagnostics);
    LogSettings log;
    log.language = language(fields);
    log.send_resolved = fields.boolean("send_resolved").value_or(true);
    fields.finish();
    return log;
}

}  // namespace

std::optional<ReceiverSettings> decode_receiver(const Node& node, const SecretReader& secret, Diagnostics& diagnostics) {
    Diagnostics own(diagnostics.file());
    Fields fields(node, "a receiver", own);
    ReceiverSettings receiver;
    const auto name = fields.required_string("name");
    if (name && (name->empty() || name->size() > 100 || name->find_first_of("/\n\r\t") != std::string::npos))
        own.expected(fields.node("name")->mark, doc::describe(*fields.node("name")), "a name without slashes, at most 100 bytes");
    fields.each("slack_configs", [&](const Node& one) {
        if (auto slack = decode_slack(one, secret, own)) receiver.slack.push_back(std::move(*slack));
    });
    fields.each("email_configs", [&](const Node& one) {
        if (auto email = decode_email(one, secret, own)) receiver.email.push_back(std::move(*email));
    });
    fields.each("webhook_configs", [&](const Node& one) {
        if (auto webhook = decode_webhook(one, secret, own)) receiver.webhook.push_back(std::move(*webhook));
    });
    fields.each("log_configs", [&](const Node& one) {
        if (auto log = decode_log(one, own)) receiver.log.push_back(std::move(*log));
    });
    fields.finish();
    diagnostics.append(own);
    if (!name || !own.ok()) return std::nullopt;
    receiver.name = *name;
    return receiver;
}

}  // namespace vigie::receivers
