// Makes the sample of one rule, brand and group.
// Thread-safety: free functions over const data.
#pragma once

#include "rules/eval.hpp"
#include "vigie/core/brand.hpp"
#include "vigie/rules/rule.hpp"
#include "vigie/rules/rule_set.hpp"

namespace vigie::rules {

/// What a rule needs to know of a brand.
struct BoundBrand {
    std::string name;
    std::string display;
    Labels labels;  ///< without alertname, brand and severity, which are not a brand's to give
    Zone zone;
};

/// Labels of an alert without severity. A label of `by` wins over the rule's, the rule's over the brand's.
Labels alert_labels(const Rule& rule, const BoundBrand& brand, const detect::GroupValues& group);

/// `reading` must be that rule's program, thresholds and selectors, with its zone that of `brand`.
Sample make_sample(const Rule& rule, const BoundBrand& brand, const Reading& reading, Want want);

}  // namespace vigie::rules
