#include "vigie/engine/replay.hpp"
#include "vigie/core/json_text.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/simulation.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/intake.hpp"

namespace vigie::engine {
namespace {

namespace json = boost::json;

json::object labels_json(const Labels& labels) {
    json::object out;
    for (const auto& [name, value] : labels) out[name] = value;
    return out;
}

class Printer final : public Observer {
public:
    Printer(const std::function<void(const std::string&)>& print, ReplaySummary& summary) : print_(print), summary_(summary) {}
    void on_transition(const alerts::Transition& transition) override {
        const bool fired = transition.alert.state == alerts::State::firing && transition.from != alerts::State::firing;
        if (fired) ++summary_.alerts[transition.alert.rule.name];
        print_(event_json(transition));
    }
    void on_notification(const alerts::Notification& notification) override { print_(event_json(notification)); }
    void on_problem(const Error& error) override { problem_ = error; }
    const std::optional<Error>& problem() const { return problem_; }

private:
    const std::function<void(const std::string&)>& print_;
    ReplaySummary& summary_;
    std::optional<Error> problem_;
};

/// All records of the input, by the time at which they became known; one that does not say goes with the one before it.
std::vector<std::pair<Time, Record>> read_sorted(std::istream& in, ReplaySummary& summary,
                                                 const std::function<void(const Rejection&)>& on_rejection) {
    std::vector<std::pair<Time, Record>> timed;
    RecordReader reader;
    std::string line;
    Time last;
    for (std::int64_t number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line == "\r") continue;
        auto parsed = reader.parse(line, number);
        if (auto* record = std::get_if<Record>(&parsed)) {
            if (const Time at = time_of(*record); at != Time{}) last = at;
            timed.emplace_back(last, std::move(*record));
        } else {
            ++summary.rejected;
            on_rejection(std::get<Rejection>(parsed));
        }
    }
    std::stable_sort(timed.begin(), timed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto dated = std::find_if(timed.begin(), timed.end(), [](const auto& one) { return one.first != Time{}; });
    if (dated != timed.end()) std::for_each(timed.begin(), dated, [&](auto& one) { one.first = dated->first; });
    return timed;
}

}  // namespace

std::string event_json(const alerts::Transition& transition) {
    const alerts::Alert& alert = transition.alert;
    json::object event;
    event["at"] = format_time(transition.at);
    event["event"] = "alert";
    event["state"] = std::string(alerts::to_string(alert.state));
    event["alert"] = alert.rule.name;
    event["labels"] = labels_json(alert.labels);
    json::object annotations, values;
    for (const auto& [name, text] : alert.annotations) annotations[name] = clean_utf8(text.bytes());
    for (const rules::NamedValue& value : alert.values) values[value.name] = value.value ? json::value(*value.value) : json::value(nullptr);
    event["annotations"] = std::move(annotations);
    event["values"] = std::move(values);
    json::array evidence;
    for (const alerts::Evidence& one : alert.evidence) evidence.emplace_back(one.id);
    event["evidence"] = std::move(evidence);
    return json_text(event);
}

std::string event_json(const alerts::Notification& notification) {
    json::object event;
    event["at"] = format_time(notification.created);
    event["event"] = "notification";
    event["receiver"] = notification.receiver;
    event["status"] = std::string(alerts::to_string(notification.status));
    event["group"] = labels_json(notification.group);
    json::array alerts;
    for (const alerts::Alert& alert : notification.alerts) alerts.emplace_back(to_hex(alert.fingerprint));
    event["alerts"] = std::move(alerts);
    event["reason"] = notification.reason;
    event["key"] = notification.key;
    return json_text(event);
}

std::string event_json(const ReplaySummary& summary, double wall_seconds) {
    json::object event;
    event["event"] = "summary";
    event["records"] = summary.records;
    event["duplicates"] = summary.duplicates;
    event["rejected"] = summary.rejected;
    event["brands"] = summary.brands;
    event["from"] = summary.from ? json::value(format_time(*summary.from)) : json::value(nullptr);
    event["to"] = summary.to ? json::value(format_time(*summary.to)) : json::value(nullptr);
    json::object alerts;
    for (const auto& [name, count] : summary.alerts) alerts[name] = count;
    event["alerts"] = std::move(alerts);
    event["wall_seconds"] = wall_seconds;
    return json_text(event);
}

Result<ReplaySummary> replay(const Configuration& configuration, std::istream& in, const ReplayOptions& options,
                             const std::function<void(const std::string&)>& print,
                             const std::function<void(const Rejection&)>& on_rejection) {
    ReplaySummary summary;
    summary.brands = configuration.settings.brands.size();
    std::vector<std::pair<Time, Record>> records = read_sorted(in, summary, on_rejection);
    summary.records = summary.rejected;
    if (records.empty() || (options.until && records.front().first > *options.until)) return summary;
    Printer printer(print, summary);
    const Time start = records.front().first;
    auto simulation = Simulation::start(configuration, start, printer);
    if (!simulation) return simulation.error();
    Time end = records.back().first + options.tail;
    if (options.until) end = std::min(end, *options.until);
    for (auto& [at, record] : records) {
        if (at > end) break;
        if (Result<> taken = (*simulation)->take(std::move(record)); !taken) return taken.error();
    }
    if (Result<> rest = (*simulation)->advance_to(end); !rest) return rest.error();
    if (printer.problem()) return *printer.problem();
    summary.records += (*simulation)->totals().records;
    summary.duplicates = (*simulation)->totals().duplicates;
    summary.from = start;
    summary.to = end;
    return summary;
}

}  // namespace vigie::engine
