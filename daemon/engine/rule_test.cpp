#include "vigie/engine/rule_test.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "engine/simulation.hpp"
#include "vigie/config/environment.hpp"
#include "vigie/config/yaml.hpp"
#include "vigie/rules/test_file.hpp"
#include "vigie/text/matcher.hpp"

namespace vigie::engine {
namespace {

/// The names of all receivers in a route tree.
void collect_receivers(const alerts::Route& route, std::set<std::string>& names) {
    names.insert(route.receiver);
    for (const alerts::Route& child : route.routes) collect_receivers(child, names);
}

/// The route of a test file without one: each alert is told at once, by itself.
alerts::Route default_route() {
    alerts::Route route;
    route.receiver = "default";
    route.group_by_all = true;
    route.group_wait = Duration{0};
    route.key = "{}";
    return route;
}

void refuse_unknown(const doc::Node& node, const char* what, doc::Diagnostics& diagnostics) {
    const bool empty = node.kind == doc::NodeKind::null || (node.kind == doc::NodeKind::sequence && node.items.empty());
    if (!empty) diagnostics.error(node.mark, std::string("this version does not know ") + what + " yet");
}

/// What a test file makes of a configuration. Receivers are simulated, so only their names count.
std::optional<Configuration> configuration_of(const rules::TestFile& file, const std::string& path, std::vector<doc::Diagnostic>& all,
                                              doc::Diagnostics& own) {
    Configuration configuration;
    configuration.settings.file = path;
    configuration.settings.brands = file.brands;
    configuration.settings.timezone = "UTC";
    std::optional<alerts::Route> route = file.route.kind == doc::NodeKind::null ? default_route() : alerts::decode_route(file.route, own);
    refuse_unknown(file.inhibit_rules, "inhibit_rules", own);
    refuse_unknown(file.time_intervals, "time_intervals", own);
    for (const rules::Test& test : file.tests) {
        if (!test.silences.empty()) own.error(test.mark, "this version does not know silences yet");
    }
    if (!route || !own.ok()) return std::nullopt;
    configuration.settings.route = *route;
    std::set<std::string> names;
    collect_receivers(*route, names);
    for (const std::string& name : names) {
        receivers::ReceiverSettings receiver;
        receiver.name = name;
        receiver.log.emplace_back();
        configuration.settings.receivers.push_back(std::move(receiver));
    }
    std::vector<std::string> globs;
    for (const std::string& pattern : file.rule_files) {
        globs.push_back(config::beside(path, pattern));
        if (find_rule_files({globs.back()}).empty()) own.error({}, "no rule file matches " + pattern);
    }
    std::optional<std::vector<rules::Rule>> rules = load_rules(find_rule_files(globs), all);
    Result<text::Matcher> matcher = text::Matcher::build(file.brands);
    if (!matcher) own.error({}, matcher.error().text());
    if (!rules || !own.ok()) return std::nullopt;
    configuration.rules = std::move(*rules);
    configuration.analyser = std::make_shared<text::Analyser>(std::make_shared<const text::Matcher>(std::move(*matcher)));
    return configuration;
}

struct Watcher final : Observer {
    std::vector<alerts::Alert> resolved;
    std::vector<rules::ActualNotification> taken;
    std::vector<std::string> problems;
    void on_transition(const alerts::Transition& transition) override {
        if (transition.alert.state == alerts::State::resolved) resolved.push_back(transition.alert);
    }
    void on_problem(const Error& error) override { problems.push_back(error.text()); }
};

rules::ActualAlert actual(const alerts::Alert& alert) {
    rules::ActualAlert out;
    out.alert = alert.rule.name;
    out.state = std::string(alerts::to_string(alert.state));
    out.labels = alert.labels;
    for (const auto& [name, text] : alert.annotations) out.annotations[name] = std::string(text.bytes());
    return out;
}

rules::ActualNotification actual(const alerts::Notification& notification) {
    rules::ActualNotification out;
    out.receiver = notification.receiver;
    out.status = std::string(alerts::to_string(notification.status));
    std::set<std::string> names;
    for (const alerts::Alert& alert : notification.alerts) names.insert(alert.rule.name);
    out.alerts.assign(names.begin(), names.end());
    return out;
}

/// One step of a test: at equal instants outages and restarts come first, then records, then expectations.
struct Step {
    Time at;
    int order = 0;
    std::function<Result<>(Simulation&)> act;
};

class Run {
public:
    Run(const Configuration& configuration, const rules::Test& test) : configuration_(configuration), test_(test) {}

    std::vector<std::string> differences() {
        plan();
        Time first = test_.start;
        for (const Step& step : steps_) first = std::min(first, step.at);
        auto simulation = Simulation::start(configuration_, first, watcher_);
        if (!simulation) return {simulation.error().text()};
        (*simulation)->on_taken = [this](const delivery::OutboxRow& row, Time) { watcher_.taken.push_back(actual(row.notification)); };
        for (const Step& step : steps_) {
            // Records bring their own time along; everything else happens once all that was due before it has been done.
            if (step.order != records) {
                if (Result<> moved = (*simulation)->advance_to(step.at); !moved) return {moved.error().text()};
            }
            if (Result<> done = step.act(**simulation); !done) return {done.error().text()};
        }
        found_.insert(found_.end(), watcher_.problems.begin(), watcher_.problems.end());
        return std::move(found_);
    }

private:
    static constexpr int switches = 0, records = 1, expectations = 2;

    bool in_outage(const std::string& source, Time at) const {
        return std::any_of(test_.outages.begin(), test_.outages.end(), [&](const rules::TestOutage& outage) {
            return outage.name == source && at >= test_.start + outage.from && at < test_.start + outage.until;
        });
    }

