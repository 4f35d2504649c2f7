// The part of a commit that knows near copies: who copied whom, and that the first of a cluster is known as one once there is a second.
#include <algorithm>

#include "store/keys.hpp"
#include "store/ledger.hpp"
#include "vigie/detect/contribution.hpp"

namespace vigie::store {

const NearCopy* Store::Impl::Commit::copy_of(const Row& row) const {
    const auto before = [](const NearCopy& copy, const Row& r) { return std::tie(copy.item, copy.brand) < std::tie(r.item, r.index); };
    const auto at = std::lower_bound(in_.copies.begin(), in_.copies.end(), row, before);
    return at != in_.copies.end() && at->item == row.item && at->brand == row.index ? &*at : nullptr;
}

/// Only a copy that is new makes its cluster's first a member: what was counted before has done so.
void Store::Impl::Commit::find_copies() {
    if (in_.copies.empty()) return;
    for (const std::size_t at : fresh_) {
        const Row& row = rows_[at];
        const NearCopy* const copy = copy_of(row);
        if (copy == nullptr || copy->first == 0) continue;
        firsts_.try_emplace(evidence_key(row.brand, copy->first_published, copy->first), First{row.brand, copy->cluster, row.index});
    }
}

/// Makes a stored mention the first of a cluster, in its own minute, if it is one and nobody has said so.
void Store::Impl::Commit::note_first(const std::string& key, DecodedEvidence& evidence) {
    const auto found = firsts_.find(key);
    if (found == firsts_.end()) return;
    const First first = found->second;
    firsts_.erase(found);
    StoredMention& mention = evidence.mention;
    if (mention.cluster != 0) return;
    mention.cluster = first.cluster;
    if (detect::is_press(mention.analysed.item.kind)) return;
    detect::Contribution member;
    member.key = detect::cell_key_of(mention.analysed, all_of(mention.functions), mention.functions);
    member.author = evidence.author;
    member.cluster = first.cluster;
    minute(first.brand, first.index, minute_of(mention.analysed.item.published)).delta.add(member);
}

/// The firsts that nothing else in this group has touched.
Result<> Store::Impl::Commit::complete_clusters() {
    if (firsts_.empty()) return {};
    std::vector<std::string> keys;
    for (const auto& [key, first] : firsts_) keys.push_back(key);
    auto found = store_.db->multi_get(Cf::evidence, keys);
    if (!found) return found.error();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!(*found)[i]) continue;
        auto evidence = decode_evidence(*(*found)[i]);
        if (!evidence) return evidence.error();
        if (evidence->mention.cluster != 0) continue;
        note_first(keys[i], *evidence);
        evidence_.emplace_back(keys[i], encode_evidence(*evidence));
    }
    return {};
}

}  // namespace vigie::store
