#include "detect/series.hpp"

#include <algorithm>

#include "detect/edge.hpp"
#include "detect/wrap.hpp"

namespace vigie::detect {

std::int64_t& Series::sum_at(const SeriesDef& def, std::size_t i) {
    if (!sums_) sums_ = std::make_unique<std::int64_t[]>(def.edges.size());
    return sums_[i];
}

Track& Series::hours_made() {
    if (!hours_) hours_ = std::make_unique<Track>();
    return *hours_;
}

void Series::add(const SeriesDef& def, Minute end, Minute m, std::int64_t value) {
    if (value == 0 || m <= edge_of(end, def.keep())) return;
    const bool folded = m <= folded_until(end);
    if (def.column == Column::max_reach) {
        if (!folded) minutes_.raise(m, value);
        hours_made().raise(ceil_hour(m), value);
        return;
    }
    for (std::size_t i = def.edges.size(); i > 0 && m > edge_of(end, def.edges[i - 1]); --i) {
        std::int64_t& sum = sum_at(def, i - 1);
        sum = wrap_add(sum, value);
    }
    if (folded) {
        hours_made().add(ceil_hour(m), value);
    } else {
        minutes_.add(m, value);
    }
}

void Series::add_author(const SeriesDef& def, Minute end, Minute m, std::uint64_t author) {
    const Minute oldest = edge_of(end, def.keep());
    if (m <= oldest) return;
    if (!known_) known_ = std::make_unique<Known>();
    const auto last = known_->authors.last(author);
    if (last && *last >= m) return;
    if (last) add(def, end, *last, -1);
    add(def, end, m, 1);
    known_->authors.set(author, m, oldest);
}

void Series::add_copy(const SeriesDef& def, Minute end, Minute m, const CopyMember& member) {
    const Minute oldest = edge_of(end, def.keep());
    if (m <= oldest) return;
    if (!known_) known_ = std::make_unique<Known>();
    known_->copies.add(member.cluster, member.author, m, oldest);
}

std::int64_t Series::most_copied(Minute end, std::int32_t trail) const noexcept {
    return known_ ? known_->copies.largest(edge_of(end, trail)) : 0;
}

void Series::roll(const SeriesDef& def, Minute from, Minute to) {
    if (empty()) return;
    if (def.column != Column::max_reach && def.column != Column::copies) {
        for (std::size_t i = 0; i < def.edges.size(); ++i) {
            const Minute before = edge_of(from, def.edges[i]);
            const Minute after = edge_of(to, def.edges[i]);
            if (before == after) continue;
            std::int64_t expired = minutes_.sum(before, after);
            if (hours_) expired = wrap_add(expired, hours_->sum(before, after));
            std::int64_t& sum = sum_at(def, i);
            sum = wrap_sub(sum, expired);
        }
    }
    fold(def, to);
    if (known_) known_->copies.drop(edge_of(to, def.keep()));
    if (empty() && known_) known_.reset();
}

void Series::fold(const SeriesDef& def, Minute end) {
    const Minute oldest = edge_of(end, def.keep());
    minutes_.drop(oldest);
    if (const Minute until = folded_until(end); until > oldest) {
        // The larger of an hour's minutes stands in its hour already.
        const std::size_t n = def.column == Column::max_reach ? 0 : minutes_.upper(until);
        for (std::size_t i = 0; i < n; ++i) hours_made().add(ceil_hour(minutes_.key(i)), minutes_.value(i));
        minutes_.drop(until);
    }
    if (hours_) {
        hours_->drop(oldest);
        if (hours_->empty()) hours_.reset();
    }
}

std::int64_t Series::sum(const SeriesDef& def, std::int32_t lead, std::int32_t trail) const noexcept {
    if (!sums_) return 0;
    const std::int64_t far = sums_[def.edge_index(trail)];
    return lead == 0 ? far : wrap_sub(far, sums_[def.edge_index(lead)]);
}

std::int64_t Series::largest(Minute end, std::int32_t lead, std::int32_t trail) const noexcept {
    const Minute after = edge_of(end, trail);
    const Minute until = edge_of(end, lead);
    const Minute first = ceil_hour(after);  // whole hours lie in (first, last]
    const Minute last = floor_hour(until);
    if (first >= last || !hours_) return minutes_.largest(after, until);
    return std::max({minutes_.largest(after, first), hours_->largest(first, last), minutes_.largest(last, until)});
}

std::size_t Series::memory(const SeriesDef& def) const noexcept {
    std::size_t bytes = minutes_.memory();
    if (sums_) bytes += def.edges.size() * sizeof(std::int64_t);
    if (hours_) bytes += sizeof(Track) + hours_->memory();
    if (known_) bytes += sizeof(Known) + known_->authors.memory() + known_->copies.memory();
    return bytes;
}

}  // namespace vigie::detect
