// JSON values of alerts, shared by the codecs of this module. decode throws BadJson; the codecs turn it into an Error.
// Thread-safety: free functions without state.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "vigie/alerts/alert.hpp"

namespace vigie::alerts {

/// What is wrong with a stored document. Never leaves the module.
class BadJson : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

inline constexpr int json_version = 1;

boost::json::object alert_to_json(const Alert& alert);
Alert alert_from_json(const boost::json::value& value);

boost::json::object labels_to_json(const Labels& labels);
Labels labels_from_json(const boost::json::value& value);

/// Parses a versioned object of at most 16 MiB, 128 deep.
boost::json::object parse_object(std::string_view text);
/// Sixteen hexadecimal digits.
std::uint64_t hex_from_json(const boost::json::value& value);

/// Typed reading of an object: a missing or mistyped field throws.
class JsonObject {
public:
    explicit JsonObject(const boost::json::value& value);
    explicit JsonObject(const boost::json::object& object) : object_(&object) {}
    const boost::json::value* find(std::string_view key) const;
    const boost::json::value& at(std::string_view key) const;
    std::string text(std::string_view key) const;
    std::string text_or_empty(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;
    bool flag(std::string_view key) const;
    Time time(std::string_view key) const { return from_millis(integer(key)); }
    std::optional<Time> time_if_any(std::string_view key) const;
    const boost::json::array& array(std::string_view key) const;

private:
    const boost::json::object* object_;
};

}  // namespace vigie::alerts
