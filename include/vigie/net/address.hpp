// Which addresses Vigie may call: the guard against requests forged by a configuration value or a redirect.
// Thread-safety: free functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"

namespace vigie::net {

/// Whether a numeric IPv4 or IPv6 address is public: not loopback, private, shared (100.64/10), link-local, multicast, reserved,
/// documentation, and none of these behind an IPv4-mapped, 6to4 or NAT64 form. Text that is no numeric address is not public.
bool is_public_address(std::string_view numeric_address);

/// A URL taken apart and checked (the rules of HttpRequest::url). Errors: invalid, with what was found.
struct Url {
    std::string scheme, host, target;  ///< host lower case, without brackets; target begins with '/'
    std::uint16_t port = 0;            ///< never 0
    bool tls() const noexcept { return scheme == "https"; }
    std::string authority() const;  ///< host[:port] as the Host header wants it
};
Result<Url> parse_url(std::string_view text);
/// Resolves a Location header against the URL that answered it.
Result<Url> resolve_url(const Url& base, std::string_view reference);
std::string format_url(const Url& url);
/// Percent-encodes everything but unreserved characters.
std::string url_encode(std::string_view text);

}  // namespace vigie::net
