#include "vigie/alerts/route.hpp"

#include <algorithm>

namespace vigie::alerts {
namespace {

constexpr int max_routes = 1000;
constexpr int max_depth = 32;
constexpr Duration longest = std::chrono::hours{24 * 366};

void collect_matches(const Route& route, const Labels& labels, std::vector<const Route*>& found) {
    const auto before = found.size();
    for (const auto& child : route.routes) {
        if (!all_match(child.matchers, labels)) continue;
        collect_matches(child, labels, found);
        if (!child.continue_) break;
    }
    if (found.size() == before) found.push_back(&route);
}

class Decoder {
public:
    explicit Decoder(doc::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}
    void read(const doc::Node& node, const Route* parent, int depth, Route& route);

private:
    void read_group_by(doc::Fields& fields, Route& route);
    void read_times(doc::Fields& fields, Route& route);
    void read_matchers(doc::Fields& fields, Route& route);
    void read_old_matchers(doc::Fields& fields, std::string_view key, MatchOp op, Route& route);

    doc::Diagnostics& diagnostics_;
    int count_ = 0;
};

void Decoder::read_group_by(doc::Fields& fields, Route& route) {
    auto names = fields.strings("group_by");
    if (!names) return;
    route.group_by_all = std::find(names->begin(), names->end(), "...") != names->end();
    const auto mark = fields.node("group_by")->mark;
    if (route.group_by_all && names->size() > 1) diagnostics_.expected(mark, "'...' beside label names", "'...' alone");
    route.group_by.clear();
    if (route.group_by_all) return;
    std::sort(names->begin(), names->end());
    for (const auto& name : *names) {
        if (!Matcher::make(name, MatchOp::equal, "")) diagnostics_.expected(mark, "\"" + name + "\" in group_by", "label names, or '...'");
    }
    if (std::adjacent_find(names->begin(), names->end()) != names->end()) diagnostics_.error(mark, "group_by names a label twice");
    route.group_by = std::move(*names);
}

void Decoder::read_times(doc::Fields& fields, Route& route) {
    if (const auto wait = fields.duration("group_wait", Duration{0}, longest)) route.group_wait = *wait;
    if (const auto interval = fields.duration("group_interval", Duration{1}, longest)) route.group_interval = *interval;
    if (const auto repeat = fields.duration("repeat_interval", Duration{1}, longest)) route.repeat_interval = *repeat;
    if (auto names = fields.strings("mute_time_intervals")) route.mute_time_intervals = std::move(*names);
    if (auto names = fields.strings("active_time_intervals")) route.active_time_intervals = std::move(*names);
}

void Decoder::read_matchers(doc::Fields& fields, Route& route) {
    const doc::Node* node = fields.node("matchers");
    if (node != nullptr) {
        const auto add = [&](const doc::Node& part) {
            if (part.kind != doc::NodeKind::scalar) {
                diagnostics_.expected(part.mark, doc::describe(part), "a matcher such as severity=\"critical\"");
                return;
            }
            auto matchers = parse_matchers(part.text);
            if (!matchers) {
                diagnostics_.expected(part.mark, "\"" + part.text.substr(0, 60) + "\"", "a matcher: " + matchers.error().message());
                return;
            }
            for (auto& matcher : *matchers) route.matchers.push_back(std::move(matcher));
        };
        if (node->kind == doc::NodeKind::sequence) {
            for (const auto& item : node->items) add(item);
        } else {
            add(*node);
        }
    }
    read_old_matchers(fields, "match", MatchOp::equal, route);
    read_old_matchers(fields, "match_re", MatchOp::matches, route);
    const auto order = [](const Matcher& a, const Matcher& b) { return a.text() < b.text(); };
    std::sort(route.matchers.begin(), route.matchers.end(), order);
}

void Decoder::read_old_matchers(doc::Fields& fields, std::string_view key, MatchOp op, Route& route) {
    for (auto& [name, value] : fields.string_map(key)) {
        auto matcher = Matcher::make(name, op, value);
        if (matcher) {
            route.matchers.push_back(*std::move(matcher));
        } else {
            diagnostics_.error(fields.mark(), std::string(key) + ": " + matcher.error().message());
        }
    }
}

void Decoder::read(const doc::Node& node, const Route* parent, int depth, Route& route) {
    if (++count_ > max_routes) {
        if (count_ == max_routes + 1) diagnostics_.error(node.mark, "more than 1000 routes");
        return;
    }
    if (depth > max_depth) {
        diagnostics_.error(node.mark, "routes are nested deeper than 32");
        return;
    }
    doc::Fields fields(node, parent == nullptr ? "the route" : "a route", diagnostics_);
    route.receiver_mark = node.mark;
    if (parent != nullptr) {
        route.receiver = parent->receiver;
        route.receiver_mark = parent->receiver_mark;
        route.group_by = parent->group_by;
        route.group_by_all = parent->group_by_all;
        route.group_wait = parent->group_wait;
        route.group_interval = parent->group_interval;
        route.repeat_interval = parent->repeat_interval;
    }
    const auto receiver = parent == nullptr ? fields.required_string("receiver") : fields.string("receiver");
    if (receiver) {
        route.receiver = *receiver;
        route.receiver_mark = fields.node("receiver")->mark;
    }
    read_group_by(fields, route);
    read_times(fields, route);
    read_matchers(fields, route);
    route.continue_ = fields.boolean("continue").value_or(false);
    if (parent == nullptr) {
        if (!route.matchers.empty()) diagnostics_.error(node.mark, "the root route matches every alert and must not have matchers");
        if (route.continue_) diagnostics_.error(node.mark, "the root route has no siblings: `continue` means nothing there");
        if (!route.mute_time_intervals.empty() || !route.active_time_intervals.empty()) {
            diagnostics_.error(node.mark, "the root route must not have time intervals");
        }
    }
    route.key = (parent == nullptr ? std::string{} : parent->key + "/") + format_matchers(route.matchers);
    fields.each("routes", [&](const doc::Node& child) {
        Route decoded;
        read(child, &route, depth + 1, decoded);
        route.routes.push_back(std::move(decoded));
    });
    fields.finish();
}

void check_names(const Route& route, const Route* parent, const std::vector<std::string>& receivers,
                 const std::vector<std::string>& intervals, doc::Diagnostics& diagnostics) {
    const auto check = [&](const std::string& name, std::string_view what, const std::vector<std::string>& known) {
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        const auto near = doc::nearest(name, known);
        diagnostics.error(route.receiver_mark, std::string(what) + " \"" + name + "\" is not defined" +
                                                   (near.empty() ? std::string{} : "; did you mean \"" + near + "\"?"));
    };
    // An inherited name was reported where it stands.
    const bool inherited = parent != nullptr && parent->receiver == route.receiver && parent->receiver_mark == route.receiver_mark;
    if (!inherited) check(route.receiver, "receiver", receivers);
    for (const auto& name : route.mute_time_intervals) check(name, "time interval", intervals);
    for (const auto& name : route.active_time_intervals) check(name, "time interval", intervals);
    for (const auto& child : route.routes) check_names(child, &route, receivers, intervals, diagnostics);
}

}  // namespace

std::vector<const Route*> Route::match(const Labels& labels) const {
    std::vector<const Route*> found;
    collect_matches(*this, labels, found);
    return found;
}

Labels Route::group_labels(const Labels& labels) const {
    if (group_by_all) return labels;
    Labels found;
    for (const auto& name : group_by) {
        const auto it = labels.find(name);
        if (it != labels.end()) found.insert(*it);
    }
    return found;
}

std::optional<Route> decode_route(const doc::Node& node, doc::Diagnostics& diagnostics) {
    doc::Diagnostics own(diagnostics.file());
    Route root;
    Decoder(own).read(node, nullptr, 1, root);
    diagnostics.append(own);
    if (!own.ok()) return {};
    return root;
}

void check_route_names(const Route& root, const std::vector<std::string>& receivers, const std::vector<std::string>& intervals,
                       doc::Diagnostics& diagnostics) {
    check_names(root, nullptr, receivers, intervals, diagnostics);
}

}  // namespace vigie::alerts
