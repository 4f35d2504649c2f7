// The bytes of a snapshot, version 2 (varints; signed ones zigzag; f64 = 8 bytes little-endian):
//   version (byte) | f64 brands hash | f64 selectors hash | brands | now ms (signed)
//   n, n brands { index | for each series: n, n groups { n, n texts | authors: n, n x { f64, end - minute }, or
//                                                       copies: n, n x { f64 cluster | authors as above }, or
//                                                       minutes: n, n x { end - minute, number }, hours: the same } }
//   n, n waiting buckets { minute (signed) | brand | bucket bytes }
//   f64 XXH3 of all before it
// Sums are not stored: restore() adds the numbers up again.
#include <algorithm>

#include "detect/bytes.hpp"
#include "detect/windows_impl.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::detect {
namespace {

constexpr std::uint8_t version = 2;

std::uint64_t selectors_hash(const std::vector<Selector>& selectors) {
    ByteWriter out;
    for (const Selector& selector : selectors) {
        out.text(format_selector(selector));
        out.varint(selector.by.size());
        for (const std::string& label : selector.by) out.text(label);
    }
    return hash64(out.bytes());
}

/// The entries up to `until`.
void write_track(ByteWriter& out, const Track* track, Minute until, Minute end) {
    const std::size_t n = track == nullptr ? 0 : track->upper(until);
    out.varint(n);
    for (std::size_t i = 0; i < n; ++i) {
        out.varint(static_cast<std::uint64_t>(std::int64_t{end} - track->key(i)));
        out.zigzag(track->value(i));
    }
}

void write_authors(ByteWriter& out, const AuthorTable* table, Minute oldest, Minute end) {
    std::vector<std::pair<std::uint64_t, Minute>> authors;
    if (table != nullptr) {
        table->for_each([&](std::uint64_t author, Minute minute) {
            if (minute > oldest) authors.emplace_back(author, minute);
        });
    }
    std::sort(authors.begin(), authors.end());
    out.varint(authors.size());
    for (const auto& [author, minute] : authors) {
        out.fixed64(author);
        out.varint(static_cast<std::uint64_t>(std::int64_t{end} - minute));
    }
}

void write_series(ByteWriter& out, const SeriesDef& def, const Series& series, Minute end) {
    const Minute oldest = edge_of(end, def.keep());
    if (def.column == Column::authors) return write_authors(out, series.authors(), oldest, end);
    if (def.column == Column::copies) {
        out.varint(series.copies() == nullptr ? 0 : series.copies()->size());
        if (series.copies() == nullptr) return;
        series.copies()->for_each([&](std::uint64_t cluster, const AuthorTable& authors) {
            out.fixed64(cluster);
            write_authors(out, &authors, oldest, end);
        });
        return;
    }
    write_track(out, &series.minutes(), end, end);
    // Younger hours (of max_reach) come again from their minutes.
    write_track(out, series.hours(), folded_until(end), end);
}

/// A minute within the series, or failure.
Minute read_minute(ByteReader& in, const SeriesDef& def, Minute end) {
    const std::uint64_t back = in.varint();
    // The oldest edge lies up to 59 minutes further back, on a full hour.
    if (back > static_cast<std::uint64_t>(def.keep()) + 59) in.fail();
    return in.ok() ? end - static_cast<Minute>(back) : end;
}

/// Calls add(author, minute) for each.
template <class Add>
void read_authors(ByteReader& in, const SeriesDef& def, Minute end, Add add) {
    const std::size_t n = in.count(9);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        const std::uint64_t author = in.fixed64();
        const Minute minute = read_minute(in, def, end);
        if (author == 0) in.fail();
        if (in.ok()) add(author, minute);
    }
}

void read_series(ByteReader& in, const SeriesDef& def, Series& series, Minute end) {
    if (def.column == Column::authors)
        return read_authors(in, def, end, [&](std::uint64_t author, Minute minute) { series.add_author(def, end, minute, author); });
    if (def.column == Column::copies) {
        const std::size_t n = in.count(9);
        for (std::size_t i = 0; i < n && in.ok(); ++i) {
            const std::uint64_t cluster = in.fixed64();
            if (cluster == 0) in.fail();
            read_authors(in, def, end, [&](std::uint64_t author, Minute minute) { series.add_copy(def, end, minute, {cluster, author}); });
        }
        return;
    }
    for (int part = 0; part < 2; ++part) {
        const std::size_t n = in.count(2);
        for (std::size_t i = 0; i < n && in.ok(); ++i) {
            const Minute minute = read_minute(in, def, end);
            const std::int64_t value = in.zigzag();
            if (in.ok()) series.add(def, end, minute, value);
        }
    }
}

