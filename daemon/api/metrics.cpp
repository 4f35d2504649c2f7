#include "api/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace vigie::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

class Families {
public:
    MetricFamily& counter(const std::string& name, const std::string& help) { return family(name, help, MetricType::Counter); }
    MetricFamily& gauge(const std::string& name, const std::string& help) { return family(name, help, MetricType::Gauge); }
    const std::vector<MetricFamily>& all() const { return families_; }

private:
    MetricFamily& family(const std::string& name, const std::string& help, MetricType type) {
        MetricFamily one;
        one.name = name;
        one.help = help;
        one.type = type;
        families_.push_back(std::move(one));
        return families_.back();
    }
    std::vector<MetricFamily> families_;
};

void add(MetricFamily& family, double value, const MetricLabels& labels = {}) {
    ClientMetric metric;
    for (const auto& [name, text] : labels) metric.label.push_back({name, text});
    if (family.type == MetricType::Counter)
        metric.counter.value = value;
    else
        metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
}

double number(std::uint64_t value) {
    return static_cast<double>(value);
}
double seconds(Duration d) {
    return static_cast<double>(d.count()) / 1000;
}

void add_intake(Families& out, const engine::Totals& totals) {
    MetricFamily& items = out.counter("vigie_items_total", "Items that came in, by what became of them.");
    add(items, number(totals.items_accepted), {{"outcome", "accepted"}});
    add(items, number(totals.items_duplicate), {{"outcome", "duplicate"}});
    add(items, number(totals.items_unmatched), {{"outcome", "unmatched"}});
    add(items, number(totals.items_too_old), {{"outcome", "too_old"}});
    add(items, number(totals.items_rejected), {{"outcome", "rejected"}});
    add(out.counter("vigie_submissions_refused_total", "Submissions answered with 503, because the queue was full or the disk nearly so."),
        number(totals.submissions_refused));
    add(out.counter("vigie_polls_total", "Polls of sources."), number(totals.polls));
    add(out.counter("vigie_poll_failures_total", "Polls that failed."), number(totals.poll_failures));
}

void add_sources(Families& out, const engine::StatusView& status, const std::vector<engine::SourceView>& sources) {
    MetricFamily& healthy = out.gauge("vigie_source_healthy", "0 where the source failed when last asked, or is gone.");
    for (const auto& source : sources) add(healthy, source.state == "failing" || source.state == "gone" ? 0 : 1, {{"source", source.name}});
    MetricFamily& age = out.gauge("vigie_source_last_success_age_seconds", "Time since the source last answered.");
    for (const auto& source : sources) {
        if (source.last_success) add(age, seconds(status.now - *source.last_success), {{"source", source.name}});
    }
    MetricFamily& items = out.counter("vigie_source_items_total", "Items that the source yielded.");
    for (const auto& source : sources) add(items, number(source.items), {{"source", source.name}});
}

void add_alerts(Families& out, const engine::StatusView& status, const engine::Totals& totals) {
    MetricFamily& alerts = out.gauge("vigie_alerts", "Alerts, by state.");
    add(alerts, number(status.firing), {{"state", "firing"}});
    add(alerts, number(status.pending), {{"state", "pending"}});
    MetricFamily& transitions = out.counter("vigie_alert_transitions_total", "Changes of alert states, by the new state.");
    for (const auto& [state, count] : totals.transitions) add(transitions, number(count), {{"state", state}});
    MetricFamily& deliveries = out.counter("vigie_deliveries_total", "Tries to deliver a notification, by outcome.");
    for (const auto& [outcome, count] : totals.deliveries) add(deliveries, number(count), {{"outcome", outcome}});
    MetricFamily& waiting = out.gauge("vigie_outbox_waiting", "Notifications that a receiver has not acknowledged.");
    for (const auto& queue : status.queues) add(waiting, number(queue.waiting), {{"integration", queue.integration}});
    MetricFamily& oldest = out.gauge("vigie_outbox_oldest_undelivered_seconds", "Age of the oldest of them; 0 where there is none.");
    for (const auto& queue : status.queues)
        add(oldest, queue.oldest ? seconds(status.now - *queue.oldest) : 0, {{"integration", queue.integration}});
    MetricFamily& dead = out.gauge("vigie_outbox_dead_letters", "Notifications that were given up.");
    for (const auto& queue : status.queues) add(dead, number(queue.dead_letters), {{"integration", queue.integration}});
}

}  // namespace

std::string metrics_text(const engine::StatusView& status, const engine::Totals& totals, const std::vector<engine::SourceView>& sources) {
    Families out;
    add(out.gauge("vigie_build_info", "The running version."), 1, {{"version", status.version}});
    add(out.gauge("vigie_start_time_seconds", "When the daemon started, in seconds since 1970."),
        static_cast<double>(to_millis(status.started)) / 1000);
    add_intake(out, totals);
    add_sources(out, status, sources);
    add_alerts(out, status, totals);
    add(out.gauge("vigie_intake_accepting", "Whether intake is taken: 0 while the disk is nearly full."), status.accepts_intake ? 1 : 0);
    add(out.gauge("vigie_intake_waiting_items", "Items that wait for the ledger."), number(status.waiting_items));
    add(out.counter("vigie_mentions_total", "Mentions counted over the store's life."), number(status.store.mentions));
    add(out.gauge("vigie_store_disk_bytes", "Size of the store on disk."), number(status.store.disk_bytes));
    add(out.gauge("vigie_store_free_bytes", "Free space where the store lies."), number(status.store.free_bytes));
    add(out.gauge("vigie_windows_bytes", "Memory of the sliding windows."), number(status.windows_bytes));
    add(out.gauge("vigie_brands", "Brands that are watched."), number(status.brands));
    add(out.gauge("vigie_rules", "Rules that are evaluated."), number(status.rules));
    MetricFamily& reloads = out.counter("vigie_config_reloads_total", "Reloads of the configuration, by outcome.");
    add(reloads, number(totals.reloads), {{"outcome", "success"}});
    add(reloads, number(totals.reload_failures), {{"outcome", "failure"}});
    add(out.counter("vigie_problems_total", "Failures that did not end the work; the log says which."), number(totals.problems));
    return prometheus::TextSerializer().Serialize(out.all());
}

}  // namespace vigie::api
