#include <fmt/format.h>

#include "receivers/email.hpp"
#include "receivers/log.hpp"
#include "receivers/slack.hpp"
#include "receivers/webhook.hpp"
#include "vigie/receivers/receiver.hpp"

namespace vigie::receivers {

std::vector<std::string> integrations_of(const ReceiverSettings& settings) {
    std::vector<std::string> names;
    const auto add = [&](const char* kind, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("{}/{}/{}", settings.name, kind, i));
    };
    add("slack", settings.slack.size());
    add("email", settings.email.size());
    add("webhook", settings.webhook.size());
    add("log", settings.log.size());
    return names;
}

Result<std::vector<std::unique_ptr<Receiver>>> make_receivers(const std::vector<ReceiverSettings>& settings, Surroundings surroundings) {
    std::vector<std::unique_ptr<Receiver>> receivers;
    for (const ReceiverSettings& one : settings) {
        const auto name = [&](const char* kind, std::size_t i) { return fmt::format("{}/{}/{}", one.name, kind, i); };
        for (std::size_t i = 0; i < one.slack.size(); ++i)
            receivers.push_back(std::make_unique<SlackReceiver>(name("slack", i), one.slack[i], surroundings));
        for (std::size_t i = 0; i < one.email.size(); ++i)
            receivers.push_back(std::make_unique<EmailReceiver>(name("email", i), one.email[i], surroundings));
        for (std::size_t i = 0; i < one.webhook.size(); ++i) {
            std::optional<delivery::Signer> signer;
            if (one.webhook[i].secret) {
                Result<delivery::Signer> made = delivery::Signer::make(*one.webhook[i].secret);
                if (!made) return made.error().with_context(name("webhook", i));
                signer = std::move(*made);
            }
            receivers.push_back(std::make_unique<WebhookReceiver>(name("webhook", i), one.webhook[i], std::move(signer), surroundings));
        }
        for (std::size_t i = 0; i < one.log.size(); ++i)
            receivers.push_back(std::make_unique<LogReceiver>(name("log", i), one.log[i], surroundings));
    }
    return receivers;
}

}  // namespace vigie::receivers
