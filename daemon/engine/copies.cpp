#include "engine/copies.hpp"

#include <algorithm>

#include "vigie/core/hash.hpp"

namespace vigie::engine {
namespace {

/// What is told of a cluster twice costs one read; what is remembered for ever costs memory.
constexpr std::size_t most_told = 10'000;
/// The event time of an item may lie so far ahead (intake cuts it there).
constexpr Duration ahead = std::chrono::minutes{5};

}  // namespace

std::uint64_t Copies::name_of(const Texts& texts, std::uint64_t cluster) {
    const auto found = texts.names.find(cluster);
    return found == texts.names.end() ? cluster : found->second;
}

Result<> Copies::fill(Texts& texts, std::uint64_t brand, const store::Store& store, Time now) {
    auto stored = store.evidence(brand, now - copies_remembered, now + ahead, copies_capacity,
                                 [](const store::StoredMention& mention) { return !mention.deleted; });
    if (!stored) return stored.error().with_context("reading the texts of the last day");
    std::sort(stored->begin(), stored->end(), [](const auto& a, const auto& b) { return a.arrival < b.arrival; });
    for (const store::StoredMention& mention : *stored) {
        const Item& item = mention.analysed.item;
        const text::CopyPlace place = texts.index.place(text::sketch_copy(item), text::copy_post_of(item));
        if (mention.cluster == 0 || place.cluster == 0) continue;
        if (place.cluster != mention.cluster) texts.names.try_emplace(place.cluster, mention.cluster);
        texts.told.insert(mention.cluster);
    }
    return {};
}

Result<> Copies::place(store::LedgerInput& input, const store::Store& store, const std::vector<Brand>& brands) {
    placed_.clear();
    completed_.clear();
    deleted_.clear();
    input.copies.clear();
    Result<> result;
    for (const Delete& gone : input.deletes) deleted_.push_back(hash64(gone.id));
    for (std::uint32_t i = 0; i < input.items.size(); ++i) {
        const AnalysedItem& analysed = input.items[i];
        if (analysed.copy.words == 0 && analysed.copy.headlines.empty()) continue;
        const text::CopyPost post = text::copy_post_of(analysed.item);
        for (const BrandMatch& match : analysed.matches) {
            if (match.brand >= brands.size()) continue;  // the ledger refuses the group
            const std::uint64_t brand = brand_key(brands[match.brand].name);
            const auto [at, is_new] = brands_.try_emplace(brand);
            Texts& texts = at->second;
            if (is_new) {
                if (Result<> filled = fill(texts, brand, store, input.now); !filled && result.ok()) result = std::move(filled);
            }
            texts.index.drop_before(input.now - copies_remembered);
            texts.used = input.now;
            const bool known = texts.index.contains(post.id);
            const text::CopyPlace place = texts.index.place(analysed.copy, post);
            if (!known && place.cluster != 0) placed_.emplace_back(brand, post.id);
            if (place.role != text::CopyRole::copy) continue;
            const std::uint64_t cluster = name_of(texts, place.cluster);
            store::NearCopy copy{i, match.brand, cluster, !place.press && place.authors >= 2, 0, Time{}};
            if (!texts.told.contains(cluster)) {
                copy.first = place.first;
                copy.first_published = place.first_published;
                completed_.emplace_back(brand, cluster);
            }
            input.copies.push_back(copy);
        }
    }
    return result;
}

void Copies::committed() {
    for (const auto& [brand, cluster] : completed_) {
        auto& told = brands_[brand].told;
        if (told.size() >= most_told) told.clear();
        told.insert(cluster);
    }
    for (const std::uint64_t id : deleted_) {
        for (auto& [brand, texts] : brands_) texts.index.forget(id);
    }
    placed_.clear();
}

void Copies::failed() {
    for (const auto& [brand, id] : placed_) brands_[brand].index.forget(id);
    placed_.clear();
}

void Copies::tidy(Time now) {
    for (auto at = brands_.begin(); at != brands_.end();) {
        at->second.index.drop_before(now - copies_remembered);
        at = at->second.used < now - copies_remembered ? brands_.erase(at) : std::next(at);
    }
}

std::size_t Copies::memory() const noexcept {
    std::size_t bytes = 0;
    for (const auto& [brand, texts] : brands_) {
        bytes += sizeof texts + texts.index.memory() + texts.names.size() * 32 + texts.told.size() * 24;
    }
    return bytes;
}

}  // namespace vigie::engine
