// Lines of the audit: what was decided, when, about what. Append-only, JSON.
#pragma once

#include <string>

#include "vigie/alerts/alert.hpp"
#include "vigie/delivery/outcome.hpp"
#include "vigie/delivery/schedule.hpp"

namespace vigie::engine {

std::string audit_transition(const alerts::Transition& transition);
std::string audit_notification(const alerts::Notification& notification);
std::string audit_delivery(const delivery::OutboxRow& row, const delivery::Outcome& outcome, const delivery::Next& next);
std::string audit_reload(const std::vector<std::string>& changes);

}  // namespace vigie::engine
