#include "core/json_repair.hpp"

#include <limits>

#include "vigie/core/untrusted.hpp"

namespace vigie {
namespace {

/// The code unit of the escape "\uXXXX" at `at`, or -1.
int escaped_unit(std::string_view json, std::size_t at) noexcept {
    if (json.size() - at < 6 || json[at] != '\\' || json[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = json[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

bool high_surrogate(int unit) noexcept {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool low_surrogate(int unit) noexcept {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Replaces escaped lone surrogates in place, from byte `at` on: the replacement is as long as what it replaces.
void replace_lone_surrogates(std::string& json, std::size_t at) {
    for (at = json.find('\\', at); at != std::string::npos; at = json.find('\\', at)) {
        const int unit = escaped_unit(json, at);
        if (high_surrogate(unit) && low_surrogate(json.size() - at >= 12 ? escaped_unit(json, at + 6) : -1)) {
            at += 12;
        } else if (high_surrogate(unit) || low_surrogate(unit)) {
            json.replace(at + 2, 4, "fffd");
            at += 6;
        } else {
            at += 2;
        }
        if (at >= json.size()) return;
    }
}

}  // namespace

void append_repaired(std::string& out, std::string_view json) {
    const std::size_t begin = out.size();
    if (is_utf8(json) && json.find('\0') == std::string_view::npos) {
        out.append(json);
    } else {
        out.append(clean_utf8(json, std::numeric_limits<std::size_t>::max()));
    }
    replace_lone_surrogates(out, begin);
}

}  // namespace vigie
