// The bytes of a bucket, version 2. All numbers are varints unless said otherwise; signed ones are zigzag.
//   version (byte) | table: n, n x (length, bytes), strictly ascending, each used
//   cells: n, n x { platform, language, source (indexes) | kind (byte) | functions: n, n x index | mask | a signed number for each bit of
//                   the mask, never 0, the largest reach never negative | authors: n, n x 8 bytes little-endian, strictly ascending |
//                   copies: n, n x { cluster, author: 8 bytes little-endian each }, strictly ascending }, keys
//                   strictly ascending
//   counts: n, n x { series, source (indexes) | start ms, span ms (signed) | IEEE 754 double, 8 bytes little-endian }
// Version 1 had no copies, and no `weighted` in its mask: such a mention weighs as much as an ordinary one.
// A one-mention bucket takes about 50 bytes, most of them its strings; author hashes are random, so a delta code would save nothing.
#include <bit>
#include <cmath>
#include <set>

#include "detect/bytes.hpp"
#include "detect/counters.hpp"
#include "detect/wrap.hpp"
#include "vigie/core/author_history.hpp"
#include "vigie/detect/bucket.hpp"

namespace vigie::detect {
namespace {

constexpr std::uint8_t version = 2;
constexpr std::uint8_t version_without_weights = 1;

class Table {
public:
    explicit Table(const Bucket& bucket) {
        for (const auto& [key, cell] : bucket.cells()) {
            strings_.insert({key.platform, key.language, key.source});
            for (const std::string& function : key.functions) strings_.insert(function);
        }
        for (const auto& [key, value] : bucket.counts()) strings_.insert({key.series, key.source});
        std::uint64_t next = 0;
        for (const std::string_view text : strings_) indexes_.emplace(text, next++);
    }
    void write(ByteWriter& out) const {
        out.varint(strings_.size());
        for (const std::string_view text : strings_) out.text(text);
    }
    std::uint64_t index(std::string_view text) const { return indexes_.find(text)->second; }

private:
    std::set<std::string_view> strings_;
    std::map<std::string_view, std::uint64_t> indexes_;
};

void write_cell(ByteWriter& out, const Table& table, const CellKey& key, const Cell& cell) {
    out.varint(table.index(key.platform));
    out.varint(table.index(key.language));
    out.varint(table.index(key.source));
    out.byte(static_cast<std::uint8_t>(key.kind));
    out.varint(key.functions.size());
    for (const std::string& function : key.functions) out.varint(table.index(function));
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < counter_fields.size(); ++i) {
        if (cell.sums.*counter_fields[i] != 0) mask |= std::uint64_t{1} << i;
    }
    out.varint(mask);
    for (const auto field : counter_fields) {
        if (cell.sums.*field != 0) out.zigzag(cell.sums.*field);
    }
    out.varint(cell.authors.size());
    for (const std::uint64_t author : cell.authors) out.fixed64(author);
    out.varint(cell.copies.size());
    for (const CopyMember& member : cell.copies) {
        out.fixed64(member.cluster);
        out.fixed64(member.author);
    }
}

/// The strings of a bucket while it is read, and whether each was used.
class Strings {
public:
    explicit Strings(ByteReader& in) : in_(in) {
        const std::size_t n = in_.count(1);
        strings_.reserve(n);
        for (std::size_t i = 0; i < n && in_.ok(); ++i) {
            const std::string_view text = in_.text();
            if (i > 0 && strings_.back() >= text) in_.fail();
            strings_.push_back(text);
        }
        used_.resize(strings_.size());
    }
    std::string next() {
        const std::uint64_t index = in_.varint();
        if (!in_.ok() || index >= strings_.size()) {
            in_.fail();
            return {};
        }
        used_[static_cast<std::size_t>(index)] = true;
        return std::string(strings_[static_cast<std::size_t>(index)]);
    }
    bool all_used() const {
        for (const bool used : used_) {
            if (!used) return false;
        }
        return true;
    }

private:
    ByteReader& in_;
    std::vector<std::string_view> strings_;
    std::vector<bool> used_;
};

CellKey read_key(ByteReader& in, Strings& strings) {
    CellKey key;
    key.platform = strings.next();
    key.language = strings.next();
    key.source = strings.next();
    const std::uint8_t kind = in.byte();
    if (kind > static_cast<std::uint8_t>(Kind::video)) in.fail();
    if (in.ok()) key.kind = static_cast<Kind>(kind);
    const std::size_t n = in.count(1);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        std::string function = strings.next();
        if (i > 0 && key.functions.back() >= function) in.fail();
        key.functions.push_back(std::move(function));
    }
    return key;
}

