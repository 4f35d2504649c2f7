// A sparse run of (minute, number), sorted by minute: one block of memory, four bytes a key, and as few bytes a number as the largest
// needs. At 5 to 8 bytes an entry, 48 hours of a busy series take 14 to 23 kB, those of a quiet one nothing.
// Thread-safety: one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "vigie/core/time.hpp"

namespace vigie::detect {

class Track {
public:
    /// Appending costs O(1) amortised, a late key O(entries after it).
    void add(Minute key, std::int64_t delta);
    /// Keeps the larger of what is there and value.
    void raise(Minute key, std::int64_t value);
    /// Over the keys in (after, until].
    std::int64_t sum(Minute after, Minute until) const noexcept;
    std::int64_t largest(Minute after, Minute until) const noexcept;
    /// Forgets the keys up to and including `until`; gives memory back.
    void drop(Minute until);

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    Minute key(std::size_t i) const noexcept { return keys()[i]; }
    std::int64_t value(std::size_t i) const noexcept;
    /// The position of the first key after `after`.
    std::size_t upper(Minute after) const noexcept;
    std::size_t memory() const noexcept;

private:
    const Minute* keys() const noexcept;
    Minute* keys() noexcept;
    std::byte* values() noexcept;
    const std::byte* values() const noexcept;
    void store(std::size_t i, std::int64_t value) noexcept;
    /// Where `key` is; makes a zero entry if it was not there.
    std::size_t at(Minute key);
    void set(std::size_t i, std::int64_t value);
    void rebuild(std::uint32_t capacity, std::uint8_t width);

    std::unique_ptr<std::byte[]> data_;  // capacity_ keys, then capacity_ values of width_ bytes
    std::uint32_t head_ = 0, size_ = 0, capacity_ = 0;
    std::uint8_t width_ = 1;
};

}  // namespace vigie::detect
