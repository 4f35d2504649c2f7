// The minute in which each author was last seen: open addressing with linear probing over two arrays, 12 bytes a slot, and no node for
// each author. Nothing is ever erased: what has expired is left behind when the table is next rebuilt.
// Thread-safety: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "vigie/core/time.hpp"

namespace vigie::detect {

class AuthorTable {
public:
    /// `author` is not 0.
    std::optional<Minute> last(std::uint64_t author) const noexcept;
    /// Sets the last minute. When the table is full, authors last seen at or before `expired` are dropped first.
    void set(std::uint64_t author, Minute minute, Minute expired);
    /// Calls f(author, minute) for each, in no order.
    template <class F>
    void for_each(F&& f) const {
        for (std::size_t i = 0; i < authors_.size(); ++i) {
            if (authors_[i] != 0) f(authors_[i], minutes_[i]);
        }
    }
    /// How many it holds, those that have expired since it was rebuilt too.
    std::size_t size() const noexcept { return used_; }
    std::size_t memory() const noexcept { return authors_.capacity() * sizeof(std::uint64_t) + minutes_.capacity() * sizeof(Minute); }

private:
    std::size_t slot(std::uint64_t author) const noexcept;
    void rebuild(Minute expired);

    std::vector<std::uint64_t> authors_;  // a power of two; 0 is a free slot
    std::vector<Minute> minutes_;
    std::size_t used_ = 0;
};

}  // namespace vigie::detect
