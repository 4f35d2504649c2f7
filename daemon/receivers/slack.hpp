// Slack by an incoming webhook.
#pragma once

#include "vigie/receivers/receiver.hpp"

namespace vigie::receivers {

class SlackReceiver final : public Receiver {
public:
    SlackReceiver(std::string integration, SlackSettings settings, Surroundings surroundings);
    const std::string& integration() const override { return integration_; }
    bool send_resolved() const override { return settings_.send_resolved; }
    boost::asio::awaitable<delivery::Outcome> deliver(const delivery::OutboxRow& row) override;

private:
    std::string integration_;
    SlackSettings settings_;
    Surroundings surroundings_;
};

}  // namespace vigie::receivers
