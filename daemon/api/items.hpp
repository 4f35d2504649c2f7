// POST /api/v1/items: who may push, and what a body holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vigie/core/record_json.hpp"
#include "vigie/engine/daemon.hpp"
#include "vigie/net/server.hpp"

namespace vigie::api {

/// The push source whose token the request bears, or the one without a token for a peer on this machine. Errors: refused, with what to
/// send.
Result<std::string> push_source(const net::ServerRequest& request, const engine::Settings& settings);

struct Parsed {
    std::vector<Record> records;
    std::vector<std::int64_t> lines;  ///< of each record
    std::vector<Rejection> rejected;
    std::uint64_t unknown_fields = 0;
};
/// NDJSON or a JSON array, as the content type says. Errors: unsupported (another content type).
Result<Parsed> parse_items(const net::ServerRequest& request);

/// Turns counts and takedowns of a brand that is not configured into rejections: nobody would ever find them.
void reject_unknown_brands(Parsed& parsed, const std::vector<Brand>& brands);

/// The whole exchange.
boost::asio::awaitable<net::ServerReply> post_items(engine::Daemon& daemon, net::ServerRequest request);

}  // namespace vigie::api
