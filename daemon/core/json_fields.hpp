// Typed reading of a JSON object's fields into a record, and the first Rejection if one does not fit.
// Thread-safety: one thread at a time.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/record_json.hpp"

namespace vigie {

using JsonElement = simdjson::dom::element;

/// How a value reads in a Rejection: `"text"`, 12, true, null, a list, an object. At most 60 bytes.
std::string describe_json(JsonElement value);

/// Walks the fields of one object. `path` prefixes the names in rejections ("author.").
class JsonFields {
public:
    JsonFields(simdjson::dom::object object, std::string path) : object_(object), path_(std::move(path)) {}

    /// The value of a required field; its absence (or null) is a rejection.
    std::optional<JsonElement> required(std::string_view name, std::string_view expected) {
        if (auto value = optional(name)) return value;
        if (!rejection_) reject(name, null_found_ ? "null" : "nothing", std::string(expected) + " (required)");
        return std::nullopt;
    }
    /// The value of a field, if it is there and not null. A field that stands twice is a rejection.
    std::optional<JsonElement> optional(std::string_view name);

    // Each of these reads `value`, the value of field `name`, or rejects it. Limits are in bytes.
    std::string string(std::string_view name, std::optional<JsonElement> value, std::size_t limit);  ///< longer: rejected
    std::string filled(std::string_view name, std::optional<JsonElement> value, std::size_t limit);  ///< empty: rejected too
    std::string text(std::string_view name, std::optional<JsonElement> value, std::size_t limit);    ///< longer: cut
    std::string platform(std::string_view name, std::optional<JsonElement> value);                   ///< Item::platform's syntax
    std::optional<Time> time(std::string_view name, std::optional<JsonElement> value);               ///< 1970..9999
    std::optional<std::int64_t> whole(std::string_view name, std::optional<JsonElement> value);      ///< >= 0
    std::optional<double> number(std::string_view name, std::optional<JsonElement> value);           ///< finite
    std::optional<bool> boolean(std::string_view name, std::optional<JsonElement> value);
    std::optional<simdjson::dom::object> object(std::string_view name, std::optional<JsonElement> value);
    std::optional<simdjson::dom::array> array(std::string_view name, std::optional<JsonElement> value);

    /// Notes the first thing that does not fit; later ones are dropped.
    void reject(std::string_view name, std::string found, std::string expected);
    void reject_value(std::string_view name, JsonElement value, std::string expected) {
        reject(name, describe_json(value), std::move(expected));
    }
    void adopt(std::optional<Rejection> rejection) {
        if (!rejection_) rejection_ = std::move(rejection);
    }
    std::optional<Rejection> rejection() const { return rejection_; }
    /// How many fields of the object were never asked for.
    std::uint64_t unknown() const;

private:
    simdjson::dom::object object_;
    std::string path_;
    std::vector<std::string_view> known_;
    std::optional<Rejection> rejection_;
    bool null_found_ = false;
};

}  // namespace vigie
