#include "core/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

using simdjson::dom::element_type;

constexpr std::string_view time_expected = "a time such as 2026-03-01T09:30:00Z, of the years 1970 to 9999";
constexpr std::string_view platform_expected = "lower-case letters, digits, '.', '_' and '-', at most 64";

bool platform_syntax(std::string_view text) noexcept {
    if (text.empty() || text.size() > 64) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; });
}

std::string quoted(std::string_view text) {
    return '"' + excerpt(text, 58) + '"';
}

}  // namespace

std::string describe_json(JsonElement value) {
    switch (value.type()) {
        case element_type::ARRAY:
            return "a list";
        case element_type::OBJECT:
            return "an object";
        case element_type::INT64:
            return fmt::format("{}", std::int64_t{value.get_int64().value_unsafe()});
        case element_type::UINT64:
            return fmt::format("{}", std::uint64_t{value.get_uint64().value_unsafe()});
        case element_type::DOUBLE:
            return fmt::format("{}", double{value.get_double().value_unsafe()});
        case element_type::STRING:
            return quoted(value.get_string().value_unsafe());
        case element_type::BOOL:
            return value.get_bool().value_unsafe() ? "true" : "false";
        case element_type::NULL_VALUE:
            return "null";
    }
    return "something else";
}

std::optional<JsonElement> JsonFields::optional(std::string_view name) {
    known_.push_back(name);
    null_found_ = false;
    std::optional<JsonElement> found;
    for (const auto field : object_) {
        if (field.key != name) continue;
        if (found) {
            reject(name, "the field twice", "each field once");
            return std::nullopt;
        }
        found = field.value;
    }
    if (found && found->is_null()) {
        null_found_ = true;
        return std::nullopt;
    }
    return found;
}

std::string JsonFields::text(std::string_view name, std::optional<JsonElement> value, std::size_t limit) {
    if (!value) return {};
    std::string_view raw;
    if (value->get_string().get(raw) != simdjson::SUCCESS) {
        reject_value(name, *value, "a string");
        return {};
    }
    return clean_utf8(raw, limit);
}

std::string JsonFields::string(std::string_view name, std::optional<JsonElement> value, std::size_t limit) {
    // A cut leaves at most three bytes unused: whoever comes out longer than the limit is too long, and nobody else.
    auto clean = text(name, value, limit + 4);
    if (clean.size() > limit) {
        reject_value(name, *value, fmt::format("at most {} bytes", limit));
        return {};
    }
    return clean;
}

std::string JsonFields::filled(std::string_view name, std::optional<JsonElement> value, std::size_t limit) {
    auto clean = string(name, value, limit);
    if (value && !rejection_ && clean.empty()) reject_value(name, *value, "a string that is not empty");
    return clean;
}

std::string JsonFields::platform(std::string_view name, std::optional<JsonElement> value) {
    auto clean = text(name, value, 128);
    if (value && !rejection_ && !platform_syntax(clean)) reject_value(name, *value, std::string(platform_expected));
    return clean;
}

std::optional<Time> JsonFields::time(std::string_view name, std::optional<JsonElement> value) {
    if (!value) return std::nullopt;
    std::string_view raw;
    if (value->get_string().get(raw) != simdjson::SUCCESS) {
        reject_value(name, *value, std::string(time_expected));
        return std::nullopt;
    }
    const auto parsed = parse_time(raw);
    constexpr Time end{std::chrono::sys_days{std::chrono::year{10000} / std::chrono::January / 1}};
    if (!parsed || to_millis(*parsed) < 0 || *parsed >= end) {
        reject_value(name, *value, std::string(time_expected));
        return std::nullopt;
    }
    return *parsed;
}

std::optional<std::int64_t> JsonFields::whole(std::string_view name, std::optional<JsonElement> value) {
    if (!value) return std::nullopt;
    std::int64_t integer = 0;
    if (value->get_int64().get(integer) == simdjson::SUCCESS && integer >= 0) return integer;
    // JSON has one kind of number: 12.0 and 1.2e1 are whole too, as far as a double tells them apart.
    double real = 0;
    constexpr double exact_limit = 9007199254740992.0;
    if (value->type() == element_type::DOUBLE && value->get_double().get(real) == simdjson::SUCCESS && real >= 0 && real <= exact_limit &&
        std::trunc(real) == real) {
        return static_cast<std::int64_t>(real);
    }
    reject_value(name, *value, "a whole number, 0 or more");
    return std::nullopt;
}

std::optional<double> JsonFields::number(std::string_view name, std::optional<JsonElement> value) {
    if (!value) return std::nullopt;
    double real = 0;
    if (value->get_double().get(real) == simdjson::SUCCESS && std::isfinite(real)) return real;
    reject_value(name, *value, "a number");
    return std::nullopt;
}

std::optional<bool> JsonFields::boolean(std::string_view name, std::optional<JsonElement> value) {
    if (!value) return std::nullopt;
    bool truth = false;
    if (value->get_bool().get(truth) == simdjson::SUCCESS) return truth;
    reject_value(name, *value, "true or false");
    return std::nullopt;
}

std::optional<simdjson::dom::object> JsonFields::object(std::string_view name, std::optional<JsonElement> value) {
    if (!value) return std::nullopt;
    simdjson::dom::object object;
    if (value->get_object().get(object) == simdjson::SUCCESS) return object;
    reject_value(name, *value, "an object");
    return std::nullopt;
}

std::optional<simdjson::dom::array> JsonFields::array(std::string_view name, std::optional<JsonElement> value) {
    if (!value) return std::nullopt;
    simdjson::dom::array array;
    if (value->get_array().get(array) == simdjson::SUCCESS) return array;
    reject_value(name, *value, "a list");
    return std::nullopt;
}

void JsonFields::reject(std::string_view name, std::string found, std::string expected) {
    if (rejection_) return;
    rejection_ = Rejection{0, path_ + std::string(name), std::move(found), std::move(expected)};
}

std::uint64_t JsonFields::unknown() const {
    std::uint64_t count = 0;
    for (const auto field : object_) {
        if (std::find(known_.begin(), known_.end(), field.key) == known_.end()) ++count;
    }
    return count;
}

}  // namespace vigie
