// Mail. libcurl blocks, so each receiver has a thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "vigie/receivers/receiver.hpp"

namespace vigie::receivers {

class EmailReceiver final : public Receiver {
public:
    EmailReceiver(std::string integration, EmailSettings settings, Surroundings surroundings);
    /// Interrupts a mail that is being sent.
    ~EmailReceiver() override;
    const std::string& integration() const override { return integration_; }
    bool send_resolved() const override { return settings_.send_resolved; }
    boost::asio::awaitable<delivery::Outcome> deliver(const delivery::OutboxRow& row) override;

private:
    std::string integration_;
    EmailSettings settings_;
    Surroundings surroundings_;
    std::atomic<bool> stop_{false};
    boost::asio::thread_pool thread_{1};
};

}  // namespace vigie::receivers
