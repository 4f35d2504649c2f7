// HTTP as values: what is asked and what is answered. No Beast type passes here.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::net {

/// Header fields in order; names compare without case.
class Headers {
public:
    Headers() = default;
    /// Errors: invalid, for a name that is no token or a value with CR, LF, NUL or another control character.
    Result<> set(std::string_view name, std::string_view value);
    /// Adds without replacing; the same errors.
    Result<> add(std::string_view name, std::string_view value);
    /// Takes away every field of that name.
    void remove(std::string_view name) noexcept;
    /// The first value, or "" where there is none.
    std::string_view get(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
    const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// Limits of one exchange. They hold for the whole of it: a peer that drips bytes does not live longer.
struct HttpLimits {
    HttpLimits() = default;
    Duration connect{5000};              ///< resolve and connect
    Duration total{30000};               ///< from the call to the last byte
    std::size_t wire_bytes = 8u << 20;   ///< body as received
    std::size_t body_bytes = 16u << 20;  ///< body after gzip or deflate
    double inflate_ratio = 200;          ///< refused beyond this once 1 MB came out
    int redirects = 0;                   ///< followed by the client: 301, 302, 303, 307, 308, https never to http
};

struct HttpRequest {
    HttpRequest() = default;
    std::string method = "GET";
    std::string url;  ///< http or https; refused: credentials, control characters, over 8 kB, port 0
    Headers headers;
    std::string body;
    HttpLimits limits;
    bool allow_private = false;  ///< otherwise every resolved private, loopback, link-local or reserved address is refused
};

struct HttpResponse {
    HttpResponse() = default;
    int status = 0;
    Headers headers;
    std::string body;             ///< already inflated
    std::string url;              ///< the last one, after redirects
    int permanent_redirects = 0;  ///< how many of the hops were 301 or 308, counted while all hops before were too
    std::string permanent_url;    ///< where those led; empty if none
};

/// Retry-After as seconds or HTTP-date, clamped to [1 s, 1 h]; no value for anything else.
std::optional<Duration> parse_retry_after(std::string_view value, Time now);
/// RFC 9110 dates in their three forms; two-digit years below 70 are of this century. Errors: parse.
Result<Time> parse_http_date(std::string_view value);
/// The preferred form, "Sun, 06 Nov 1994 08:49:37 GMT" (Date, If-Modified-Since).
std::string format_http_date(Time time);

}  // namespace vigie::net
