#include "api/items.hpp"

#include <algorithm>

#include "api/access.hpp"
#include "api/views.hpp"
#include "vigie/core/json_text.hpp"

namespace vigie::api {
namespace {

namespace json = boost::json;

/// A larger push is committed in several.
constexpr std::size_t chunk_records = engine::LedgerThread::max_submission;
constexpr std::size_t shown_rejections = 100;

std::string media_type(const net::ServerRequest& request) {
    std::string type(request.headers.get("Content-Type"));
    type.resize(std::min(type.find(';'), type.size()));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return type;
}

net::ServerReply reply_of(const Error& error) {
    const bool patience = error.code() == Errc::busy || error.code() == Errc::no_space || error.code() == Errc::cancelled;
    net::ServerReply reply(patience ? 503 : 500, "application/json", error_json(error));
    if (patience) (void)reply.headers.set("Retry-After", error.code() == Errc::no_space ? "30" : "1");
    return reply;
}

std::string body_of(const engine::SubmitResult& sum, const std::vector<Rejection>& rejected) {
    json::object out{{"accepted", sum.accepted}, {"duplicates", sum.duplicates}, {"unmatched", sum.unmatched}, {"too_old", sum.too_old}};
    if (!rejected.empty()) {
        json::array list;
        for (const Rejection& one : rejected) {
            if (list.size() == shown_rejections) break;
            list.push_back(json::object{{"line", one.line}, {"field", one.field}, {"found", one.found}, {"expected", one.expected}});
        }
        out["rejected"] = std::move(list);
        out["rejected_count"] = rejected.size();
    }
    return json_text(out);
}

}  // namespace

Result<std::string> push_source(const net::ServerRequest& request, const engine::Settings& settings) {
    const std::optional<engine::Role> role = role_of(request, settings.tokens);
    const bool may_push = role && *role != engine::Role::read;
    const sources::SourceSettings* own = nullptr;   ///< the one whose token it bears
    const sources::SourceSettings* open = nullptr;  ///< the first that takes it without
    bool any = false;
    for (const sources::SourceSettings& source : settings.sources) {
        if (source.kind != sources::SourceKind::push) continue;
        any = true;
        if (source.token && source.token->equals(bearer_token(request))) own = &source;
        if (open == nullptr && (may_push || (!source.token && is_local(request)))) open = &source;
    }
    if (own != nullptr) return own->name;
    if (open != nullptr) return open->name;
    if (!any) return Error(Errc::refused, "no source of kind push is configured");
    return Error(Errc::refused, "expected the header \"Authorization: Bearer TOKEN\" with the token of a push source");
}

Result<Parsed> parse_items(const net::ServerRequest& request) {
    const std::string type = media_type(request);
    Parsed parsed;
    RecordReader reader;
    const auto on_record = [&](Record&& record, std::int64_t line) {
        parsed.records.push_back(std::move(record));
        parsed.lines.push_back(line);
    };
    const auto on_rejection = [&](Rejection&& rejection) { parsed.rejected.push_back(std::move(rejection)); };
    if (type == "application/x-ndjson" || type == "application/ndjson")
        reader.parse_lines(request.body, on_record, on_rejection);
    else if (type == "application/json")
        reader.parse_array(request.body, on_record, on_rejection);
    else
        return Error(Errc::unsupported,
                     "found Content-Type \"" + clean_utf8(type, 60) + "\", expected application/x-ndjson or application/json");
    parsed.unknown_fields = reader.unknown_fields();
    return parsed;
}

void reject_unknown_brands(Parsed& parsed, const std::vector<Brand>& brands) {
    std::vector<std::string> names;
    for (const Brand& brand : brands) names.push_back(brand.name);
    Parsed kept;
    for (std::size_t i = 0; i < parsed.records.size(); ++i) {
        const auto* count = std::get_if<Count>(&parsed.records[i]);
        const auto* takedown = std::get_if<Takedown>(&parsed.records[i]);
        const std::string* brand = count != nullptr ? &count->brand : takedown != nullptr ? &takedown->brand : nullptr;
        if (brand == nullptr || std::find(names.begin(), names.end(), *brand) != names.end()) {
            kept.records.push_back(std::move(parsed.records[i]));
            kept.lines.push_back(parsed.lines[i]);
            continue;
        }
        const std::string near = doc::nearest(*brand, names);
        parsed.rejected.push_back(
            {parsed.lines[i], "brand", excerpt(*brand), near.empty() ? "a configured brand" : "a configured brand, such as " + near});
    }
    parsed.records = std::move(kept.records);
    parsed.lines = std::move(kept.lines);
    std::stable_sort(parsed.rejected.begin(), parsed.rejected.end(),
                     [](const Rejection& a, const Rejection& b) { return a.line < b.line; });
}

boost::asio::awaitable<net::ServerReply> post_items(engine::Daemon& daemon, net::ServerRequest request) {
    const Result<std::string> source = push_source(request, daemon.configuration().settings);
    if (!source) {
        net::ServerReply reply(401, "application/json", error_json(source.error()));
        (void)reply.headers.set("WWW-Authenticate", "Bearer");
        co_return reply;
    }
    Result<Parsed> parsed = parse_items(request);
    if (!parsed) co_return net::ServerReply(415, "application/json", error_json(parsed.error()));
    reject_unknown_brands(*parsed, daemon.configuration().settings.brands);
    daemon.count_rejected(parsed->rejected.size());
    engine::SubmitResult sum;
    std::vector<Record>& records = parsed->records;
    for (std::size_t begin = 0; begin < records.size(); begin += chunk_records) {
        const auto first = records.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = records.begin() + static_cast<std::ptrdiff_t>(std::min(records.size(), begin + chunk_records));
        std::vector<Record> chunk(std::make_move_iterator(first), std::make_move_iterator(last));
        const Result<engine::SubmitResult> result = co_await daemon.submit(std::move(chunk), *source);
        // What was committed of an earlier chunk is a duplicate when the client sends the whole again: nothing is lost or doubled.
        if (!result) co_return reply_of(result.error());
        sum.accepted += result->accepted;
        sum.duplicates += result->duplicates;
        sum.unmatched += result->unmatched;
        sum.too_old += result->too_old;
    }
    const int status = parsed->rejected.empty() ? 202 : 400;
    co_return net::ServerReply(status, "application/json", body_of(sum, parsed->rejected));
}

}  // namespace vigie::api