Error corrupt(const std::string& what) {
    return Error(Errc::corrupt, "the snapshot of the windows " + what);
}

}  // namespace

std::string Windows::snapshot(std::uint64_t brands_hash) const {
    Impl& impl = *impl_;
    ByteWriter out;
    out.byte(version);
    out.fixed64(brands_hash);
    out.fixed64(selectors_hash(impl.selectors));
    out.varint(impl.brands.size());
    out.zigzag(to_millis(impl.now));
    out.varint(static_cast<std::uint64_t>(
        std::count_if(impl.brands.begin(), impl.brands.end(), [](const auto& state) { return state != nullptr; })));
    for (std::size_t b = 0; b < impl.brands.size(); ++b) {
        const BrandState* state = impl.present(static_cast<BrandIndex>(b));
        if (state == nullptr) continue;
        out.varint(b);
        for (std::size_t i = 0; i < state->slots.size(); ++i) {
            out.varint(state->slots[i].groups().size());
            for (const Group& group : state->slots[i].groups()) {
                for (const std::string& value : group.values) out.text(value);
                write_series(out, impl.plan.series[i], group.series, impl.end);
            }
        }
    }
    std::uint64_t waiting = 0;
    for (const auto& [minute, buckets] : impl.pending) waiting += buckets.size();
    out.varint(waiting);
    for (const auto& [minute, buckets] : impl.pending) {
        for (const auto& [brand, bucket] : buckets) {
            out.zigzag(minute);
            out.varint(brand);
            out.text(encode_bucket(bucket));
        }
    }
    out.fixed64(hash64(out.bytes()));
    return std::move(out).take();
}

namespace {

void read_brand(ByteReader& in, const Plan& plan, BrandState& state, Minute end) {
    for (std::size_t i = 0; i < plan.series.size() && in.ok(); ++i) {
        const std::size_t n = in.count(1);
        for (std::size_t g = 0; g < n && in.ok(); ++g) {
            GroupValues values;
            for (std::size_t v = 0; v < plan.series[i].by.size(); ++v) values.emplace_back(in.text());
            Series* series = state.slots[i].make(values);
            if (series == nullptr) return in.fail();
            read_series(in, plan.series[i], *series, end);
        }
    }
}

}  // namespace

Result<Windows> Windows::restore(std::string_view bytes, std::size_t brands, std::vector<Selector> selectors, std::uint64_t brands_hash) {
    if (bytes.size() < 8) return corrupt("is too short");
    const std::string_view body = bytes.substr(0, bytes.size() - 8);
    if (ByteReader tail(bytes.substr(body.size())); tail.fixed64() != hash64(body)) return corrupt("does not match its checksum");
    ByteReader in(body);
    if (const auto found = in.byte(); found != version) {
        return corrupt("has version " + std::to_string(found) + ", expected " + std::to_string(version));
    }
    if (in.fixed64() != brands_hash) return corrupt("is of another list of brands");
    if (in.fixed64() != selectors_hash(selectors)) return corrupt("is of another list of selectors");
    if (in.varint() != brands) return corrupt("is of another number of brands");
    Windows windows(brands, std::move(selectors));
    Impl& impl = *windows.impl_;
    windows.advance(from_millis(in.zigzag()));
    const std::size_t states = in.count(1);
    for (std::size_t i = 0; i < states && in.ok(); ++i) {
        const std::uint64_t brand = in.varint();
        if (!in.ok() || brand >= brands) return corrupt("names a brand that is not there");
        read_brand(in, impl.plan, impl.made(static_cast<BrandIndex>(brand)), impl.end);
    }
    const std::size_t waiting = in.count(3);
    for (std::size_t i = 0; i < waiting && in.ok(); ++i) {
        const std::int64_t minute = in.zigzag();
        const std::uint64_t brand = in.varint();
        auto bucket = decode_bucket(in.text());
        if (!in.ok() || !bucket || brand >= brands || minute <= impl.end || minute > std::int64_t{1} << 30) {
            return corrupt("has a waiting bucket that cannot be read");
        }
        impl.take(static_cast<BrandIndex>(brand), static_cast<Minute>(minute), *bucket);
    }
    if (!in.ok() || !in.at_end()) return corrupt("is truncated or has bytes left over");
    return windows;
}

}  // namespace vigie::detect
