#include "net/pool.hpp"

#include <algorithm>

namespace vigie::net {

void ConnectionPool::drop_old(Duration now) {
    while (!idle_.empty() && now - idle_.front().since > idle_limit) idle_.pop_front();
}

std::unique_ptr<Stream> ConnectionPool::take(const std::string& key, Duration now) {
    drop_old(now);
    for (auto it = idle_.rbegin(); it != idle_.rend();) {
        if (it->key != key) {
            ++it;
            continue;
        }
        auto stream = std::move(it->stream);
        it = std::make_reverse_iterator(idle_.erase(std::next(it).base()));
        if (stream->is_quiet()) return stream;
    }
    return nullptr;
}

void ConnectionPool::put(std::string key, std::unique_ptr<Stream> stream, Duration now) {
    drop_old(now);
    const auto same = std::count_if(idle_.begin(), idle_.end(), [&key](const Idle& idle) { return idle.key == key; });
    if (static_cast<std::size_t>(same) >= max_per_key) {
        idle_.erase(std::find_if(idle_.begin(), idle_.end(), [&key](const Idle& idle) { return idle.key == key; }));
    }
    if (idle_.size() >= max_idle) idle_.pop_front();
    Idle entry;
    entry.key = std::move(key);
    entry.stream = std::move(stream);
    entry.since = now;
    idle_.push_back(std::move(entry));
}

}  // namespace vigie::net
