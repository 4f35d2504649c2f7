#include "text/near_copies_texts.hpp"

#include <algorithm>
#include <bit>

#include "text/near_copies_sketch.hpp"
#include "vigie/text/near_copies.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t heap_overhead = 16;  // of one small allocation, about

std::array<std::uint64_t, 2> filter_of(std::span<const std::uint32_t> shingles) noexcept {
    std::array<std::uint64_t, 2> filter{};
    for (const std::uint32_t shingle : shingles) filter[shingle >> 31] |= std::uint64_t{1} << (shingle >> 25 & 63);
    return filter;
}

}  // namespace

CopyTexts::CopyTexts(std::uint64_t salt) : by_words_(salt), by_band_(CopySketch::bands, FlatTable<IndexSlot>(salt)) {}

std::uint32_t CopyTexts::find(std::uint64_t words, bool press) const noexcept {
    const IndexSlot* slot =
        by_words_.find(words, [&](const IndexSlot& s) { return texts_[s.index].words == words && texts_[s.index].press == press; });
    return slot == nullptr ? IndexSlot::none : slot->index;
}

std::uint32_t CopyTexts::add(const CopySketch& sketch, std::uint64_t words) {
    std::uint32_t index = 0;
    if (free_.empty()) {
        if (texts_.size() == texts_.capacity()) texts_.reserve(grown(texts_.size()));
        index = static_cast<std::uint32_t>(texts_.size());
        texts_.emplace_back();
    } else {
        index = free_.back();
        free_.pop_back();
    }
    CopyText text;
    text.words = words;
    text.keys = sketch.keys;
    text.cut_short = sketch.cut_short;
    text.press = sketch.press;
    text.number = next_number_++;
    text.shingle_count = static_cast<std::uint16_t>(std::min(sketch.shingles.size(), CopySketch::max_shingles));
    if (text.shingle_count > 0) {
        text.shingle_data = std::make_unique<std::uint32_t[]>(text.shingle_count);
        text.filter = filter_of(sketch.shingles);
        std::copy_n(sketch.shingles.begin(), text.shingle_count, text.shingle_data.get());
        shingle_bytes_ += text.shingle_count * sizeof(std::uint32_t) + heap_overhead;
    }
    const bool has_shingles = text.shingle_count > 0;
    texts_[index] = std::move(text);
    by_words_.insert(IndexSlot{index}, words_of());
    if (has_shingles)
        for (std::size_t band = 0; band < by_band_.size(); ++band) insert_key(band, index);
    return index;
}

// A key that many texts share (a footer, or somebody's attack) keeps the latest of them, but rather those that founded a cluster.
void CopyTexts::insert_key(std::size_t band, std::uint32_t text) {
    const std::uint32_t key = texts_[text].keys[band];
    FlatTable<IndexSlot>& table = by_band_[band];
    std::size_t count = 0;
    IndexSlot* least = nullptr;
    const auto worth = [this](const IndexSlot& s) { return std::pair(texts_[s.index].founder, texts_[s.index].number); };
    table.find(key, [&](const IndexSlot& slot) {
        if (texts_[slot.index].keys[band] != key) return false;
        if (least == nullptr || worth(slot) < worth(*least)) least = const_cast<IndexSlot*>(&slot);
        return ++count == max_per_key;
    });
    if (count == max_per_key)
        least->index = text;
    else
        table.insert(IndexSlot{text}, key_of(band));
}

void CopyTexts::retire(std::uint32_t text) {
    const auto is_it = [text](const IndexSlot& slot) { return slot.index == text; };
    if (IndexSlot* slot = by_words_.find(texts_[text].words, is_it); slot != nullptr) by_words_.erase(slot, words_of());
    if (texts_[text].shingle_count == 0) return;
    for (std::size_t band = 0; band < by_band_.size(); ++band) {
        IndexSlot* slot = by_band_[band].find(texts_[text].keys[band], is_it);
        if (slot != nullptr) by_band_[band].erase(slot, key_of(band));
    }
}

void CopyTexts::release(std::uint32_t text) {
    if (texts_[text].shingle_count > 0) shingle_bytes_ -= texts_[text].shingle_count * sizeof(std::uint32_t) + heap_overhead;
    texts_[text] = CopyText{};
    free_.push_back(text);
}

double CopyTexts::similarity(const CopySketch& sketch, std::uint32_t text) const noexcept {
    return shingle_similarity(sketch.shingles, sketch.cut_short, texts_[text].shingles(), texts_[text].cut_short);
}

const std::vector<CopyTexts::Near>& CopyTexts::near(const CopySketch& sketch) {
    near_.clear();
    if (sketch.shingles.empty()) return near_;
    ++search_;
    const std::array<std::uint64_t, 2> filter = filter_of(sketch.shingles);
    const std::size_t size = sketch.shingles.size();
    const auto bits = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::size_t>(std::popcount(a) + std::popcount(b)); };
    const std::size_t hidden = size - bits(filter[0], filter[1]);  // shingles that share their bit with another
    // Whether the two can have as many shingles in common as the threshold asks for. Of sets that were cut the filter says nothing.
    const auto possible = [&](const CopyText& text) {
        if (sketch.cut_short || text.cut_short) return true;
        const std::size_t common = bits(filter[0] & text.filter[0], filter[1] & text.filter[1]) + hidden;
        return static_cast<double>(common) >= copy_threshold * static_cast<double>(size + text.shingle_count - std::min(common, size));
    };
    for (std::size_t band = 0; band < by_band_.size(); ++band) {
        const std::uint32_t key = sketch.keys[band];
        std::size_t count = 0;
        by_band_[band].find(key, [&](const IndexSlot& slot) {
            const CopyText& text = texts_[slot.index];
            if (text.keys[band] != key) return false;
            if (text.seen != search_ && text.press == sketch.press) {
                text.seen = search_;
                if (!possible(text)) return ++count == max_per_key;
                const double similarity = this->similarity(sketch, slot.index);
                if (similarity >= copy_threshold) near_.push_back({similarity, slot.index});
            }
            return ++count == max_per_key;
        });
    }
    std::sort(near_.begin(), near_.end(), [this](const Near& a, const Near& b) {
        return a.similarity != b.similarity ? a.similarity > b.similarity : texts_[a.text].number < texts_[b.text].number;
    });
    return near_;
}

std::size_t CopyTexts::memory() const noexcept {
    std::size_t bytes =
        texts_.capacity() * sizeof(CopyText) + free_.capacity() * sizeof(std::uint32_t) + shingle_bytes_ + by_words_.memory();
    for (const FlatTable<IndexSlot>& table : by_band_) bytes += table.memory();
    return bytes;
}

}  // namespace vigie::text
