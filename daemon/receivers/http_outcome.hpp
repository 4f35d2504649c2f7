// What an HTTP answer means for a delivery. One table for all receivers that speak HTTP.
#pragma once

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/delivery/outcome.hpp"
#include "vigie/net/http.hpp"

namespace vigie::receivers {

/// 2xx is delivered. 3xx is never followed: the address has moved, and somebody has to correct it. 400, 413, 422 and other 4xx refuse the
/// body; 401, 403, 404, 405 and 410 the address; 408, 425, 429 and 5xx ask for patience, Retry-After included. A failure after the request
/// was written whole is ambiguous. The detail never quotes the peer's body or the URL.
delivery::Outcome outcome_of(const Result<net::HttpResponse>& answer, Time now);

}  // namespace vigie::receivers
