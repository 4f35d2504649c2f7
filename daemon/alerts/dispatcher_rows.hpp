// How the dispatcher's groups and their alerts are stored.
// Thread-safety: free functions without state.
#pragma once

#include <string>
#include <string_view>

#include "vigie/alerts/dispatcher.hpp"

namespace vigie::alerts {

/// decode throws BadJson (alerts/json.hpp).
struct Dispatcher::GroupCodec {
    static std::string group_row_key(const std::string& id) { return "g/" + id; }
    static std::string member_row_key(const std::string& id, std::uint64_t fingerprint);
    static std::string encode(const Group& group);
    static Group decode_group(std::string_view json);
    static std::string encode(const Member& member);
    static Member decode_member(std::string_view json);
};

}  // namespace vigie::alerts
