// Mentions a second from the socket to the disk, against the disk alone and against redis, in one run:
//     bench_ingest [mentions [rounds]]          (100000 and 3; works in the current folder, on the disk that is to be measured)
// - vigied: items of 1 kB as NDJSON, 500 in a request, over HTTP on one or two connections with one request in flight each, until the 202
//   that follows the synced write: 1,000 brands with five aliases each, one rule.
// - storage only: the same number of keys and bytes for each mention, put straight into RocksDB, one synced write for 500 (store_only.hpp).
// - redis-server, appendfsync always, two connections, batches of 500: ZADD NX, 6 HINCRBY and SET of 1 kB for each mention, once with a
//   MULTI for each mention, once with one for the whole batch, which asks less of it.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>

#include "store_only.hpp"
#include "support/child.hpp"
#include "support/figures.hpp"
#include "support/posts.hpp"
#include "support/vigied.hpp"
#include "support/wire.hpp"
#include "support/work_dir.hpp"

using namespace vigie;
using namespace vigie::bench;

namespace {

constexpr std::size_t batch_size = 500;
constexpr std::size_t brand_count = 1000;
constexpr std::size_t line_bytes = 1000;
/// What a line of `line_bytes` carries as text.
constexpr std::size_t text_bytes = 700;
/// No round begins after this.
constexpr std::chrono::seconds enough{130};

const char* const rules =
    "groups:\n  - name: bench\n    rules:\n      - alert: Busy\n        expr: mentions[1h] >= 10000\n        labels: {severity: warning}\n";

double own_cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Sends every batch, each connection the next one as soon as its last is acknowledged.
Round send_all(std::uint16_t port, std::size_t connections, std::size_t batches, const std::function<void(Wire&, std::size_t)>& send) {
    std::vector<std::vector<double>> took(connections);
    std::vector<std::exception_ptr> failed(connections);
    const auto begin = Steady::now();
    std::vector<std::thread> threads;
    for (std::size_t c = 0; c < connections; ++c) {
        threads.emplace_back([&, c] {
            try {
                Wire wire(port);
                for (std::size_t b = c; b < batches; b += connections) {
                    const auto before = Steady::now();
                    send(wire, b);
                    took[c].push_back(milliseconds(Steady::now() - before));
                }
            } catch (...) {
                failed[c] = std::current_exception();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const auto whole = Steady::now() - begin;
    for (const std::exception_ptr& one : failed) {
        if (one) std::rethrow_exception(one);
    }
    std::vector<double> all;
    for (const auto& some : took) all.insert(all.end(), some.begin(), some.end());
    return round_of(std::move(all), batches * batch_size, whole);
}

class Ingest {
public:
    explicit Ingest(std::size_t mentions) : batches_(mentions / batch_size) {
        const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
        Posts posts(brand_count, now - std::chrono::minutes(1));
        for (std::size_t b = 0; b < batches_; ++b) {
            std::string body;
            for (std::size_t i = 0; i < batch_size; ++i) body += posts.line(line_bytes);
            requests_.push_back(http_request("POST", "/api/v1/items", "application/x-ndjson", body));
        }
    }

    Round vigied(std::size_t connections) {
        Vigied daemon(dir_, brands_yaml(brand_count) + "sources:\n  - {name: push, kind: push}\n", rules);
        const double at_start = daemon.process().cpu_seconds();
        const std::string expected = fmt::format("\"accepted\":{},", batch_size);
        const Round round = send_all(daemon.port(), connections, batches_, [&](Wire& wire, std::size_t batch) {
            const HttpAnswer answer = http_exchange(wire, requests_[batch]);
            if (answer.status != 202 || answer.body.find(expected) == std::string::npos)
                throw std::runtime_error(fmt::format("vigied answers {}: {}", answer.status, answer.body.substr(0, 500)));
        });
        count_cpu(daemon.process().cpu_seconds() - at_start);
        daemon.process().stop();
        return round;
    }
    /// What the last way took of the processor, in all threads of the one that stores: it says more than a rate where others use the
    /// machine.
    double cpu_us_a_mention() const { return cpu_us_; }

    Round storage_only() {
        StoreOnly how;
        how.directory = dir_.path("store-only");
        how.mentions = batches_ * batch_size;
        how.batch = batch_size;
        how.text_bytes = text_bytes;
        how.brands = brand_count;
        const double at_start = own_cpu_seconds();
        const Result<StoreFigures> figures = store_only(how);
        count_cpu(own_cpu_seconds() - at_start);
        if (!figures) throw std::runtime_error(figures.error().text());
        return {figures->mentions_per_second, figures->p50_ms, figures->p99_ms};
    }

    Round redis(bool multi_for_each) {
        const std::uint16_t port = free_port();
        const std::string folder = dir_.path("redis");
        std::filesystem::create_directories(folder);
        Child server({"redis-server", "--port", std::to_string(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly",
                      "yes", "--appendfsync", "always"},
                     dir_.path("redis-log"));
        wait_for(port);
        std::vector<std::string> commands;
        for (std::size_t batch = 0; batch < batches_; ++batch) commands.push_back(redis_commands(batch, multi_for_each));
        const std::size_t replies = multi_for_each ? batch_size * 10 : batch_size * 8 + 2;
        const Round round =
            send_all(port, 2, batches_, [&](Wire& wire, std::size_t batch) { resp_exchange(wire, commands[batch], replies); });
        count_cpu(server.cpu_seconds());
        server.stop();
        std::filesystem::remove_all(folder);
        return round;
    }

private:
    void count_cpu(double seconds) { cpu_us_ = seconds * 1e6 / static_cast<double>(batches_ * batch_size); }

    static void wait_for(std::uint16_t port) {
        for (int i = 0; i < 1000; ++i) {
            try {
                Wire wire(port);
                resp_exchange(wire, "*1\r\n$4\r\nPING\r\n", 1);
                return;
            } catch (const std::runtime_error&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        }
        throw std::runtime_error("redis-server does not get ready");
    }

    std::string redis_commands(std::size_t batch, bool multi_for_each) const {
        const auto multi = [](std::string& out) { append_resp(out, {"MULTI"}); };
        const auto exec = [](std::string& out) { append_resp(out, {"EXEC"}); };
        std::string out;
        out.reserve(batch_size * (line_bytes + 700));
        std::string_view lines = requests_[batch];
        lines.remove_prefix(lines.find("\r\n\r\n") + 4);
        if (!multi_for_each) multi(out);
        for (std::size_t i = 0; i < batch_size; ++i) {
            const std::size_t number = batch * batch_size + i;
            const std::string id = fmt::format("mastodon/{}", number);
            const std::string time = std::to_string(1'772'000'000'000 + number / 4);
            // The same Zipf as the posts have would need their brands; the square of a uniform number is as uneven.
            const std::size_t draw = number * 7919 % 1000;
            const std::string bucket = fmt::format("b:{}:{}", draw * draw / 1000, number / 4 / 60'000);
            const std::string_view line = lines.substr(0, lines.find('\n'));
            lines.remove_prefix(line.size() + 1);
            if (multi_for_each) multi(out);
            append_resp(out, {"ZADD", "seen", "NX", time, id});
            for (const std::string_view field : {"mentions", "negative", "reach", "engagement", "authors", "reposts"})
                append_resp(out, {"HINCRBY", bucket, field, "1"});
            append_resp(out, {"SET", "p:" + id, line});
            if (multi_for_each) exec(out);
        }
        if (!multi_for_each) exec(out);
        return out;
    }

    WorkDir dir_;
    std::size_t batches_;
    std::vector<std::string> requests_;
    double cpu_us_ = 0;
};

struct Way {
    std::string name;
    std::function<Round()> run;
    std::vector<Round> rounds;
};

void print(std::string_view name, const Round& round, std::string_view more = "") {
    fmt::print("{:<36} {:>8.0f} mentions/s   batch p50 {:>7.2f} ms  p99 {:>7.2f} ms{}\n", name, round.mentions_per_second, round.p50_ms,
               round.p99_ms, more);
    std::fflush(stdout);
}

void measure(std::size_t mentions, std::size_t rounds) {
    Ingest ingest(mentions);
    std::vector<Way> ways{{"vigied, 2 connections", [&] { return ingest.vigied(2); }, {}},
                          {"storage only", [&] { return ingest.storage_only(); }, {}},
                          {"vigied, 1 connection", [&] { return ingest.vigied(1); }, {}}};
    if (has_program("redis-server")) {
        ways.push_back({"redis, a MULTI for each mention", [&] { return ingest.redis(true); }, {}});
        ways.push_back({"redis, a MULTI for each batch", [&] { return ingest.redis(false); }, {}});
    } else {
        fmt::print("redis-server is not installed: left out\n");
    }
    const auto begin = Steady::now();
    for (std::size_t round = 0; round < rounds && Steady::now() - begin < enough; ++round) {
        for (Way& way : ways) {
            way.rounds.push_back(way.run());
            print(way.name, way.rounds.back(), fmt::format("   {:.0f} us of CPU a mention", ingest.cpu_us_a_mention()));
        }
    }
    fmt::print("medians of {} rounds, {} mentions each, batches of {}:\n", ways[0].rounds.size(), mentions, batch_size);
    std::vector<double> rates;
    for (const Way& way : ways) {
        const Round middle = median_of(way.rounds);
        print("  " + way.name, middle);
        rates.push_back(middle.mentions_per_second);
    }
    fmt::print("vigied / storage only                    {:5.2f}   (aim: at least 0.5)\n", rates[0] / rates[1]);
    if (rates.size() < 5) return;
    fmt::print("vigied / redis, a MULTI for each mention {:5.2f}   (aim: at least 2)\n", rates[0] / rates[3]);
    fmt::print("vigied / redis, a MULTI for each batch   {:5.2f}   (aim: at least 2)\n", rates[0] / rates[4]);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t mentions = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
    const std::size_t rounds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 3;
    if (mentions < batch_size || rounds == 0) {
        fmt::print(stderr, "usage: bench_ingest [mentions [rounds]], at least {} mentions and 1 round\n", batch_size);
        return 2;
    }
    try {
        measure(mentions, rounds);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return 1;
    }
    return 0;
}
