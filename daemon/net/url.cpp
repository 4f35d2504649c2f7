// URLs, as RFC 3986 reads them and as sloppy servers write them: what stands after the authority is percent-encoded where it must be.
#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "net/ascii.hpp"
#include "vigie/net/address.hpp"

namespace vigie::net {
namespace {

namespace urls = boost::urls;

constexpr std::size_t max_url_bytes = 8192;
constexpr std::string_view hex_digits = "0123456789ABCDEF";

void append_encoded(std::string& out, char c) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
}

Result<> check_bytes(std::string_view text) {
    if (text.size() > max_url_bytes) return Error(Errc::invalid, "the URL is longer than 8192 bytes");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) return Error(Errc::invalid, "the URL has a control character");
        if (c == '\\') return Error(Errc::invalid, "the URL has a backslash");
    }
    return {};
}

/// Where the authority of a URL or a reference begins; npos if it has none.
std::size_t authority_begin(std::string_view text) {
    if (text.substr(0, 2) == "//") return 2;
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0 || !is_alpha(text.front())) return std::string_view::npos;
    const auto scheme = text.substr(0, colon);
    const bool named =
        std::all_of(scheme.begin(), scheme.end(), [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
    return named ? colon + 3 : std::string_view::npos;
}

/// Encodes, outside the authority, the bytes that RFC 3986 allows nowhere.
std::string encode_stray(std::string_view text) {
    auto from = authority_begin(text);
    from = from == std::string_view::npos ? 0 : std::min(text.find_first_of("/?#", from), text.size());
    std::string out(text.substr(0, from));
    for (const char c : text.substr(from)) {
        const bool stray = static_cast<unsigned char>(c) >= 0x80 || std::string_view(" \"<>^`{|}[]").find(c) != std::string_view::npos;
        stray ? append_encoded(out, c) : out.push_back(c);
    }
    return out;
}

bool is_host_name(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    std::size_t label = 0;
    for (const char c : host) {
        if (c == '.') {
            if (label == 0) return false;
            label = 0;
            continue;
        }
        if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '_') return false;
        if (++label > 63) return false;
    }
    return label != 0;
}

Result<std::string> host_of(const urls::url_view& view) {
    const auto encoded = view.encoded_host();
    auto host = lowered(std::string_view(encoded.data(), encoded.size()));
    if (view.host_type() == urls::host_type::ipv6) {
        host = host.substr(1, host.size() - 2);
        if (host.find('%') != std::string::npos) return Error(Errc::invalid, "the URL has an address with a zone");
        return host;
    }
    if (host.size() > 1 && host.back() == '.') host.pop_back();
    if (!is_host_name(host)) return Error(Errc::invalid, "the host of the URL is no name and no address (international names in punycode)");
    return host;
}

Result<Url> take_apart(const urls::url_view& view) {
    Url url;
    const auto scheme = view.scheme();
    url.scheme = lowered(std::string_view(scheme.data(), scheme.size()));
    if (url.scheme != "http" && url.scheme != "https") return Error(Errc::invalid, "expected a URL that begins with http:// or https://");
    if (!view.has_authority()) return Error(Errc::invalid, "the URL names no host");
    if (view.has_userinfo()) return Error(Errc::invalid, "the URL has credentials in it");
    auto host = host_of(view);
    if (!host) return std::move(host).error();
    url.host = std::move(host).value();
    const auto port = view.port();
    url.port = url.tls() ? 443 : 80;
    if (!port.empty()) {
        // Read here: Boost 1.81 gives what is left of a number that overflows.
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        const bool whole = error == std::errc() && end == port.data() + port.size();
        if (!whole || url.port == 0) return Error(Errc::invalid, "the port of the URL must be 1 to 65535");
    }
    const auto path = view.encoded_path();
    // Boost 1.81 takes what it can't read in a port for a path without a slash.
    if (!path.empty() && path.front() != '/') return Error(Errc::invalid, "the port of the URL must be 1 to 65535");
    url.target.assign(path.data(), path.size());
    if (url.target.empty()) url.target = "/";
    if (view.has_query()) {
        const auto query = view.encoded_query();
        url.target += '?';
        url.target.append(query.data(), query.size());
    }
    return url;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (auto checked = check_bytes(text); !checked) return std::move(checked).error();
    const auto encoded = encode_stray(text);
    const auto view = urls::parse_uri(encoded);
    if (!view) return Error(Errc::invalid, "not a URL: " + view.error().message());
    auto url = take_apart(*view);
    if (url && format_url(*url).size() > max_url_bytes) return Error(Errc::invalid, "the URL is longer than 8192 bytes");
    return url;
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
    const auto trimmed = trim(reference);
    if (auto checked = check_bytes(trimmed); !checked) return std::move(checked).error();
    const auto from = format_url(base);
    const auto encoded = encode_stray(trimmed);
    const auto base_view = urls::parse_uri(from);
    const auto reference_view = urls::parse_uri_reference(encoded);
    if (!base_view || !reference_view) return Error(Errc::invalid, "not a URL reference");
    urls::url resolved;
    if (const auto done = urls::resolve(*base_view, *reference_view, resolved); !done) {
        return Error(Errc::invalid, "the URL reference does not resolve: " + done.error().message());
    }
    const auto text = resolved.buffer();
    auto url = parse_url(std::string_view(text.data(), text.size()));
    // Boost 1.81 keeps dot segments that would climb above the root; RFC 3986, 5.2.4 drops them.
    while (url && url->target.starts_with("/../")) url->target.erase(0, 3);
    if (url && (url->target == "/.." || url->target.starts_with("/..?"))) url->target.erase(1, 2);
    return url;
}

std::string Url::authority() const {
    std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (tls() ? 443 : 80)) out += ":" + std::to_string(port);
    return out;
}

std::string format_url(const Url& url) {
    return url.scheme + "://" + url.authority() + url.target;
}

std::string url_encode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool unreserved = is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
        unreserved ? out.push_back(c) : append_encoded(out, c);
    }
    return out;
}

}  // namespace vigie::net
