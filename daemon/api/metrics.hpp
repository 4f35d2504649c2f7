// /metrics in Prometheus' text format.
#pragma once

#include <string>
#include <vector>

#include "vigie/engine/daemon.hpp"

namespace vigie::api {

std::string metrics_text(const engine::StatusView& status, const engine::Totals& totals, const std::vector<engine::SourceView>& sources);

}  // namespace vigie::api
