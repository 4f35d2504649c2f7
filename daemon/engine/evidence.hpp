// The mentions that weigh most on an alert.
#pragma once

#include <string>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/store/store.hpp"

namespace vigie::engine {

/// At most three mentions of the alert's brand, of its group if the rule splits `by` labels, from the last hour or, if there are fewer,
/// from the last six, heaviest first: a large audience, much engagement, a negative tone and an author's standing weigh; reposts weigh
/// less. Of near copies only the heaviest is told. Errors: as Store's.
Result<std::vector<alerts::Evidence>> find_evidence(const store::Store& store, const alerts::Alert& alert,
                                                    const std::vector<std::string>& by, Time now);

/// The weight of one mention, >= 0: log10 of its audience and of its engagement, one more for a negative tone, two less for a repost, and
/// twice log10 of its author's standing, which takes up to 3.4 from a bot and gives up to 1.4 to a voice that is heard. Below 0 for a
/// deleted one: it is no evidence.
double evidence_weight(const store::StoredMention& mention);

}  // namespace vigie::engine
