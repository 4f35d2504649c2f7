// The route tree: which receivers an alert goes to, and how it is grouped on the way. Alertmanager's fields and meanings.
// Thread-safety: values; matching is const.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vigie/alerts/matcher.hpp"
#include "vigie/core/labels.hpp"
#include "vigie/core/time.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::alerts {

/// A node of the tree, with what it inherits already filled in. Defaults at the root: 30 s, 5 min, 4 h, no grouping.
struct Route {
    std::string receiver;
    std::vector<std::string> group_by;  ///< sorted
    bool group_by_all = false;          ///< group_by: ['...']: each label set is a group of its own
    Duration group_wait{std::chrono::seconds{30}};
    Duration group_interval{std::chrono::minutes{5}};
    Duration repeat_interval{std::chrono::hours{4}};
    std::vector<Matcher> matchers;  ///< all must hold; none: everything
    bool continue_ = false;         ///< go on to the next sibling after a match
    std::vector<std::string> mute_time_intervals;
    std::vector<std::string> active_time_intervals;
    std::vector<Route> routes;
    std::string key;          ///< the matchers on the way from the root: "{}/{severity=\"critical\"}"
    doc::Mark receiver_mark;  ///< where the receiver was named, for messages

    /// The deepest matching routes, in order of the file; never empty, since the root matches all. Valid as long as the tree is.
    std::vector<const Route*> match(const Labels& labels) const;
    /// The labels that name the alert's group: those of group_by that it has.
    Labels group_labels(const Labels& labels) const;
    friend bool operator==(const Route&, const Route&) = default;
};

/// The section `route:`. At most 1000 routes, 32 deep. Errors go to `diagnostics`; nothing is returned then.
std::optional<Route> decode_route(const doc::Node& node, doc::Diagnostics& diagnostics);
/// Reports receivers and time intervals that the tree names and nobody defines, with the nearest known name.
void check_route_names(const Route& root, const std::vector<std::string>& receivers, const std::vector<std::string>& intervals,
                       doc::Diagnostics& diagnostics);

}  // namespace vigie::alerts
