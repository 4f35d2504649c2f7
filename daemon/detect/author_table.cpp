#include "detect/author_table.hpp"

#include <algorithm>
#include <bit>

namespace vigie::detect {
namespace {

// Authors are hashes, but of names that strangers choose; the multiplier (Knuth's 2^64 / golden ratio) keeps crafted low bits apart.
std::size_t spread(std::uint64_t author) noexcept {
    const std::uint64_t mixed = author * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}

}  // namespace

std::size_t AuthorTable::slot(std::uint64_t author) const noexcept {
    const std::size_t mask = authors_.size() - 1;
    std::size_t i = spread(author) & mask;
    while (authors_[i] != 0 && authors_[i] != author) i = (i + 1) & mask;
    return i;
}

std::optional<Minute> AuthorTable::last(std::uint64_t author) const noexcept {
    if (authors_.empty()) return std::nullopt;
    const std::size_t i = slot(author);
    if (authors_[i] == 0) return std::nullopt;
    return minutes_[i];
}

void AuthorTable::rebuild(Minute expired) {
    std::size_t living = 0;
    for_each([&](std::uint64_t, Minute minute) { living += minute > expired ? 1U : 0U; });
    std::vector<std::uint64_t> authors(std::bit_ceil(std::max<std::size_t>(4, living * 2)));
    std::vector<Minute> minutes(authors.size());
    std::swap(authors, authors_);
    std::swap(minutes, minutes_);
    for (std::size_t i = 0; i < authors.size(); ++i) {
        if (authors[i] == 0 || minutes[i] <= expired) continue;
        const std::size_t to = slot(authors[i]);
        authors_[to] = authors[i];
        minutes_[to] = minutes[i];
    }
    used_ = living;
}

void AuthorTable::set(std::uint64_t author, Minute minute, Minute expired) {
    if (!authors_.empty()) {
        const std::size_t i = slot(author);
        if (authors_[i] == author) {
            minutes_[i] = minute;
            return;
        }
    }
    if ((used_ + 1) * 4 > authors_.size() * 3) rebuild(expired);
    const std::size_t i = slot(author);
    authors_[i] = author;
    minutes_[i] = minute;
    ++used_;
}

}  // namespace vigie::detect
