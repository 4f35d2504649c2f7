// The fields of Counters by name, once.
// Thread-safety: constants.
#pragma once

#include <array>

#include "vigie/detect/bucket.hpp"

namespace vigie::detect {

/// Every field. The order is that of the stored mask: it never changes, new ones go to the end.
inline constexpr std::array counter_fields{&Counters::mentions,    &Counters::negative,    &Counters::positive,  &Counters::neutral,
                                           &Counters::polarity,    &Counters::reach,       &Counters::max_reach, &Counters::engagement,
                                           &Counters::reposts,     &Counters::new_authors, &Counters::ratings,   &Counters::rating_sum,
                                           &Counters::low_ratings, &Counters::weighted};

/// Whether a field adds up; the largest reach does not.
inline constexpr bool adds_up(std::int64_t Counters::*field) noexcept {
    return field != &Counters::max_reach;
}

}  // namespace vigie::detect
