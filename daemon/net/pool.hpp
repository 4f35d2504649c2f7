// Idle connections, kept for the next request to the same place.
// Thread-safety: the network thread's.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "net/stream.hpp"
#include "vigie/core/time.hpp"

namespace vigie::net {

class ConnectionPool {
public:
    static constexpr std::size_t max_per_key = 4, max_idle = 64;
    static constexpr Duration idle_limit{20000};

    /// The connection that came back last and is still quiet; null if there is none. `now` is steady time.
    std::unique_ptr<Stream> take(const std::string& key, Duration now);
    /// Keeps a connection whose answer was read whole. The oldest give way to the bounds.
    void put(std::string key, std::unique_ptr<Stream> stream, Duration now);
    std::size_t size() const noexcept { return idle_.size(); }

private:
    struct Idle {
        std::string key;
        std::unique_ptr<Stream> stream;
        Duration since{0};
    };
    void drop_old(Duration now);

    std::deque<Idle> idle_;  // oldest first
};

}  // namespace vigie::net
