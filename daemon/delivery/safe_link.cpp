// The list of what may be a link: short, because everything that a reader may click was written by a stranger.
#include <fmt/format.h>
#include <unicode/uidna.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "vigie/delivery/escape.hpp"

namespace vigie::delivery {
namespace {

constexpr std::size_t max_url_bytes = 2000;
constexpr std::size_t max_host_bytes = 253;

bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_no_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

std::string_view trim(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::optional<std::string> ascii_host(std::string_view host) {
    UErrorCode status = U_ZERO_ERROR;
    const auto close = [](UIDNA* idna) { uidna_close(idna); };
    const std::unique_ptr<UIDNA, decltype(close)> idna(
        uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status), close);
    if (U_FAILURE(status)) return {};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    std::string out(max_host_bytes + 3, '\0');
    const auto length = uidna_nameToASCII_UTF8(idna.get(), host.data(), static_cast<std::int32_t>(host.size()), out.data(),
                                               static_cast<std::int32_t>(out.size()), &info, &status);
    if (U_FAILURE(status) || info.errors != 0 || length <= 0 || static_cast<std::size_t>(length) > max_host_bytes) return {};
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::optional<std::string> checked_host(std::string_view host) {
    if (host.empty() || host.size() > max_host_bytes) return {};
    if (host.front() == '[') {
        if (host.size() < 4 || host.back() != ']') return {};
        const auto inside = host.substr(1, host.size() - 2);
        if (!std::all_of(inside.begin(), inside.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; })) return {};
        return std::string(host);
    }
    const bool ascii = std::all_of(host.begin(), host.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; });
    if (!ascii) {
        // Only letters of other scripts may be told apart here; a percent sign, a quote or a blank in a host is a trick.
        const bool odd = std::any_of(host.begin(), host.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_alnum(c) && c != '-' && c != '.'; });
        if (odd) return {};
        auto converted = ascii_host(host);
        if (!converted || !std::all_of(converted->begin(), converted->end(), [](char c) { return is_alnum(c) || c == '-' || c == '.'; })) {
            return {};
        }
        return converted;
    }
    if (host.front() == '.' || host.find("..") != std::string_view::npos) return {};
    std::string out(host);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

/// ":8443", or "" where there is none; nothing where it is no port.
std::optional<std::string> checked_port(std::string_view port) {
    if (port.empty()) return std::string{};
    port.remove_prefix(1);
    if (port.empty()) return std::string{};
    unsigned number = 0;
    const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || rest != port.data() + port.size() || number == 0 || number > 65535) return {};
    return ":" + std::to_string(number);
}

/// Path, query and fragment, with everything that could close a quote, a bracket or a tag encoded.
std::string encoded(std::string_view rest) {
    constexpr std::string_view kept = "-._~:/?#@!$&+,;=";
    std::string out;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const char c = rest[i];
        const bool escape = c == '%' && i + 2 < rest.size() && is_hex(rest[i + 1]) && is_hex(rest[i + 2]);
        if (is_alnum(c) || kept.find(c) != std::string_view::npos || escape) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> safe_link(std::string_view url) {
    url = trim(url);
    if (url.size() > max_url_bytes || !is_utf8(url)) return {};
    if (std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) return {};
    std::string out;
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (starts_with_no_case(url, scheme)) out = scheme;
    }
    if (out.empty()) return {};
    url.remove_prefix(out.size());
    const auto end = std::min(url.find_first_of("/?#"), url.size());
    const auto authority = url.substr(0, end);
    // A browser would take a backslash for a slash, and a user name for the bank's.
    if (authority.find_first_of("@\\") != std::string_view::npos) return {};
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto host = checked_host(authority.substr(0, std::min(colon, authority.size())));
    const auto port = checked_port(colon == std::string_view::npos ? std::string_view{} : authority.substr(colon));
    if (!host || !port) return {};
    out += *host + *port + encoded(url.substr(end));
    if (out.size() > max_url_bytes) return {};
    return out;
}

std::optional<std::string> safe_link(const Untrusted& url) {
    return safe_link(url.bytes());
}

}  // namespace vigie::delivery
