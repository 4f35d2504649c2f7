#include "store/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/keys.hpp"
#include "vigie/detect/contribution.hpp"

namespace vigie::store {
namespace {

enum ItemState : std::uint8_t { matched = 1, too_old = 2, fresh = 4, grown = 8, exported = 16 };

std::vector<std::string> function_names(const std::vector<std::string>& names, std::uint64_t bits) {
    std::vector<std::string> matched_names;
    for (std::size_t i = 0; i < names.size() && i < 64; ++i) {
        if ((bits >> i & 1) != 0) matched_names.push_back(names[i]);
    }
    return matched_names;
}

/// The account of an item's author; 0: it has none.
std::uint64_t author_of(const Item& item) {
    const std::string key = account_key(item.platform, item.author.handle.bytes());
    return key.empty() ? 0 : hash64(key);
}

/// The id of what an item repeats; empty: it speaks for itself. Some platforms name what is quoted as the parent.
std::string_view repeated_by(const Item& item) {
    if (!item.repost_of.empty()) return item.repost_of;
    return item.kind == Kind::repost || item.kind == Kind::quote ? item.parent : std::string_view();
}

}  // namespace

std::string_view to_string(ItemOutcome outcome) noexcept {
    switch (outcome) {
        case ItemOutcome::accepted:
            return "accepted";
        case ItemOutcome::updated:
            return "updated";
        case ItemOutcome::duplicate:
            return "duplicate";
        case ItemOutcome::too_old:
            return "too_old";
        case ItemOutcome::unmatched:
            return "unmatched";
    }
    return "unmatched";
}

Store::Impl::Commit::Commit(Store::Impl& store, LedgerInput input)
    : store_(store), in_(std::move(input)), brands_(store.brand_table()), batch_(in_.items.size() * 1600), item_states_(in_.items.size()) {}

Result<CommitResult> Store::Impl::Commit::run() {
    if (auto done = check(); !done) return done.error();
    collect_rows();
    if (auto done = read_seen(); !done) return done.error();
    find_copies();
    for (auto step : {&Commit::find_deleted, &Commit::read_repeated, &Commit::read_accounts}) {
        if (auto done = (this->*step)(); !done) return done.error();
    }
    for (const std::size_t at : fresh_) count_new(rows_[at]);
    sight_accounts();
    if (auto done = correct_known(); !done) return done.error();
    if (auto done = complete_clusters(); !done) return done.error();
    if (auto done = read_minutes(); !done) return done.error();
    apply_counts();
    put_seen_rows();
    put_accounts();
    put_minutes();
    if (auto done = put_hours(); !done) return done.error();
    if (auto done = put_takedowns_and_cursors(); !done) return done.error();
    settle_outcomes();
    if (auto done = write(); !done) return done.error();
    keep();
    return std::move(result_);
}

Result<> Store::Impl::Commit::check() const {
    if (auto done = store_.writable(); !done) return done;
    if (in_.items.size() > max_group || in_.deletes.size() > max_group || in_.counts.size() > max_group ||
        in_.takedowns.size() > max_group || in_.accounts.size() > max_group) {
        return Error(Errc::limit, fmt::format("a group holds at most {} records of a kind", max_group));
    }
    const auto known = [this](BrandIndex index) { return index < brands_->entries.size(); };
    for (const AnalysedItem& item : in_.items) {
        for (const BrandMatch& match : item.matches) {
            if (!known(match.brand)) return Error(Errc::invalid, fmt::format("there is no brand number {}", match.brand));
        }
    }
    for (const BrandAccount& account : in_.accounts) {
        if (!known(account.brand)) return Error(Errc::invalid, fmt::format("there is no brand number {}", account.brand));
    }
    return store_.space->admit_intake(0);
}

void Store::Impl::Commit::collect_rows() {
    const Time oldest = store_.oldest_item(in_.now);
    for (std::uint32_t i = 0; i < in_.items.size(); ++i) {
        AnalysedItem& analysed = in_.items[i];
        if (!analysed.item.observed) analysed.item.observed = in_.now;
        if (analysed.matches.empty()) continue;
        item_states_[i] |= matched;
        if (analysed.item.published < oldest) {
            item_states_[i] |= too_old;
            continue;
        }
        const Hash128 id = hash128(analysed.item.id);
        for (std::uint32_t m = 0; m < analysed.matches.size(); ++m) {
            const BrandIndex index = analysed.matches[m].brand;
            rows_.push_back(Row{brands_->entries[index].key, id, index, i, m, std::nullopt, false, 0});
        }
    }
    std::sort(rows_.begin(), rows_.end());
    // The first of a group stands for its copies; what they know of its engagement is not lost.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (kept > 0 && rows_[kept - 1].brand == rows_[i].brand && rows_[kept - 1].id == rows_[i].id) {
            Engagement& first = in_.items[rows_[kept - 1].item].item.engagement;
            first = detect::merged_engagement(first, in_.items[rows_[i].item].item.engagement);
        } else {
            if (kept != i) rows_[kept] = rows_[i];
            ++kept;
        }
    }
    rows_.resize(kept);
}

