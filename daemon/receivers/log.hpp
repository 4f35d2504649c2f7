// Alerts in the journal or on the terminal.
#pragma once

#include "vigie/receivers/receiver.hpp"

namespace vigie::receivers {

class LogReceiver final : public Receiver {
public:
    LogReceiver(std::string integration, LogSettings settings, Surroundings surroundings)
        : integration_(std::move(integration)), settings_(std::move(settings)), surroundings_(std::move(surroundings)) {}
    const std::string& integration() const override { return integration_; }
    bool send_resolved() const override { return settings_.send_resolved; }
    boost::asio::awaitable<delivery::Outcome> deliver(const delivery::OutboxRow& row) override {
        const delivery::Language language = delivery::parse_language(settings_.language).value_or(delivery::Language::en);
        surroundings_.log(delivery::build_message(row.notification, language, surroundings_.external_url, surroundings_.clock.now()));
        co_return delivery::Outcome(delivery::OutcomeKind::delivered, "logged");
    }

private:
    std::string integration_;
    LogSettings settings_;
    Surroundings surroundings_;
};

}  // namespace vigie::receivers
