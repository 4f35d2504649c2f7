// From a mention to what a bucket counts of it.
// Thread-safety: pure functions.
#pragma once

#include <string>
#include <vector>

#include "vigie/core/author_history.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/detect/bucket.hpp"

namespace vigie::detect {

/// Larger numbers of followers, and of engagement, are cut to these: nobody has them, and sums stay far from overflow.
inline constexpr std::int64_t max_followers = 10'000'000'000;
inline constexpr std::int64_t max_engagement = 1'000'000'000'000;
inline constexpr std::int64_t max_weight = 1'000'000;

/// The cell of a mention. `function_names` are the brand's, in the order of its configuration; bits beyond them are ignored.
CellKey cell_key_of(const AnalysedItem& item, const BrandMatch& match, const std::vector<std::string>& function_names);

/// One mention: reach is the author's followers (unknown: 0); a repost is the kind repost or an item that names what it repeats; polarity
/// is rounded to 1/10000, half away from zero; a rating of two stars or less is low. `new_author`: the account was never seen on this brand
/// (an item without a handle never is). `weight`: of its author, in thousandths; cut to 0..max_weight.
Contribution contribution_of(const AnalysedItem& item, const BrandMatch& match, const std::vector<std::string>& function_names,
                             bool new_author, std::int64_t weight = ordinary_weight);

/// Whether a kind is the press: its copies carry one agency's report, and are no campaign.
bool is_press(Kind kind) noexcept;

/// What undoes a contribution after a delete: negated sums, no author, no copy, no largest reach.
Contribution removal_of(const Contribution& contribution);

/// The larger of both for each number; a number that only one knows is kept. What to store when an item is seen again.
Engagement merged_engagement(const Engagement& stored, const Engagement& seen);

/// The engagement that an item gained since it was stored (mentions = 0, never negative), for the minute and cell it was counted in.
Contribution engagement_correction(CellKey key, const Engagement& stored, const Engagement& seen);

}  // namespace vigie::detect
