#include "net/request_check.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "net/ascii.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::net {
namespace {

bool is_port(std::string_view text) {
    return text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

bool has_folded_line(std::string_view raw_head) {
    return raw_head.find("\r\n ") != std::string_view::npos || raw_head.find("\r\n\t") != std::string_view::npos;
}

std::optional<Refusal> check_length(const Headers& headers) {
    const auto lengths = headers.count("Content-Length");
    if (lengths > 1) return Refusal(400, "more than one Content-Length");
    if (lengths == 1) {
        const auto value = headers.get("Content-Length");
        if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) return Refusal(400, "Content-Length must be one number");
    }
    return std::nullopt;
}

std::optional<Refusal> check_transfer(const Headers& headers, int version) {
    const auto codings = headers.count("Transfer-Encoding");
    if (codings == 0) return std::nullopt;
    if (codings > 1 || !iequals(headers.get("Transfer-Encoding"), "chunked"))
        return Refusal(400, "the only transfer coding here is chunked");
    if (headers.has("Content-Length")) return Refusal(400, "Content-Length and Transfer-Encoding exclude each other");
    if (version < 11) return Refusal(400, "HTTP/1.0 has no transfer codings");
    return std::nullopt;
}

/// Percent-decoding; no value for a broken escape.
std::optional<std::string> decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash before the segment
        const auto segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

std::optional<Refusal> check_path(std::string_view path) {
    const auto bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\'; };
    if (std::any_of(path.begin(), path.end(), bad)) return Refusal(400, "the path has a control character or a backslash");
    if (!is_utf8(path)) return Refusal(400, "the path is not UTF-8");
    if (has_dot_segment(path)) return Refusal(400, "the path has a dot segment");
    return std::nullopt;
}

}  // namespace

std::optional<std::string> host_of_authority(std::string_view authority) {
    if (authority.empty() || authority.size() > 260) return std::nullopt;
    if (authority.front() == '[') {
        const auto close = authority.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        const auto rest = authority.substr(close + 1);
        if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
        std::string host(authority.substr(1, close - 1));
        in6_addr address{};
        if (inet_pton(AF_INET6, host.c_str(), &address) != 1) return std::nullopt;
        return lowered(host);
    }
    const auto colon = authority.find(':');
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) return std::nullopt;
    const auto host = authority.substr(0, colon);
    const auto fits = [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; };
    if (host.empty() || !std::all_of(host.begin(), host.end(), fits)) return std::nullopt;
    return lowered(host);
}

std::optional<Refusal> check_framing(std::string_view raw_head, const Headers& headers, int version) {
    if (version != 10 && version != 11) return Refusal(505, "HTTP/1.1 is spoken here");
    if (has_folded_line(raw_head)) return Refusal(400, "a folded header line");
    if (headers.count("Host") != 1) return Refusal(400, "expected exactly one Host header");
    if (!host_of_authority(headers.get("Host"))) return Refusal(400, "the Host header is ill-formed");
    if (auto refusal = check_length(headers)) return refusal;
    if (auto refusal = check_transfer(headers, version)) return refusal;
    if (headers.has("Expect") && (headers.count("Expect") > 1 || !iequals(headers.get("Expect"), "100-continue"))) {
        return Refusal(417, "the only expectation met here is 100-continue");
    }
    const auto coding = headers.get("Content-Encoding");
    const bool known = coding.empty() || iequals(coding, "identity") || iequals(coding, "gzip") || iequals(coding, "x-gzip");
    if (!known || headers.count("Content-Encoding") > 1) return Refusal(415, "the only content coding here is gzip");
    return std::nullopt;
}

Target parse_target(std::string_view target, std::string_view host_header, std::optional<Refusal>& refusal) {
    constexpr std::string_view scheme = "http://";
    if (!target.empty() && target.front() != '/' && iequals(target.substr(0, scheme.size()), scheme)) {
        const auto rest = target.substr(scheme.size());
        const auto authority = rest.substr(0, rest.find_first_of("/?"));
        if (!iequals(authority, host_header)) {
            refusal.emplace(400, "the request target names another host");
            return {};
        }
        target = rest.substr(authority.size());
        if (target.empty()) target = "/";
    }
    if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos) {
        refusal.emplace(400, "the request target must be a path");
        return {};
    }
    Target out;
    const auto mark = target.find('?');
    const auto path = decode(target.substr(0, mark));
    if (!path) {
        refusal.emplace(400, "the path has a broken percent escape");
        return {};
    }
    out.path = *path;
    if (mark != std::string_view::npos) out.query = std::string(target.substr(mark + 1));
    refusal = check_path(out.path);
    return out;
}

}  // namespace vigie::net
