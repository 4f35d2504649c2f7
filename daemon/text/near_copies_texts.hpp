// The distinct texts of a window: by their words, and by the bands of their sketches.
// Thread-safety: one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "text/near_copies_table.hpp"
#include "vigie/core/mention.hpp"

namespace vigie::text {

/// A list of posts.
struct Ends {
    std::uint32_t first = IndexSlot::none;
    std::uint32_t last = IndexSlot::none;
};

/// One text, whoever posted it.
struct CopyText {
    std::uint64_t words = 0;
    std::array<std::uint32_t, CopySketch::bands> keys{};
    std::array<std::uint64_t, 2> filter{};  ///< one bit of 128 for each shingle: tells most that differ without a look at the shingles
    std::unique_ptr<std::uint32_t[]> shingle_data;
    std::uint16_t shingle_count = 0;
    bool cut_short = false;
    bool press = false;
    bool known_headline = false;  ///< the title of an article
    bool shared = false;          ///< mostly what share buttons wrote
    bool founder = false;         ///< others have joined its cluster
    std::uint32_t cluster = IndexSlot::none;
    Ends in_text;  ///< its posts, in the order in which they were placed
    std::uint32_t posts = 0;
    std::uint32_t marked = 0;        ///< of its posts, those with the mark of a share button
    std::uint32_t number = 0;        ///< in the order of arrival
    mutable std::uint32_t seen = 0;  ///< the last search that met it

    std::span<const std::uint32_t> shingles() const noexcept { return {shingle_data.get(), shingle_count}; }
    /// Whether who posted it counts.
    bool counts() const noexcept { return press || (!known_headline && !shared); }
};

class CopyTexts {
public:
    explicit CopyTexts(std::uint64_t salt);

    /// IndexSlot::none if there is none.
    std::uint32_t find(std::uint64_t words, bool press) const noexcept;
    std::uint32_t add(const CopySketch& sketch, std::uint64_t words);
    /// Takes it out of all searches; its shingles stay until release().
    void retire(std::uint32_t text);
    void release(std::uint32_t text);

    CopyText& operator[](std::uint32_t text) noexcept { return texts_[text]; }
    const CopyText& operator[](std::uint32_t text) const noexcept { return texts_[text]; }

    /// A text that may be a near copy, and how like it is.
    struct Near {
        double similarity = 0;
        std::uint32_t text = 0;
    };
    /// The texts that are near copies of a sketch, the most like first, of equally like ones the earliest. At most max_per_key for each
    /// band are looked at.
    const std::vector<Near>& near(const CopySketch& sketch);
    double similarity(const CopySketch& sketch, std::uint32_t text) const noexcept;

    std::size_t memory() const noexcept;

private:
    static constexpr std::size_t max_per_key = 8;
    void insert_key(std::size_t band, std::uint32_t text);
    auto key_of(std::size_t band) const noexcept {
        return [this, band](const IndexSlot& slot) { return std::uint64_t{texts_[slot.index].keys[band]}; };
    }
    auto words_of() const noexcept {
        return [this](const IndexSlot& slot) { return texts_[slot.index].words; };
    }

    std::vector<CopyText> texts_;
    std::vector<std::uint32_t> free_;
    FlatTable<IndexSlot> by_words_;
    std::vector<FlatTable<IndexSlot>> by_band_;
    std::vector<Near> near_;
    std::size_t shingle_bytes_ = 0;
    std::uint32_t next_number_ = 0;
    std::uint32_t search_ = 0;
};

}  // namespace vigie::text
