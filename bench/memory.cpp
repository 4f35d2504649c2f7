// What the windows of 10,000 brands weigh: bytes for each brand by volume, and resident memory, after a week of mentions; and what a whole
// vigied takes right after its start, with up to 5,000 brands: 10,000 such brands would be more than the megabyte that one configuration
// file may have.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "support/posts.hpp"
#include "support/vigied.hpp"
#include "support/work_dir.hpp"
#include "support/zipf_load.hpp"

using namespace vigie;
using namespace vigie::detect;

namespace {

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    statm >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// In a process of its own: memory that an earlier question gave back would hide what this one takes.
void weigh(std::string_view what, std::size_t brands, const std::vector<double>& per_hour, const std::vector<Selector>& selectors) {
    std::fflush(stdout);
    if (const pid_t child = fork(); child != 0) {
        waitpid(child, nullptr, 0);
        return;
    }
    bench::ZipfLoad load(brands, per_hour);
    const double before = resident_bytes();
    Windows windows(load.brands(), selectors);
    load.fill(windows);
    const auto each = [&](double bytes) { return bytes / static_cast<double>(brands); };
    fmt::print("{:<48} {:8.0f} B counted {:8.0f} B resident\n", what, each(static_cast<double>(windows.memory())),
               each(resident_bytes() - before));
    std::fflush(stdout);
    _exit(0);
}

/// `count` brands with five aliases, four rules, no mention yet.
void weigh_daemon(std::size_t count) {
    const bench::WorkDir dir;
    std::string rules = "groups:\n  - name: bench\n    rules:\n";
    for (const char* const expr : {"mentions[1h] >= 1000", "negative[1h] >= 100", "reposts[1h] >= 500", "authors[1h] >= 500"})
        rules += fmt::format("      - alert: Busy{}\n        expr: {}\n        labels: {{severity: warning}}\n", rules.size(), expr);
    bench::Vigied daemon(dir, bench::brands_yaml(count) + "sources:\n  - {name: push, kind: push}\n", rules);
    fmt::print("vigied, {:>6} brands with 5 aliases, 4 rules: {:6.1f} MB resident, ready after {:.2f} s\n", count,
               daemon.process().resident_bytes() / 1e6, daemon.seconds_to_ready());
    daemon.process().stop();
}

}  // namespace

int main() {
    const auto usual = bench::usual_selectors();
    fmt::print("{} selectors:", usual.size());
    for (const Selector& selector : usual) fmt::print(" {}", format_selector(selector));
    fmt::print("\nfor each brand:\n");
    weigh("10,000 brands, 80/18/2 %", 10'000, {}, usual);
    weigh("5,000 brands at 0.1 mentions/h", 5'000, {0.1}, usual);
    weigh("2,000 brands at 10 mentions/h", 2'000, {10}, usual);
    weigh("100 brands at 1,000 mentions/h", 100, {1000}, usual);
    weigh("10,000 brands without mentions", 10'000, {0}, usual);
    weigh("1,000 brands, 80/18/2 %, 50 series to 7 d", 1'000, {}, bench::fifty_series());
    fmt::print("resident memory of this process, without any: {:.1f} MB\n", resident_bytes() / 1e6);
    try {
        for (const std::size_t count : {std::size_t{1}, std::size_t{1000}, std::size_t{5000}}) weigh_daemon(count);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return 1;
    }
    return 0;
}
