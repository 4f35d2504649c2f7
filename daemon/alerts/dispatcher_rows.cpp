#include "alerts/dispatcher_rows.hpp"

#include <boost/json/serialize.hpp>

#include "alerts/json.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::alerts {
namespace json = boost::json;
namespace {

// A longer wait than configuration allows would keep a group silent for ever.
Duration duration_from(const JsonObject& in, std::string_view key) {
    const auto ms = in.integer(key);
    if (ms < 0 || ms > std::chrono::milliseconds(std::chrono::hours{24 * 400}).count())
        throw BadJson("not a duration: " + std::string(key));
    return Duration{ms};
}

}  // namespace

std::string Dispatcher::GroupCodec::member_row_key(const std::string& id, std::uint64_t fingerprint) {
    return "a/" + id + "/" + to_hex(fingerprint);
}

std::string Dispatcher::GroupCodec::encode(const Group& group) {
    json::object out;
    out["v"] = json_version;
    out["receiver"] = group.receiver;
    out["route_key"] = group.route_key;
    out["labels"] = labels_to_json(group.labels);
    out["wait"] = group.wait.count();
    out["interval"] = group.interval.count();
    out["repeat"] = group.repeat.count();
    out["wait_until"] = to_millis(group.wait_until);
    if (group.last_told) out["last_told"] = to_millis(*group.last_told);
    if (group.at_once) out["at_once"] = to_millis(*group.at_once);
    return json::serialize(out);
}

Dispatcher::Group Dispatcher::GroupCodec::decode_group(std::string_view text) {
    const auto object = parse_object(text);
    const JsonObject in(object);
    Group group;
    group.receiver = in.text("receiver");
    group.route_key = in.text("route_key");
    group.labels = labels_from_json(in.at("labels"));
    group.wait = duration_from(in, "wait");
    group.interval = duration_from(in, "interval");
    group.repeat = duration_from(in, "repeat");
    group.wait_until = in.time("wait_until");
    group.last_told = in.time_if_any("last_told");
    group.at_once = in.time_if_any("at_once");
    return group;
}

std::string Dispatcher::GroupCodec::encode(const Member& member) {
    json::object out;
    out["v"] = json_version;
    out["alert"] = alert_to_json(member.alert);
    out["told"] = member.told;
    out["told_severity"] = member.told_severity;
    out["moved"] = member.moved;
    out["rose"] = member.rose;
    return json::serialize(out);
}

Dispatcher::Member Dispatcher::GroupCodec::decode_member(std::string_view text) {
    const auto object = parse_object(text);
    const JsonObject in(object);
    Member member;
    member.alert = alert_from_json(in.at("alert"));
    member.told = in.flag("told");
    member.told_severity = in.text("told_severity");
    member.moved = in.flag("moved");
    member.rose = in.flag("rose");
    return member;
}

}  // namespace vigie::alerts
