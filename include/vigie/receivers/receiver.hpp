// A receiver sends one notification once, and says what came of it. It never loops, waits or stores.
// Thread-safety: one network thread; deliver() of different receivers may be under way at once, of one receiver never.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vigie/core/clock.hpp"
#include "vigie/delivery/message.hpp"
#include "vigie/delivery/outcome.hpp"
#include "vigie/net/client.hpp"
#include "vigie/receivers/settings.hpp"

namespace vigie::receivers {

class Receiver {
public:
    virtual ~Receiver() = default;
    /// "comms/slack/0"
    virtual const std::string& integration() const = 0;
    /// Whether it wants to be told of the end.
    virtual bool send_resolved() const = 0;
    /// One try. row.shrunk asks for the smaller body. Throws nothing but what a cancellation throws.
    /// Cancellation: terminal cancellation unwinds it with operation_aborted; the row stays in the outbox.
    virtual boost::asio::awaitable<delivery::Outcome> deliver(const delivery::OutboxRow& row) = 0;
};

/// What all receivers need of their surroundings.
struct Surroundings {
    using Log = std::function<void(const delivery::Message&)>;
    Surroundings(boost::asio::any_io_executor executor_, net::HttpClient& client_, const Clock& clock_, const Clock& wall_,
                 std::string external_url_, Log log_)
        : executor(std::move(executor_)),
          client(client_),
          clock(clock_),
          wall(wall_),
          external_url(std::move(external_url_)),
          log(std::move(log_)) {}
    boost::asio::any_io_executor executor;
    net::HttpClient& client;
    const Clock& clock;        ///< of the alerts: the story's own while one is played
    const Clock& wall;         ///< the machine's: others compare signatures and dates with theirs
    std::string external_url;  ///< of this Vigie, for links; may be empty
    Log log;                   ///< where log_configs write: the journal or the terminal
};

/// One object for each integration of each receiver, in the order of the file. Errors: invalid, with the receiver's name.
Result<std::vector<std::unique_ptr<Receiver>>> make_receivers(const std::vector<ReceiverSettings>& settings, Surroundings surroundings);

}  // namespace vigie::receivers
