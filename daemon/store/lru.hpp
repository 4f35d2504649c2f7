// A bounded map that forgets what was used longest ago.
// Thread-safety: one owner.
#pragma once

#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

namespace vigie::store {

template <class Key, class Value, class Hash>
class Lru {
public:
    explicit Lru(std::size_t capacity) : capacity_(capacity) {}

    /// Takes the value out, so that a failed write leaves nothing behind.
    std::optional<Value> take(const Key& key) {
        const auto found = index_.find(key);
        if (found == index_.end()) return std::nullopt;
        std::optional<Value> value(std::move(found->second->second));
        order_.erase(found->second);
        index_.erase(found);
        return value;
    }
    void put(const Key& key, Value value) {
        take(key);
        order_.emplace_front(key, std::move(value));
        index_[key] = order_.begin();
        if (order_.size() > capacity_) {
            index_.erase(order_.back().first);
            order_.pop_back();
        }
    }
    void clear() {
        order_.clear();
        index_.clear();
    }
    std::size_t size() const noexcept { return order_.size(); }

private:
    std::size_t capacity_;
    std::list<std::pair<Key, Value>> order_;
    std::unordered_map<Key, typename std::list<std::pair<Key, Value>>::iterator, Hash> index_;
};

}  // namespace vigie::store