    void add(Time at, int order, std::function<Result<>(Simulation&)> act) { steps_.push_back({at, order, std::move(act)}); }

    void add_input(Time at, store::LedgerInput input) {
        add(at, records, [at, input](Simulation& simulation) { return simulation.take_prepared(input, at); });
    }

    void plan_series(const rules::TestSeries& series) {
        const auto brand = std::find_if(configuration_.settings.brands.begin(), configuration_.settings.brands.end(),
                                        [&](const Brand& one) { return one.name == series.brand; });
        if (brand == configuration_.settings.brands.end()) return;
        const auto index = static_cast<BrandIndex>(brand - configuration_.settings.brands.begin());
        for (AnalysedItem& mention : rules::mentions_of(test_, series, index, *brand)) {
            const Time at = mention.item.published;
            if (in_outage(series.source, at)) continue;
            store::LedgerInput input;
            input.items.push_back(std::move(mention));
            add_input(at, std::move(input));
        }
        for (const Count& count : rules::counts_of(test_, series)) {
            const Time at = count.start + count.span;
            if (in_outage(series.source, at)) continue;
            store::LedgerInput input;
            input.counts.push_back(count);
            add_input(at, std::move(input));
        }
    }

    void plan_item(const rules::TestItem& item) {
        const Time at = test_.start + item.at;
        if (in_outage(item.item.source, at)) return;
        AnalysedItem analysed = configuration_.analyser->analyse_always(item.item);
        if (!item.brand.empty()) {
            analysed.matches.clear();
            for (std::size_t i = 0; i < configuration_.settings.brands.size(); ++i) {
                if (configuration_.settings.brands[i].name == item.brand) analysed.matches.push_back({static_cast<BrandIndex>(i), 0});
            }
        }
        if (item.sentiment) {
            analysed.sentiment.label = *item.sentiment;
            analysed.sentiment.p = {0, 0, 0};
            analysed.sentiment.p[static_cast<std::size_t>(*item.sentiment)] = 1;
        }
        store::LedgerInput input;
        input.items.push_back(std::move(analysed));
        add_input(at, std::move(input));
    }

    void plan() {
        for (const rules::TestSeries& series : test_.series) plan_series(series);
        for (const rules::TestItem& item : test_.items) plan_item(item);
        for (const rules::TestTakedown& takedown : test_.takedowns) {
            store::LedgerInput input;
            input.takedowns.push_back(takedown.takedown);
            add_input(test_.start + takedown.at, std::move(input));
        }
        const auto switch_at = [&](Duration offset, auto act) {
            add(test_.start + offset, switches, [act](Simulation& simulation) -> Result<> { return act(simulation); });
        };
        for (const rules::TestOutage& outage : test_.outages) {
            switch_at(outage.from, [name = outage.name](Simulation& s) {
                s.set_source_failed(name, true);
                return Result<>();
            });
            switch_at(outage.until, [name = outage.name](Simulation& s) {
                s.set_source_failed(name, false);
                return Result<>();
            });
        }
        for (const rules::TestOutage& outage : test_.receiver_outages) {
            switch_at(outage.from, [name = outage.name](Simulation& s) {
                s.set_receiver_down(name, true);
                return Result<>();
            });
            switch_at(outage.until, [name = outage.name](Simulation& s) {
                s.set_receiver_down(name, false);
                return Result<>();
            });
        }
        for (const Duration restart : test_.restarts) switch_at(restart, [](Simulation& s) { return s.restart(); });
        for (const rules::Expectation& expectation : test_.expect) {
            add(test_.start + expectation.at, expectations, [this, &expectation](Simulation& simulation) -> Result<> {
                expect(expectation, simulation);
                return {};
            });
        }
        std::stable_sort(steps_.begin(), steps_.end(),
                         [](const Step& a, const Step& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; });
    }

    void expect(const rules::Expectation& expectation, Simulation& simulation) {
        rules::Actual now;
        for (const alerts::Alert& alert : simulation.core().alerts()) {
            if (alert.state != alerts::State::resolved) now.alerts.push_back(actual(alert));
        }
        for (const alerts::Alert& alert : watcher_.resolved) now.alerts.push_back(actual(alert));
        watcher_.resolved.clear();
        now.notifications = watcher_.taken;
        if (expectation.notifications) watcher_.taken.clear();
        const std::vector<std::string> differences = rules::compare(expectation, now);
        found_.insert(found_.end(), differences.begin(), differences.end());
    }

    const Configuration& configuration_;
    const rules::Test& test_;
    Watcher watcher_;
    std::vector<Step> steps_;
    std::vector<std::string> found_;
};

}  // namespace

std::optional<std::vector<RuleTestResult>> run_rule_tests(const std::string& path, std::vector<doc::Diagnostic>& diagnostics) {
    doc::Diagnostics own(path);
    std::optional<rules::TestFile> file;
    if (const auto node = config::read_yaml_file(path, config::system_environment(), own); node && own.ok())
        file = rules::decode_test_file(*node, own);
    std::optional<Configuration> configuration;
    if (file && own.ok()) configuration = configuration_of(*file, path, diagnostics, own);
    diagnostics.insert(diagnostics.end(), own.all().begin(), own.all().end());
    if (!configuration) return std::nullopt;
    std::vector<RuleTestResult> results;
    for (const rules::Test& test : file->tests) results.push_back({test.name, Run(*configuration, test).differences()});
    return results;
}

}  // namespace vigie::engine
