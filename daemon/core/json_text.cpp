#include "vigie/core/json_text.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "vigie/core/record_json.hpp"

namespace vigie {
namespace {

namespace json = boost::json;

void append(std::string& out, const json::value& value);

void append(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char text[32];
    const bool whole = std::trunc(number) == number && std::abs(number) < 0x1p53;
    const auto end = whole ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(number))
                           : std::to_chars(text, text + sizeof text, number);
    out.append(text, end.ptr);
}

void append(std::string& out, const json::object& object) {
    out += '{';
    bool first = true;
    for (const json::key_value_pair& member : object) {
        if (!first) out += ',';
        first = false;
        append_json_string(out, std::string_view(member.key().data(), member.key().size()));
        out += ':';
        append(out, member.value());
    }
    out += '}';
}

void append(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::object:
            append(out, value.get_object());
            break;
        case json::kind::array: {
            out += '[';
            for (std::size_t i = 0; i < value.get_array().size(); ++i) {
                if (i > 0) out += ',';
                append(out, value.get_array()[i]);
            }
            out += ']';
            break;
        }
        case json::kind::string:
            append_json_string(out, std::string_view(value.get_string().data(), value.get_string().size()));
            break;
        case json::kind::double_:
            append(out, value.get_double());
            break;
        default:
            out += json::serialize(value);
            break;
    }
}

}  // namespace

std::string json_text(const json::value& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string json_text(const json::object& object) {
    std::string out;
    append(out, object);
    return out;
}

}  // namespace vigie
