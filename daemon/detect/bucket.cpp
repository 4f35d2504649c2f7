#include "vigie/detect/bucket.hpp"

#include <algorithm>
#include <cmath>

#include "detect/counters.hpp"
#include "detect/wrap.hpp"

namespace vigie::detect {
namespace {

void add_sums(Counters& to, const Counters& more) {
    for (const auto field : counter_fields) {
        if (adds_up(field)) to.*field = wrap_add(to.*field, more.*field);
    }
    to.max_reach = std::max(to.max_reach, more.max_reach);
}

bool blank(const Cell& cell) {
    return cell.authors.empty() && cell.sums == Counters{};
}

}  // namespace

void Bucket::add(const Contribution& contribution) {
    const auto found = cells_.try_emplace(contribution.key).first;
    Cell& cell = found->second;
    add_sums(cell.sums, contribution.sums);
    if (contribution.author != 0 && contribution.sums.mentions > 0) {
        const auto at = std::lower_bound(cell.authors.begin(), cell.authors.end(), contribution.author);
        if (at == cell.authors.end() || *at != contribution.author) cell.authors.insert(at, contribution.author);
    }
    if (blank(cell)) cells_.erase(found);
}

void Bucket::merge(const Bucket& other) {
    for (const auto& [key, more] : other.cells_) {
        const auto found = cells_.try_emplace(key).first;
        Cell& cell = found->second;
        add_sums(cell.sums, more.sums);
        std::vector<std::uint64_t> authors;
        authors.reserve(cell.authors.size() + more.authors.size());
        std::set_union(cell.authors.begin(), cell.authors.end(), more.authors.begin(), more.authors.end(), std::back_inserter(authors));
        cell.authors = std::move(authors);
        if (blank(cell)) cells_.erase(found);
    }
    for (const auto& [key, value] : other.counts_) counts_[key] = value;
}

void Bucket::set_count(const CountKey& key, double value) {
    // Minus zero equals zero, so it must not give other bytes.
    if (std::isfinite(value)) counts_[key] = value + 0.0;
}

void Bucket::erase_count(const CountKey& key) {
    counts_.erase(key);
}

}  // namespace vigie::detect