Result<> Store::Impl::Commit::read_seen() {
    std::vector<std::string> keys;
    keys.reserve(rows_.size());
    for (const Row& row : rows_) keys.push_back(seen_key(row.brand, row.id));
    auto found = store_.db->multi_get(Cf::seen, keys);
    if (!found) return found.error();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (const auto& bytes = (*found)[i]) {
            auto seen = decode_seen(*bytes);
            if (!seen) return seen.error();
            rows_[i].seen = *seen;
        } else {
            fresh_.push_back(i);
        }
    }
    std::sort(fresh_.begin(), fresh_.end(), [this](std::size_t a, std::size_t b) {
        return std::tie(rows_[a].item, rows_[a].match) < std::tie(rows_[b].item, rows_[b].match);
    });
    return {};
}

/// Finds whom the new items repeat: in this group, among those remembered, or on the disk. Nothing is read for an item that repeats
/// nothing.
Result<> Store::Impl::Commit::read_repeated() {
    std::map<MentionId, Repeated> wanted;
    for (const std::size_t at : fresh_) {
        Row& row = rows_[at];
        const Item& item = in_.items[row.item].item;
        const std::string_view target = repeated_by(item);
        if (target.empty() || item.author.handle.empty()) continue;
        Row probe;
        probe.brand = row.brand;
        probe.id = hash128(target);
        const auto here = std::lower_bound(rows_.begin(), rows_.end(), probe);
        if (here != rows_.end() && here->brand == probe.brand && here->id == probe.id && !here->seen) {
            // Only what came before: else it would matter how the stream was cut into groups.
            if (here->item < row.item) row.repeats = author_of(in_.items[here->item].item);
            continue;
        }
        Repeated& repeated = wanted[{row.brand, probe.id}];
        repeated.id = hash64(target);
        repeated.rows.push_back(&row);
    }
    std::vector<std::pair<const MentionId, Repeated>*> unknown;
    for (auto& entry : wanted) {
        if (const auto cached = store_.repeated_cache.take(entry.first)) {
            entry.second.author = *cached;
        } else {
            unknown.push_back(&entry);
        }
    }
    if (auto done = read_authors(unknown); !done) return done;
    for (const auto& [id, repeated] : wanted) {
        if (repeated.author == 0) continue;
        store_.repeated_cache.put(id, repeated.author);
        for (Row* row : repeated.rows) row->repeats = repeated.author;
    }
    return {};
}

