// What a found name is worth, and why.
// Thread-safety: values; pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "text/lookalike_index.hpp"
#include "vigie/text/lookalike.hpp"

namespace vigie::text::lookalike {

/// Where the name stands in the text, and what stands around it.
struct Finding {
    Match match;
    double score = 0;
    std::uint16_t kinds = 0;  ///< Affix, of both sides
    int pieces = 0;           ///< affixes on both sides
    bool unknown = false;     ///< words that say nothing stand around it
    bool loose = false;
    bool whole = false;  ///< nothing stands around it
    bool foreign = false, swapped = false, separators = false, doubled = false;
    bool exact() const noexcept { return match.likeness == Likeness::same; }
};

/// How much a piece of a handle (or of a display name) looks like the name: the score by the name alone.
Finding assess(const KeyIndex& index, const Reading& reading, const Match& match);

/// The best of all that was found of one target in one text.
struct Best {
    std::optional<Finding> finding;
    bool declares = false, against = false;
    bool whole = false;  ///< the very name, without edits, is all there is
    void add(const Finding& found);
    bool speaks_against() const noexcept { return against && !whole; }
    bool declares_itself() const noexcept { return declares && !whole; }
};

/// What a description says.
struct Description {
    bool declares = false;  ///< "parody account", "not affiliated with"
    bool claims = false;    ///< "the official account"
    std::string_view word;
};
Description read_description(std::string_view bio);

/// All that is known of an account in regard to one target.
struct Evidence {
    const KeyIndex* index = nullptr;
    const Reading* handle = nullptr;
    const Reading* name = nullptr;
    Best in_handle, in_name;
    Description description;
    bool taken_down = false;
    bool absent_here = false;  ///< the target has accounts, and none on this platform
    const LookalikeAccount* account = nullptr;
};
/// Score, verdict and reasons; `target` is the caller's.
Lookalike conclude(const Evidence& evidence);

}  // namespace vigie::text::lookalike
