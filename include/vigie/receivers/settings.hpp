// The `receivers:` section of vigie.yaml, with Alertmanager's field names.
// Thread-safety: values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vigie/core/secret.hpp"
#include "vigie/core/time.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::receivers {

struct SlackSettings {
    Secret api_url;
    std::string language = "en";  ///< en or fr
    bool send_resolved = true;
    bool allow_private = false;
};

struct EmailSettings {
    std::vector<std::string> to;
    std::string from;
    std::string smarthost;  ///< host:port
    std::optional<std::string> auth_username;
    std::optional<Secret> auth_password;
    bool require_tls = true;      ///< false is accepted for a loopback smarthost alone
    std::string ca_file;          ///< extra trusted roots; empty: the system's
    std::string hello;            ///< EHLO name; empty: the host's
    std::string language = "en";  ///< en or fr
    bool send_resolved = true;
    bool allow_private = false;
};

struct WebhookSettings {
    Secret url;
    std::optional<Secret> secret;  ///< "whsec_..." (Standard Webhooks): none: not signed
    std::size_t max_alerts = 0;    ///< 0: all
    bool send_resolved = true;
    bool allow_private = false;
};

struct LogSettings {
    std::string language = "en";
    bool send_resolved = true;
};

struct ReceiverSettings {
    std::string name;
    std::vector<SlackSettings> slack;
    std::vector<EmailSettings> email;
    std::vector<WebhookSettings> webhook;
    std::vector<LogSettings> log;
};

/// Reads a secret: a map {file:}, {credential:} or {env:}, or a plain string.
using SecretReader = std::function<std::optional<Secret>(const doc::Node&, doc::Diagnostics&)>;

/// One element of `receivers:`. Errors go to `diagnostics`; nothing is returned then.
std::optional<ReceiverSettings> decode_receiver(const doc::Node& node, const SecretReader& secret, doc::Diagnostics& diagnostics);
/// The integrations of a receiver in order: "comms/slack/0", "comms/email/0", ...
std::vector<std::string> integrations_of(const ReceiverSettings& settings);

}  // namespace vigie::receivers
