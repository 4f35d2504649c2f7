#include "vigie/delivery/outcome.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

namespace vigie::delivery {
namespace json = boost::json;
namespace {

constexpr int version = 1;
constexpr std::size_t max_document = 16 << 20;

const json::value& at(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr) throw std::runtime_error(std::string("missing: ") + key);
    return *value;
}

std::int64_t integer(const json::object& object, const char* key) {
    const auto* value = at(object, key).if_int64();
    if (value == nullptr) throw std::runtime_error(std::string("not an integer: ") + key);
    return *value;
}

int small_integer(const json::object& object, const char* key) {
    const auto value = integer(object, key);
    if (value < 0 || value > 1'000'000) throw std::runtime_error(std::string("out of range: ") + key);
    return static_cast<int>(value);
}

std::string text(const json::object& object, const char* key) {
    const auto* value = at(object, key).if_string();
    if (value == nullptr) throw std::runtime_error(std::string("not a string: ") + key);
    return {value->data(), value->size()};
}

std::optional<Time> time_if_any(const json::object& object, const char* key) {
    if (!object.contains(key)) return {};
    return from_millis(integer(object, key));
}

std::uint64_t sequence_from(const json::object& object) {
    const auto& value = at(object, "sequence");
    if (const auto* small = value.if_int64(); small != nullptr && *small >= 0) return static_cast<std::uint64_t>(*small);
    if (const auto* large = value.if_uint64()) return *large;
    throw std::runtime_error("not a number: sequence");
}

OutboxRow row_from(std::string_view bytes) {
    if (bytes.size() > max_document) throw std::runtime_error("too large");
    json::parse_options options;
    options.max_depth = 160;
    options.allow_invalid_utf8 = true;
    const json::value root = json::parse(json::string_view(bytes.data(), bytes.size()), {}, options);
    const auto* object = root.if_object();
    if (object == nullptr) throw std::runtime_error("an object is expected");
    if (integer(*object, "v") != version) throw std::runtime_error("unknown version");
    OutboxRow row;
    row.sequence = sequence_from(*object);
    row.integration = text(*object, "integration");
    row.attempts = small_integer(*object, "attempts");
    row.next_try = from_millis(integer(*object, "next_try"));
    row.first_try = time_if_any(*object, "first_try");
    const auto* shrunk = at(*object, "shrunk").if_bool();
    if (shrunk == nullptr) throw std::runtime_error("not a truth value: shrunk");
    row.shrunk = *shrunk;
    row.last_error = text(*object, "last_error");
    row.strikes = small_integer(*object, "strikes");
    row.first_strike = time_if_any(*object, "first_strike");
    auto notification = alerts::decode_notification(text(*object, "notification"));
    if (!notification) throw std::runtime_error("notification: " + notification.error().message());
    row.notification = *std::move(notification);
    return row;
}

}  // namespace

std::string_view to_string(OutcomeKind kind) noexcept {
    switch (kind) {
        case OutcomeKind::delivered:
            return "delivered";
        case OutcomeKind::retry:
            return "retry";
        case OutcomeKind::payload_rejected:
            return "payload_rejected";
        case OutcomeKind::endpoint_dead:
            return "endpoint_dead";
        case OutcomeKind::ambiguous:
            return "ambiguous";
    }
    return "unknown";
}

std::string encode_outbox_row(const OutboxRow& row) {
    json::object out;
    out["v"] = version;
    out["sequence"] = row.sequence;
    out["integration"] = row.integration;
    out["attempts"] = row.attempts;
    out["next_try"] = to_millis(row.next_try);
    if (row.first_try) out["first_try"] = to_millis(*row.first_try);
    out["shrunk"] = row.shrunk;
    out["last_error"] = row.last_error;
    out["strikes"] = row.strikes;
    if (row.first_strike) out["first_strike"] = to_millis(*row.first_strike);
    // As text, so that its own codec alone knows its shape.
    out["notification"] = alerts::encode_notification(row.notification);
    return json::serialize(out);
}

Result<OutboxRow> decode_outbox_row(std::string_view bytes) {
    try {
        return row_from(bytes);
    } catch (const std::exception& error) {
        return Error(Errc::corrupt, error.what(), "outbox row");
    }
}

}  // namespace vigie::delivery
