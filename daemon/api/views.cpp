#include "api/views.hpp"

#include "vigie/core/hash.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"

namespace vigie::api {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& time) {
    return time ? json::value(format_time(*time)) : json::value(nullptr);
}

json::object labels_json(const Labels& labels) {
    json::object out;
    for (const auto& [name, value] : labels) out[name] = value;
    return out;
}

}  // namespace

json::object status_json(const engine::StatusView& status) {
    json::array queues;
    for (const engine::Core::QueueState& queue : status.queues) {
        queues.push_back(json::object{{"integration", queue.integration},
                                      {"waiting", queue.waiting},
                                      {"oldest", time_or_null(queue.oldest)},
                                      {"breaker", queue.breaker},
                                      {"dead_letters", queue.dead_letters}});
    }
    json::object out{{"now", format_time(status.now)},
                     {"started", format_time(status.started)},
                     {"version", status.version},
                     {"config", status.config},
                     {"data", status.data},
                     {"ready", status.ready},
                     {"accepts_intake", status.accepts_intake},
                     {"playing", status.playing},
                     {"played", status.played},
                     {"brands", status.brands},
                     {"rules", status.rules},
                     {"sources", status.sources},
                     {"mentions", status.store.mentions},
                     {"disk_bytes", status.store.disk_bytes},
                     {"free_bytes", status.store.free_bytes},
                     {"windows_bytes", status.windows_bytes},
                     {"alerts", json::object{{"firing", status.firing}, {"pending", status.pending}}},
                     {"waiting_items", status.waiting_items},
                     {"queues", std::move(queues)}};
    if (!status.last_reload_error.empty()) out["last_reload_error"] = status.last_reload_error;
    return out;
}

json::array sources_json(const std::vector<engine::SourceView>& sources) {
    json::array out;
    for (const engine::SourceView& source : sources) {
        json::object one{{"name", source.name},
                         {"kind", source.kind},
                         {"state", source.state},
                         {"last_success", time_or_null(source.last_success)},
                         {"next_poll", time_or_null(source.next_poll)},
                         {"failures", source.failures},
                         {"items", source.items},
                         {"rejected", source.rejected},
                         {"gaps", source.gaps}};
        if (!source.last_error.empty()) one["last_error"] = clean_utf8(source.last_error, 500);
        out.push_back(std::move(one));
    }
    return out;
}

json::array alerts_json(const std::vector<alerts::Alert>& alerts) {
    json::array out;
    for (const alerts::Alert& alert : alerts) {
        json::object annotations, values;
        // encode_alert writes the whole alert; the API shows the same fields under the same names, without the store's version.
        json::object stored = json::parse(alerts::encode_alert(alert)).as_object();
        for (const rules::NamedValue& value : alert.values)
            values[value.name] = value.value ? json::value(*value.value) : json::value(nullptr);
        if (const json::value* found = stored.if_contains("annotations"); found != nullptr && found->is_object())
            annotations = found->as_object();
        json::array evidence;
        for (const alerts::Evidence& one : alert.evidence) evidence.emplace_back(one.id);
        json::object one{{"fingerprint", to_hex(alert.fingerprint)},
                         {"state", std::string(alerts::to_string(alert.state))},
                         {"labels", labels_json(alert.labels)},
                         {"annotations", std::move(annotations)},
                         {"values", std::move(values)},
                         {"evidence", std::move(evidence)},
                         {"active_since", format_time(alert.active_since)},
                         {"fired_at", time_or_null(alert.fired_at)},
                         {"resolved_at", time_or_null(alert.resolved_at)}};
        if (!alert.resolved_because.empty()) one["resolved_because"] = alert.resolved_because;
        out.push_back(std::move(one));
    }
    return out;
}

json::object item_json(const Item& item) {
    // Parsed back from our own writer, so that there is one spelling of it.
    return json::parse(to_json(Record(item))).as_object();
}

json::array mentions_json(const std::vector<store::StoredMention>& mentions) {
    json::array out;
    for (const store::StoredMention& mention : mentions) {
        json::object one = item_json(mention.analysed.item);
        one["language"] = mention.analysed.language;
        one["sentiment"] = json::object{{"label", std::string(to_string(mention.analysed.sentiment.label))},
                                        {"polarity", mention.analysed.sentiment.polarity()}};
        json::array functions;
        for (const std::string& function : mention.functions) functions.emplace_back(function);
        one["functions"] = std::move(functions);
        one["new_author"] = mention.new_author;
        if (mention.cluster != 0) one["cluster"] = to_hex(mention.cluster);
        one["standing"] = static_cast<double>(mention.weight) / 1000;
        out.push_back(std::move(one));
    }
    return out;
}

json::object reload_json(const engine::ReloadReport& report) {
    json::array changes;
    for (const std::string& line : report.lines()) changes.emplace_back(line);
    return {{"changes", std::move(changes)}};
}

std::string error_json(const Error& error) {
    return json_text(json::object{
        {"error", json::object{{"code", std::string(to_string(error.code()))}, {"message", clean_utf8(error.text(), 20'000)}}}});
}

}  // namespace vigie::api