Result<> Store::Impl::Commit::read_authors(const std::vector<std::pair<const MentionId, Repeated>*>& unknown) {
    std::vector<std::string> keys;
    for (const auto* entry : unknown) keys.push_back(seen_key(entry->first.brand, entry->first.id));
    auto found = store_.db->multi_get(Cf::seen, keys);
    if (!found) return found.error();
    std::vector<std::pair<std::string, Repeated*>> known;  // evidence keys
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!(*found)[i]) continue;
        auto seen = decode_seen(*(*found)[i]);
        if (!seen) return seen.error();
        known.emplace_back(evidence_key(unknown[i]->first.brand, seen->published, unknown[i]->second.id), &unknown[i]->second);
    }
    std::sort(known.begin(), known.end());
    keys.clear();
    for (const auto& entry : known) keys.push_back(entry.first);
    found = store_.db->multi_get(Cf::evidence, keys);
    if (!found) return found.error();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!(*found)[i]) continue;
        auto evidence = decode_evidence(*(*found)[i]);
        if (!evidence) return evidence.error();
        known[i].second->author = evidence->author;
    }
    return {};
}

Result<> Store::Impl::Commit::read_accounts() {
    const auto want = [this](std::uint64_t brand, std::string_view platform, const Untrusted& handle) {
        const std::string key = account_key(platform, handle.bytes());
        if (!key.empty()) accounts_.try_emplace(RowId{brand, hash64(key)});
    };
    for (const std::size_t at : fresh_) {
        const Item& item = in_.items[rows_[at].item].item;
        want(rows_[at].brand, item.platform, item.author.handle);
        if (rows_[at].repeats != 0) accounts_.try_emplace(RowId{rows_[at].brand, rows_[at].repeats});
    }
    for (const BrandAccount& sighted : in_.accounts) {
        want(brands_->entries[sighted.brand].key, sighted.account.platform, sighted.account.handle);
    }
    std::vector<std::string> keys;
    std::vector<AccountChange*> missing;
    for (auto& [id, change] : accounts_) {
        if (auto cached = store_.account_cache.take(id)) {
            change.account = std::move(*cached);
        } else {
            keys.push_back(account_row_key(id.brand, id.unit));
            missing.push_back(&change);
        }
    }
    auto found = store_.db->multi_get(Cf::accounts, keys);
    if (!found) return found.error();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!(*found)[i]) continue;
        auto account = decode_account(*(*found)[i]);
        if (!account) return account.error();
        missing[i]->account = std::move(*account);
    }
    return {};
}

Account* Store::Impl::Commit::author_account(std::uint64_t brand, const Item& item, std::uint64_t account) {
    if (account == 0) return nullptr;
    AccountChange& change = accounts_[RowId{brand, account}];
    Account& known = change.account;
    change.changed = true;
    if (known.mentions == 0) {
        known.first_seen = known.last_seen = item.published;
        known.platform = item.platform;
    }
    known.first_seen = std::min(known.first_seen, item.published);
    if (item.published >= known.last_seen || known.mentions == 0) {
        known.handle = item.author.handle;
        if (!item.author.name.empty()) known.name = item.author.name;
        if (item.author.followers) known.followers = item.author.followers;
        if (item.author.created) known.created = item.author.created;
        if (item.author.verified) known.verified = item.author.verified;
    }
    known.last_seen = std::max(known.last_seen, item.published);
    return &known;
}

void Store::Impl::Commit::count_new(const Row& row) {
    const AnalysedItem& analysed = in_.items[row.item];
    const BrandMatch& match = analysed.matches[row.match];
    const auto& names = brands_->entries[row.index].functions;
    const std::uint64_t author = author_of(analysed.item);
    EvidenceRow evidence{&analysed, function_names(names, match.functions), false, false, false, author};
    Account* const account = author_account(row.brand, analysed.item, author);
    if (account != nullptr) {
        evidence.new_author = account->mentions == 0;
        ++account->mentions;
    }
    const NearCopy* const copy = copy_of(row);
    evidence.weight = weigh(row, author, account, copy != nullptr && copy->of_another);
    evidence.arrival = store_.mentions + result_.mentions + 1;
    auto contribution = detect::contribution_of(analysed, match, names, evidence.new_author, evidence.weight);
    if (copy != nullptr) evidence.cluster = copy->cluster;
    if (!firsts_.empty()) {
        // It may be the first of a cluster whose second comes in the same group.
        const auto first = firsts_.find(evidence_key(row.brand, analysed.item.published, hash64(analysed.item.id)));
        if (first != firsts_.end()) {
            evidence.cluster = first->second.cluster;
            firsts_.erase(first);
        }
    }
    if (!detect::is_press(analysed.item.kind)) contribution.cluster = evidence.cluster;
    minute(row.brand, row.index, minute_of(analysed.item.published)).delta.add(contribution);
    std::uint8_t& state = item_states_[row.item];
    evidence.primary = (state & exported) == 0;
    state |= fresh | exported;
    ++result_.mentions;
    std::string value = encode_evidence(evidence);
    if (row.erased) {
        ++result_.deleted;
        auto decoded = decode_evidence(value);
        if (decoded) {
            strip(*decoded);
            value = encode_evidence(*decoded);
        }
    }
    put_evidence(row.brand, analysed.item, std::move(value));
}

