#include "detect/track.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "detect/wrap.hpp"

namespace vigie::detect {
namespace {

constexpr std::uint32_t least_capacity = 4;

template <class T>
bool fits(std::int64_t value) noexcept {
    return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

std::uint8_t width_for(std::int64_t value) noexcept {
    if (fits<std::int8_t>(value)) return 1;
    if (fits<std::int16_t>(value)) return 2;
    return fits<std::int32_t>(value) ? 4 : 8;
}

template <class T>
std::int64_t load_as(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <class T>
void store_as(std::byte* to, std::int64_t value) noexcept {
    const auto narrow = static_cast<T>(value);
    std::memcpy(to, &narrow, sizeof narrow);
}

std::int64_t load(const std::byte* values, std::size_t i, std::uint8_t width) noexcept {
    const std::byte* from = values + i * width;
    switch (width) {
        case 1:
            return load_as<std::int8_t>(from);
        case 2:
            return load_as<std::int16_t>(from);
        case 4:
            return load_as<std::int32_t>(from);
        default:
            return load_as<std::int64_t>(from);
    }
}

std::uint32_t grown(std::uint32_t size) noexcept {
    return std::max(least_capacity, size + size / 2 + 2);
}

}  // namespace

const Minute* Track::keys() const noexcept {
    return reinterpret_cast<const Minute*>(data_.get()) + head_;
}
Minute* Track::keys() noexcept {
    return reinterpret_cast<Minute*>(data_.get()) + head_;
}
std::byte* Track::values() noexcept {
    return data_.get() + std::size_t{capacity_} * sizeof(Minute) + std::size_t{head_} * width_;
}
const std::byte* Track::values() const noexcept {
    return data_.get() + std::size_t{capacity_} * sizeof(Minute) + std::size_t{head_} * width_;
}

std::int64_t Track::value(std::size_t i) const noexcept {
    return load(values(), i, width_);
}

void Track::store(std::size_t i, std::int64_t value) noexcept {
    std::byte* to = values() + i * width_;
    switch (width_) {
        case 1:
            return store_as<std::int8_t>(to, value);
        case 2:
            return store_as<std::int16_t>(to, value);
        case 4:
            return store_as<std::int32_t>(to, value);
        default:
            return store_as<std::int64_t>(to, value);
    }
}

std::size_t Track::upper(Minute after) const noexcept {
    if (size_ == 0) return 0;
    // Most questions are about an edge before everything that is left.
    if (keys()[0] > after) return 0;
    return static_cast<std::size_t>(std::upper_bound(keys(), keys() + size_, after) - keys());
}

void Track::rebuild(std::uint32_t capacity, std::uint8_t width) {
    std::unique_ptr<std::byte[]> fresh(new std::byte[std::size_t{capacity} * (sizeof(Minute) + width)]);
    Track old;
    std::swap(old.data_, data_);
    old.head_ = head_;
    old.size_ = size_;
    old.capacity_ = capacity_;
    old.width_ = width_;
    data_ = std::move(fresh);
    head_ = 0;
    capacity_ = capacity;
    width_ = width;
    if (size_ == 0) return;
    std::memcpy(data_.get(), old.keys(), size_ * sizeof(Minute));
    for (std::size_t i = 0; i < size_; ++i) store(i, old.value(i));
}

std::size_t Track::at(Minute key) {
    std::size_t i = size_;
    if (size_ > 0 && keys()[size_ - 1] >= key) {
        i = static_cast<std::size_t>(std::lower_bound(keys(), keys() + size_, key) - keys());
        if (keys()[i] == key) return i;
    }
    if (head_ + size_ == capacity_) rebuild(grown(size_), width_);
    const std::size_t after = size_ - i;
    if (after > 0) {
        std::memmove(keys() + i + 1, keys() + i, after * sizeof(Minute));
        std::memmove(values() + (i + 1) * width_, values() + i * width_, after * width_);
    }
    keys()[i] = key;
    store(i, 0);
    ++size_;
    return i;
}

void Track::set(std::size_t i, std::int64_t value) {
    if (const std::uint8_t needed = width_for(value); needed > width_) rebuild(grown(size_), needed);
    store(i, value);
}

void Track::add(Minute key, std::int64_t delta) {
    const std::size_t i = at(key);
    set(i, wrap_add(value(i), delta));
}

void Track::raise(Minute key, std::int64_t value_at_least) {
    const std::size_t i = at(key);
    if (value_at_least > value(i)) set(i, value_at_least);
}

std::int64_t Track::sum(Minute after, Minute until) const noexcept {
    std::int64_t total = 0;
    for (std::size_t i = upper(after); i < size_ && keys()[i] <= until; ++i) total = wrap_add(total, value(i));
    return total;
}

std::int64_t Track::largest(Minute after, Minute until) const noexcept {
    std::int64_t found = 0;
    for (std::size_t i = upper(after); i < size_ && keys()[i] <= until; ++i) found = std::max(found, value(i));
    return found;
}

void Track::drop(Minute until) {
    const auto gone = static_cast<std::uint32_t>(upper(until));
    if (gone == 0) return;
    head_ += gone;
    size_ -= gone;
    if (size_ == 0) {
        *this = Track{};
    } else if (capacity_ > 16 && size_ < capacity_ / 4) {
        rebuild(grown(size_), width_);
    }
}

std::size_t Track::memory() const noexcept {
    return std::size_t{capacity_} * (sizeof(Minute) + width_);
}

}  // namespace vigie::detect