void read_copies(ByteReader& in, std::vector<CopyMember>& copies) {
    const std::size_t n = in.count(16);
    copies.reserve(n);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        const std::uint64_t cluster = in.fixed64();
        const CopyMember member{cluster, in.fixed64()};
        if (member.cluster == 0 || member.author == 0 || (i > 0 && copies.back() >= member)) in.fail();
        copies.push_back(member);
    }
}

Cell read_sums(ByteReader& in, std::uint8_t written_as) {
    Cell cell;
    const std::size_t fields = written_as == version_without_weights ? counter_fields.size() - 1 : counter_fields.size();
    const std::uint64_t mask = in.varint();
    if (mask >> fields != 0) in.fail();
    for (std::size_t i = 0; i < fields && in.ok(); ++i) {
        if ((mask >> i & 1) == 0) continue;
        cell.sums.*counter_fields[i] = in.zigzag();
        if (cell.sums.*counter_fields[i] == 0) in.fail();
    }
    if (written_as == version_without_weights) cell.sums.weighted = wrap_mul(cell.sums.mentions, ordinary_weight);
    // It is the larger of itself and zero from the start.
    if (cell.sums.max_reach < 0) in.fail();
    const std::size_t n = in.count(8);
    cell.authors.reserve(n);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
        const std::uint64_t author = in.fixed64();
        if (author == 0 || (i > 0 && cell.authors.back() >= author)) in.fail();
        cell.authors.push_back(author);
    }
    if (written_as != version_without_weights) read_copies(in, cell.copies);
    if (mask == 0 && n == 0 && cell.copies.empty()) in.fail();
    return cell;
}

Error corrupt() {
    return Error(Errc::corrupt, "a stored bucket cannot be read: truncated, out of order or out of its string table");
}

}  // namespace

std::string encode_bucket(const Bucket& bucket) {
    ByteWriter out;
    out.byte(version);
    const Table table(bucket);
    table.write(out);
    out.varint(bucket.cells_.size());
    for (const auto& [key, cell] : bucket.cells_) write_cell(out, table, key, cell);
    out.varint(bucket.counts_.size());
    for (const auto& [key, value] : bucket.counts_) {
        out.varint(table.index(key.series));
        out.varint(table.index(key.source));
        out.zigzag(key.start_ms);
        out.zigzag(key.span_ms);
        out.fixed64(std::bit_cast<std::uint64_t>(value));
    }
    return std::move(out).take();
}

Result<Bucket> decode_bucket(std::string_view bytes) {
    ByteReader in(bytes);
    const std::uint8_t found = in.byte();
    if (in.ok() && found != version && found != version_without_weights) {
        return Error(Errc::corrupt,
                     "a stored bucket has version " + std::to_string(found) + ", expected at most " + std::to_string(version));
    }
    Strings strings(in);
    Bucket bucket;
    const std::size_t cells = in.count(7);
    for (std::size_t i = 0; i < cells && in.ok(); ++i) {
        CellKey key = read_key(in, strings);
        Cell cell = read_sums(in, found);
        if (!bucket.cells_.empty() && !(bucket.cells_.rbegin()->first < key)) in.fail();
        if (in.ok()) bucket.cells_.emplace_hint(bucket.cells_.end(), std::move(key), std::move(cell));
    }
    const std::size_t counts = in.count(12);
    for (std::size_t i = 0; i < counts && in.ok(); ++i) {
        Bucket::CountKey key;
        key.series = strings.next();
        key.source = strings.next();
        key.start_ms = in.zigzag();
        key.span_ms = in.zigzag();
        const auto value = std::bit_cast<double>(in.fixed64());
        if (!std::isfinite(value) || (value == 0 && std::signbit(value))) in.fail();
        if (!bucket.counts_.empty() && !(bucket.counts_.rbegin()->first < key)) in.fail();
        if (in.ok()) bucket.counts_.emplace_hint(bucket.counts_.end(), std::move(key), value);
    }
    if (!in.ok() || !in.at_end() || !strings.all_used()) return corrupt();
    return bucket;
}

}  // namespace vigie::detect
