// What the API shows, as JSON. Pure.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "vigie/engine/daemon.hpp"

namespace vigie::api {

boost::json::object status_json(const engine::StatusView& status);
boost::json::array sources_json(const std::vector<engine::SourceView>& sources);
boost::json::array alerts_json(const std::vector<alerts::Alert>& alerts);
/// A record as the contract writes it.
boost::json::object item_json(const Item& item);
boost::json::array mentions_json(const std::vector<store::StoredMention>& mentions);
boost::json::object reload_json(const engine::ReloadReport& report);
/// {"error": {"code": "not_found", "message": "..."}}
std::string error_json(const Error& error);

}  // namespace vigie::api
