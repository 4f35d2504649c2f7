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
    for (auto step : {&Commit::read_seen, &Commit::find_deleted, &Commit::read_accounts}) {
        if (auto done = (this->*step)(); !done) return done.error();
    }
    for (const std::size_t at : fresh_) count_new(rows_[at]);
    sight_accounts();
    if (auto done = correct_known(); !done) return done.error();
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
            rows_.push_back(Row{brands_->entries[index].key, id, index, i, m, std::nullopt, false});
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

Result<> Store::Impl::Commit::read_accounts() {
    const auto want = [this](std::uint64_t brand, std::string_view platform, const Untrusted& handle) {
        const std::string key = account_key(platform, handle.bytes());
        if (!key.empty()) accounts_.try_emplace(RowId{brand, hash64(key)});
    };
    for (const std::size_t at : fresh_) {
        const Item& item = in_.items[rows_[at].item].item;
        want(rows_[at].brand, item.platform, item.author.handle);
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
    }
    known.last_seen = std::max(known.last_seen, item.published);
    return &known;
}

void Store::Impl::Commit::count_new(const Row& row) {
    const AnalysedItem& analysed = in_.items[row.item];
    const BrandMatch& match = analysed.matches[row.match];
    const auto& names = brands_->entries[row.index].functions;
    const std::string key = account_key(analysed.item.platform, analysed.item.author.handle.bytes());
    const std::uint64_t author = key.empty() ? 0 : hash64(key);
    EvidenceRow evidence{&analysed, function_names(names, match.functions), false, false, false, author};
    if (Account* account = author_account(row.brand, analysed.item, author)) {
        evidence.new_author = account->mentions == 0;
        ++account->mentions;
    }
    const auto contribution = detect::contribution_of(analysed, match, names, evidence.new_author);
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
            value = encode_evidence({&decoded->mention.analysed, evidence.functions, evidence.new_author, evidence.primary, true, author});
        }
    }
    put_evidence(row.brand, analysed.item, std::move(value));
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
