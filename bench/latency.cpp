// From a pushed item to the webhook on the wire:
//     bench_latency [samples]          (400; works in the current folder)
// A real vigied with a brand for each sample and a rule that fires at a brand's first mention, a route without group_wait, and a webhook to
// a socket of this program. One item is pushed, its webhook awaited, then the next.
#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "support/figures.hpp"
#include "support/hook.hpp"
#include "support/posts.hpp"
#include "support/vigied.hpp"
#include "support/wire.hpp"
#include "support/work_dir.hpp"

using namespace vigie;
using namespace vigie::bench;

namespace {

const char* const rules =
    "groups:\n  - name: bench\n    rules:\n      - alert: Named\n        expr: mentions[1h] >= 1\n        limit: 10000\n        labels: "
    "{severity: critical}\n";

void print(std::string_view name, const std::vector<double>& all, std::string_view aim = "") {
    fmt::print("{:<28} p50 {:>7.2f} ms   p90 {:>7.2f} ms   p99 {:>7.2f} ms   max {:>7.2f} ms{}\n", name, percentile(all, 0.5),
               percentile(all, 0.9), percentile(all, 0.99), percentile(all, 1), aim);
}

void measure(std::size_t samples) {
    const WorkDir dir;
    Hook hook;
    const std::string yaml =
        brands_yaml(samples + 1) + "sources:\n  - {name: push, kind: push}\n" +
        "route: {receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}\nreceivers:\n" +
        fmt::format("  - name: hook\n    webhook_configs: [{{url: \"http://127.0.0.1:{}/\", allow_private: true}}]\n", hook.port());
    Vigied daemon(dir, yaml, rules);
    Wire wire(daemon.port());
    std::vector<double> stored, told, whole;
    for (std::size_t i = 0; i <= samples; ++i) {
        const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
        Posts posts(samples + 1, now);
        std::string line = posts.line_about(i, now);
        // Each Posts begins its ids anew.
        line.replace(line.find("mastodon/1"), 10, fmt::format("mastodon/{}", i + 1));
        const std::string request = http_request("POST", "/api/v1/items", "application/x-ndjson", line);
        const auto begin = Steady::now();
        const HttpAnswer answer = http_exchange(wire, request);
        const auto acknowledged = Steady::now();
        if (answer.status != 202 || answer.body.find("\"accepted\":1,") == std::string::npos)
            throw std::runtime_error(fmt::format("vigied answers {}: {}", answer.status, answer.body.substr(0, 500)));
        const std::optional<Hook::Arrival> arrival = hook.next(std::chrono::seconds(20));
        if (!arrival || arrival->body.find(brand_name(i)) == std::string::npos)
            throw std::runtime_error("no webhook came for " + brand_name(i));
        // The first opens the connection and reads the models in.
        if (i == 0) continue;
        stored.push_back(milliseconds(acknowledged - begin));
        told.push_back(milliseconds(arrival->at - acknowledged));
        whole.push_back(milliseconds(arrival->at - begin));
    }
    daemon.process().stop();
    fmt::print("{} samples\n", whole.size());
    print("push -> webhook on the wire", whole, "   (aim: p50 30, p99 100)");
    print("  push -> 202 (synced)", stored);
    print("  202 -> webhook", told);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t samples = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 400;
    if (samples == 0 || samples > 9000) {
        fmt::print(stderr, "usage: bench_latency [samples], 1 to 9000\n");
        return 2;
    }
    try {
        measure(samples);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return 1;
    }
    return 0;
}
