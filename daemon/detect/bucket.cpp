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
    return cell.authors.empty() && cell.copies.empty() && cell.sums == Counters{};
}

template <class T>
void insert(std::vector<T>& sorted, const T& value) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
    if (at == sorted.end() || *at != value) sorted.insert(at, value);
}

template <class T>
void unite(std::vector<T>& sorted, const std::vector<T>& more) {
    if (more.empty()) return;
    std::vector<T> both;
    both.reserve(sorted.size() + more.size());
    std::set_union(sorted.begin(), sorted.end(), more.begin(), more.end(), std::back_inserter(both));
    sorted = std::move(both);
}

}  // namespace

void Bucket::add(const Contribution& contribution) {
    const auto found = cells_.try_emplace(contribution.key).first;
    Cell& cell = found->second;
    add_sums(cell.sums, contribution.sums);
    if (contribution.author != 0 && contribution.sums.mentions > 0) insert(cell.authors, contribution.author);
    if (contribution.author != 0 && contribution.cluster != 0) insert(cell.copies, CopyMember{contribution.cluster, contribution.author});
    if (blank(cell)) cells_.erase(found);
}

void Bucket::merge(const Bucket& other) {
    for (const auto& [key, more] : other.cells_) {
        const auto found = cells_.try_emplace(key).first;
        Cell& cell = found->second;
        add_sums(cell.sums, more.sums);
        unite(cell.authors, more.authors);
        unite(cell.copies, more.copies);
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
