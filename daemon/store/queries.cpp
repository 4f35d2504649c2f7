// Reading the past. Any thread: RocksDB's own views keep readers and the writer apart.
#include <algorithm>

#include "store/impl.hpp"
#include "store/keys.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/detect/contribution.hpp"

namespace vigie::store {
namespace {

/// The first instant after t, as a bound that excludes: (from, to] on disk is [after(from), after(to)).
Time after(Time t) {
    return t + Duration{1};
}

}  // namespace

StoredMention Store::Impl::with_matches(std::uint64_t brand, DecodedEvidence evidence, const BrandTable& table) const {
    StoredMention mention = std::move(evidence.mention);
    mention.brand = brand;
    const auto known = table.by_key.find(brand);
    if (known == table.by_key.end()) return mention;
    BrandMatch match{known->second, 0};
    const auto& names = table.entries[known->second].functions;
    for (std::size_t i = 0; i < names.size() && i < 64; ++i) {
        if (std::find(mention.functions.begin(), mention.functions.end(), names[i]) != mention.functions.end())
            match.functions |= 1ULL << i;
    }
    mention.analysed.matches.push_back(match);
    return mention;
}

Result<std::vector<StoredMention>> Store::evidence(std::uint64_t brand, Time from, Time to, std::size_t limit,
                                                   const std::function<bool(const StoredMention&)>& keep) const {
    std::vector<StoredMention> mentions;
    if (limit == 0 || from >= to) return mentions;
    const auto table = impl_->brand_table();
    auto done = impl_->db->scan_back(Cf::evidence, evidence_floor(brand, after(from)), evidence_floor(brand, after(to)),
                                     [&](std::string_view, std::string_view value) -> Result<bool> {
                                         auto row = decode_evidence(value);
                                         if (!row) return row.error();
                                         StoredMention mention = impl_->with_matches(brand, std::move(*row), *table);
                                         if (!keep || keep(mention)) mentions.push_back(std::move(mention));
                                         return mentions.size() < limit;
                                     });
    if (!done) return done.error();
    return mentions;
}

namespace {

struct Weighed {
    double weight;
    std::size_t order;  ///< 0: the newest
    StoredMention mention;
    bool operator<(const Weighed& other) const { return weight != other.weight ? weight > other.weight : order < other.order; }
};

/// Puts one in, in the place of its near copy if that is there and lighter, else of the lightest if there are more than `limit`.
void enter(std::vector<Weighed>& heap, Weighed next, std::size_t limit) {
    const std::uint64_t cluster = next.mention.cluster;
    const auto twin =
        cluster == 0 ? heap.end() : std::find_if(heap.begin(), heap.end(), [&](const Weighed& w) { return w.mention.cluster == cluster; });
    if (twin != heap.end()) {
        if (!(next < *twin)) return;
        *twin = std::move(next);
        std::make_heap(heap.begin(), heap.end());
        return;
    }
    heap.push_back(std::move(next));
    std::push_heap(heap.begin(), heap.end());
    if (heap.size() <= limit) return;
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
}

}  // namespace

Result<std::vector<StoredMention>> Store::top(std::uint64_t brand, Time from, Time to, std::size_t limit,
                                              const std::function<double(const StoredMention&)>& weight, std::size_t max_scan) const {
    std::vector<Weighed> heap;  // the lightest on top
    std::size_t order = 0;
    if (limit == 0 || from >= to) return std::vector<StoredMention>();
    const auto table = impl_->brand_table();
    auto done = impl_->db->scan_back(Cf::evidence, evidence_floor(brand, after(from)), evidence_floor(brand, after(to)),
                                     [&](std::string_view, std::string_view value) -> Result<bool> {
                                         auto row = decode_evidence(value);
                                         if (!row) return row.error();
                                         Weighed next{0, order++, impl_->with_matches(brand, std::move(*row), *table)};
                                         next.weight = weight(next.mention);
                                         if (next.weight >= 0 && (heap.size() < limit || next < heap.front()))
                                             enter(heap, std::move(next), limit);
                                         return order < max_scan;
                                     });
    if (!done) return done.error();
    std::sort_heap(heap.begin(), heap.end());
    std::vector<StoredMention> mentions;
    for (Weighed& weighed : heap) mentions.push_back(std::move(weighed.mention));
    return mentions;
}

Result<std::optional<StoredMention>> Store::find(std::uint64_t brand, std::string_view id) const {
    std::optional<StoredMention> none;
    auto bytes = impl_->db->get(Cf::seen, seen_key(brand, hash128(id)));
    if (!bytes) return bytes.error();
    if (!*bytes) return none;
    auto seen = decode_seen(**bytes);
    if (!seen) return seen.error();
    bytes = impl_->db->get(Cf::evidence, evidence_key(brand, seen->published, hash64(id)));
    if (!bytes) return bytes.error();
    if (!*bytes) return none;
    auto row = decode_evidence(**bytes);
    if (!row) return row.error();
    return std::optional(impl_->with_matches(brand, std::move(*row), *impl_->brand_table()));
}

Result<> Store::for_each_mention(const std::function<bool(const StoredMention&)>& visit) const {
    const auto table = impl_->brand_table();
    return impl_->db->scan(Cf::evidence, {}, std::nullopt, [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto row = decode_evidence(value);
        if (!row) return row.error();
        return visit(impl_->with_matches(key_u64(key), std::move(*row), *table));
    });
}

Result<std::uint64_t> Store::for_each_item(const std::function<bool(const Item&)>& visit) const {
    std::uint64_t count = 0;
    auto done = for_each_mention([&](const StoredMention& mention) {
        if (!mention.primary || mention.deleted) return true;
        ++count;
        return visit(mention.analysed.item);
    });
    if (!done) return done.error();
    return count;
}

namespace {

Result<std::vector<std::pair<std::int32_t, detect::Bucket>>> buckets(const Db& db, Cf which, std::uint64_t brand, std::int32_t from,
                                                                     std::int32_t to) {
    std::vector<std::pair<std::int32_t, detect::Bucket>> rows;
    if (from >= to) return rows;
    const auto bound = to == INT32_MAX ? next_brand(brand) : std::optional(bucket_key(brand, to + 1));
    auto done = db.scan(which, bucket_key(brand, from + 1), bound, [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto bucket = detect::decode_bucket(value);
        if (!bucket) return bucket.error();
        rows.emplace_back(key_i32(key, 8), std::move(*bucket));
        return true;
    });
    if (!done) return done.error();
    return rows;
}

}  // namespace

Result<std::vector<std::pair<Minute, detect::Bucket>>> Store::minutes(std::uint64_t brand, Minute from, Minute to) const {
    return buckets(*impl_->db, Cf::buckets, brand, from, to);
}

Result<std::vector<std::pair<Hour, detect::Bucket>>> Store::hours(std::uint64_t brand, Hour from, Hour to) const {
    return buckets(*impl_->db, Cf::hours, brand, from, to);
}

Result<std::vector<std::pair<Minute, detect::Bucket>>> Store::recount(std::uint64_t brand, Minute from, Minute to) const {
    std::vector<std::pair<Minute, detect::Bucket>> rows;
    if (from >= to) return rows;
    const std::string first = evidence_floor(brand, after(end_of_minute(from)));
    const std::string last = evidence_floor(brand, after(end_of_minute(to)));
    auto done = impl_->db->scan(Cf::evidence, first, last, [&](std::string_view, std::string_view value) -> Result<bool> {
        auto row = decode_evidence(value);
        if (!row) return row.error();
        const StoredMention& mention = row->mention;
        const std::size_t count = mention.functions.size();
        const BrandMatch match{0, count >= 64 ? ~0ULL : (1ULL << count) - 1};
        auto contribution = detect::contribution_of(mention.analysed, match, mention.functions, mention.new_author, mention.weight);
        // The handle may be gone; its hash is not.
        contribution.author = row->author;
        contribution.sums.new_authors = mention.new_author ? 1 : 0;
        if (!detect::is_press(mention.analysed.item.kind)) contribution.cluster = mention.cluster;
        const Minute minute = minute_of(mention.analysed.item.published);
        if (rows.empty() || rows.back().first != minute) rows.emplace_back(minute, detect::Bucket());
        rows.back().second.add(contribution);
        return true;
    });
    if (!done) return done.error();
    return rows;
}

Result<std::vector<Account>> Store::accounts(std::uint64_t brand, std::size_t limit) const {
    std::vector<Account> accounts;
    if (limit == 0) return accounts;
    auto done =
        impl_->db->scan(Cf::accounts, brand_floor(brand), next_brand(brand), [&](std::string_view, std::string_view value) -> Result<bool> {
            auto account = decode_account(value);
            if (!account) return account.error();
            // Forgotten authors have a row, but no name.
            if (!account->handle.empty()) accounts.push_back(std::move(*account));
            return accounts.size() < limit;
        });
    if (!done) return done.error();
    return accounts;
}

Result<std::optional<Account>> Store::account(std::uint64_t brand, std::string_view platform, std::string_view handle) const {
    std::optional<Account> none;
    auto bytes = impl_->db->get(Cf::accounts, account_row_key(brand, hash64(account_key(platform, handle))));
    if (!bytes) return bytes.error();
    if (!*bytes) return none;
    auto account = decode_account(**bytes);
    if (!account) return account.error();
    if (account->handle.empty()) return none;
    return std::optional(std::move(*account));
}

Result<std::vector<Cursor>> Store::cursors() const {
    std::vector<Cursor> cursors;
    auto done = impl_->db->scan(Cf::meta, "c", std::string("d"), [&](std::string_view key, std::string_view value) -> Result<bool> {
        cursors.push_back({std::string(key.substr(1)), std::string(value)});
        return true;
    });
    if (!done) return done.error();
    return cursors;
}

Result<std::vector<StoredTakedown>> Store::takedowns(std::uint64_t brand) const {
    std::vector<StoredTakedown> rows;
    const std::string from = "t" + (brand == 0 ? std::string() : brand_floor(brand));
    const auto next = brand == 0 ? std::nullopt : next_brand(brand);
    const std::string to = next ? "t" + *next : std::string("u");
    auto done = impl_->db->scan(Cf::meta, from, to, [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto row = decode_takedown(value);
        if (!row) return row.error();
        row->id = to_hex(key_u64(key, 9)) + to_hex(key_u64(key, 17));
        rows.push_back(std::move(*row));
        return true;
    });
    if (!done) return done.error();
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.takedown.at < b.takedown.at; });
    return rows;
}

}  // namespace vigie::store
