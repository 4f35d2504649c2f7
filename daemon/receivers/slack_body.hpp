// A message as Slack's Block Kit shows it, within its limits. Pure.
#pragma once

#include <string>

#include "vigie/delivery/message.hpp"

namespace vigie::receivers {

/// The JSON body for an incoming webhook. `small`: the title and the summaries alone, for a second try after a refusal.
/// Limits (api.slack.com/reference/block-kit): 50 blocks, header 150, section 3000, fields 10 of 2000, context 10 elements.
std::string slack_body(const delivery::Message& message, bool small);

}  // namespace vigie::receivers
