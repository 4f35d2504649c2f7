// What a server must look at before it believes a request: RFC 9112 leaves room for two readings in places, and a proxy and we could
// take different ones. Pure.
// Thread-safety: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/net/http.hpp"

namespace vigie::net {

/// A request that is answered here and now.
struct Refusal {
    Refusal(int status_, std::string text_) : status(status_), text(std::move(text_)) {}
    int status;
    std::string text;  ///< ASCII without quotes, for the answer's JSON
};

/// The host of a Host header in lower case, without port and brackets; no value if it is ill-formed.
std::optional<std::string> host_of_authority(std::string_view authority);

/// Framing: obs-fold, Host, Content-Length, Transfer-Encoding, Expect, Content-Encoding. `raw_head` is the head as received.
std::optional<Refusal> check_framing(std::string_view raw_head, const Headers& headers, int version);

struct Target {
    std::string path;   ///< decoded
    std::string query;  ///< raw
};
/// Takes a request target apart: origin form, or absolute form for the host that `host_header` names. On refusal `refusal` is set.
Target parse_target(std::string_view target, std::string_view host_header, std::optional<Refusal>& refusal);

}  // namespace vigie::net
