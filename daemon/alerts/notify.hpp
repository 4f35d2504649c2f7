// The words of a notification, out of what a group has to tell.
// Thread-safety: free functions without state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vigie/alerts/alert.hpp"

namespace vigie::alerts {

struct Telling {
    std::string receiver;
    Labels group;
    std::string group_key;
    std::optional<Time> last_told;
    std::optional<Time> at_once;
    std::vector<Alert> firing;
    std::vector<Alert> ended;
    bool fresh = false;  ///< something fires that was not told
    bool rose = false;   ///< a told one is graver
};

/// At most max_notification_alerts alerts, at least half of the places for those that ended, if there are so many. Those that ended and
/// found no place are left out of `alerts`: they stay to be told. Firing ones without a place are counted in `truncated`.
Notification make_notification(Telling telling, Time now);

}  // namespace vigie::alerts
