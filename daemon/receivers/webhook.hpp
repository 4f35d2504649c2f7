// The generic webhook: Alertmanager's body, signed after Standard Webhooks.
#pragma once

#include <optional>

#include "vigie/delivery/signature.hpp"
#include "vigie/receivers/receiver.hpp"

namespace vigie::receivers {

class WebhookReceiver final : public Receiver {
public:
    WebhookReceiver(std::string integration, WebhookSettings settings, std::optional<delivery::Signer> signer, Surroundings surroundings);
    const std::string& integration() const override { return integration_; }
    bool send_resolved() const override { return settings_.send_resolved; }
    boost::asio::awaitable<delivery::Outcome> deliver(const delivery::OutboxRow& row) override;

private:
    Result<net::HttpRequest> request_for(const delivery::OutboxRow& row) const;

    std::string integration_;
    WebhookSettings settings_;
    std::optional<delivery::Signer> signer_;
    Surroundings surroundings_;
};

}  // namespace vigie::receivers
