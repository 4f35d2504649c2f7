#include "vigie/core/secret.hpp"

#include <string.h>

#include "vigie/core/hash.hpp"

namespace vigie {
namespace {

/// Overwrites all that the string has room for: a move leaves bytes behind in the small-string buffer.
void wipe(std::string& text) noexcept {
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
}

bool host_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':' ||
           c == '[' || c == ']';
}

bool scheme_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/// "https://host:port" of a URL, or nothing where there is no such beginning. A host that is no plain name is not shown: it may be
/// anything.
std::string visible_origin(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos || scheme_end == 0 || scheme_end > 16) return {};
    for (const char c : url.substr(0, scheme_end)) {
        if (!scheme_character(c)) return {};
    }
    auto authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#\\"));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    if (authority.empty() || authority.size() > 260) return {};
    for (const char c : authority) {
        if (!host_character(c)) return {};
    }
    return std::string(url.substr(0, scheme_end + 3)).append(authority);
}

}  // namespace

Secret::Secret(std::string value) : value_(std::move(value)) {
    wipe(value);
}

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
    wipe(other.value_);
}

Secret& Secret::operator=(const Secret& other) {
    Secret copy(other);
    value_.swap(copy.value_);
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe(value_);
        value_.swap(other.value_);
    }
    return *this;
}

Secret::~Secret() {
    wipe(value_);
}

bool Secret::equals(std::string_view offered) const noexcept {
    if (value_.empty()) return false;
    volatile unsigned char difference = value_.size() == offered.size() ? 0 : 1;
    std::size_t at = 0;
    for (const char c : offered) {
        difference = static_cast<unsigned char>(difference | (c ^ value_[at]));
        if (++at == value_.size()) at = 0;
    }
    return difference == 0;
}

std::string redact_url(std::string_view url) {
    std::string out = visible_origin(url);
    if (out.empty()) out = "(no host)";
    out += "/...#";
    out += to_hex(hash64(url)).substr(0, 8);
    return out;
}

}  // namespace vigie
