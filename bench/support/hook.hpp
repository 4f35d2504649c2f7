// A receiver of webhooks: one thread that takes requests, notes when each was there, and answers 200.
// Thread-safety: may be asked from any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "support/figures.hpp"

namespace vigie::bench {

class Hook {
public:
    struct Arrival {
        Steady::time_point at;  ///< the last byte of the request was read
        std::string body;
    };

    Hook();
    ~Hook();
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;

    std::uint16_t port() const { return port_; }
    /// The next request, in order of arrival; none if none comes in time.
    std::optional<Arrival> next(std::chrono::milliseconds patience);

private:
    void serve();

    int listener_ = -1;
    int stop_[2] = {-1, -1};  ///< a pipe; closed to stop
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<Arrival> arrivals_;
    std::thread thread_;
};

}  // namespace vigie::bench
