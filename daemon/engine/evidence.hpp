// The mentions that weigh most on an alert.
#pragma once

#include <string>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/store/store.hpp"

namespace vigie::engine {

/// At most three mentions of the alert's brand, of its group if the rule splits `by` labels, from the last hour or, if there are fewer,
/// from the last six, heaviest first: a large audience, much engagement and a negative tone weigh; reposts weigh less. Errors: as Store's.
Result<std::vector<alerts::Evidence>> find_evidence(const store::Store& store, const alerts::Alert& alert,
                                                    const std::vector<std::string>& by, Time now);

/// The weight of one mention: log10 of its audience and of its engagement, one more for a negative tone, two less for a repost.
double evidence_weight(const store::StoredMention& mention);

}  // namespace vigie::engine