std::int64_t Store::Impl::Commit::weigh(const Row& row, std::uint64_t author, Account* account, bool copy) {
    const AnalysedItem& analysed = in_.items[row.item];
    const Item& item = analysed.item;
    AuthorFacts facts{item.published, item.author.followers, item.author.created, item.author.verified, {}};
    if (account != nullptr) {
        note_posting(account->history, {item.published, copy, analysed.bare_link});
        if (!facts.followers) facts.followers = account->followers;
        if (!facts.created) facts.created = account->created;
        if (!facts.verified) facts.verified = account->verified;
        facts.history = account->history;
    }
    const std::int64_t weight = store_.weigh ? store_.weigh(facts) : ordinary_weight;
    if (row.repeats != 0 && author != 0 && row.repeats != author && weight >= least_weight_to_repeat) {
        AccountChange& repeated = accounts_[RowId{row.brand, row.repeats}];
        // An account that was dropped for its age stays gone.
        if (repeated.account.mentions > 0) {
            note_repeat(repeated.account.history, author, item.published);
            repeated.changed = true;
        }
    }
    return weight;
}

void Store::Impl::Commit::put_evidence(std::uint64_t brand, const Item& item, std::string value) {
    evidence_.emplace_back(evidence_key(brand, item.published, hash64(item.id)), std::move(value));
}

void Store::Impl::Commit::put_seen_rows() {
    for (const Row& row : rows_) {
        if (row.seen) continue;
        const Item& item = in_.items[row.item].item;
        put(Cf::seen, seen_key(row.brand, row.id), encode_seen({item.published, item.engagement.total(), row.erased}));
    }
    for (const auto& [key, value] : seen_) put(Cf::seen, key, value);
    std::sort(evidence_.begin(), evidence_.end());
    for (const auto& [key, value] : evidence_) put(Cf::evidence, key, value);
}

void Store::Impl::Commit::settle_outcomes() {
    for (const std::uint8_t state : item_states_) {
        ItemOutcome outcome = ItemOutcome::duplicate;
        if ((state & matched) == 0) {
            outcome = ItemOutcome::unmatched;
            ++result_.unmatched;
        } else if ((state & too_old) != 0) {
            outcome = ItemOutcome::too_old;
            ++result_.too_old;
        } else if ((state & fresh) != 0) {
            outcome = ItemOutcome::accepted;
            ++result_.accepted;
        } else {
            ++result_.duplicates;
            if ((state & grown) != 0) {
                outcome = ItemOutcome::updated;
                ++result_.updated;
            }
        }
        result_.outcomes.push_back(outcome);
    }
}

Store::Impl::Commit::MinuteChange& Store::Impl::Commit::minute(std::uint64_t brand, BrandIndex index, Minute minute) {
    MinuteChange& change = minutes_[{brand, minute}];
    change.index = index;
    return change;
}

void Store::Impl::Commit::put(Cf which, std::string_view key, std::string_view value) {
    batch_.Put(store_.db->cf(which), slice(key), slice(value)).PermitUncheckedError();
}

Result<CommitResult> Store::commit(LedgerInput input) {
    return Impl::Commit(*impl_, std::move(input)).run();
}

}  // namespace vigie::store
