// What a window costs: nanoseconds for each add, read and tick, over 10,000 brands whose volume follows Zipf's 80/18/2.
// CPU time of this thread, median of seven rounds.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "support/zipf_load.hpp"

using namespace vigie;
using namespace vigie::detect;

namespace {

double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double median_ns(const std::function<std::size_t()>& round) {
    std::vector<double> each;
    for (int i = 0; i < 7; ++i) {
        const double start = cpu_ns();
        const std::size_t n = round();
        each.push_back((cpu_ns() - start) / static_cast<double>(std::max<std::size_t>(n, 1)));
    }
    std::nth_element(each.begin(), each.begin() + 3, each.end());
    return each[3];
}

}  // namespace

int main() {
    bench::ZipfLoad load(10'000);
    Windows windows(load.brands(), bench::usual_selectors());
    load.fill(windows);
    const auto selector_count = static_cast<SelectorId>(windows.selectors().size());
    double sum = 0;

    Windows none(load.brands(), {});
    const double making = median_ns([&] { return load.minutes(none, 10); });
    const double add = median_ns([&] { return load.minutes(windows, 10); }) - making;
    const double tick = median_ns([&] {
        for (int i = 0; i < 10; ++i) load.tick(windows);
        return std::size_t{10};
    });
    const auto read_all = [&] {
        for (BrandIndex b = 0; b < load.brands(); ++b) {
            for (SelectorId s = 0; s < selector_count; ++s) sum += windows.read(b, s).value_or(0);
        }
        return load.brands() * selector_count;
    };
    read_all();
    const double read = median_ns(read_all);
    const double read_after_tick = median_ns([&] {
        load.tick(windows);
        return read_all();
    });
    std::vector<double> by_selector;
    for (SelectorId s = 0; s < selector_count; ++s) {
        // The busiest brand: its windows hold most.
        by_selector.push_back(median_ns([&] {
            for (int i = 0; i < 10'000; ++i) sum += windows.read(0, s).value_or(0);
            return std::size_t{10'000};
        }));
    }
    double begun = cpu_ns();
    const std::string snapshot = windows.snapshot(1);
    const double saving = cpu_ns() - begun;
    begun = cpu_ns();
    const bool restored = Windows::restore(snapshot, load.brands(), windows.selectors(), 1).ok();
    const double restoring = cpu_ns() - begun;
    fmt::print("add (one mention, {} selectors)        {:8.0f} ns\n", selector_count, add);
    fmt::print("  beside making its random bucket      {:8.0f} ns\n", making);
    fmt::print("advance by a minute, 10,000 brands     {:8.0f} ns\n", tick);
    fmt::print("read                                   {:8.1f} ns\n", read);
    fmt::print("read, first after a minute has passed  {:8.1f} ns   ({:.2f} ms for all brands and selectors)\n", read_after_tick,
               read_after_tick * static_cast<double>(load.brands() * selector_count) / 1e6);
    fmt::print("snapshot, {:.1f} MB                       {:8.0f} ms\n", static_cast<double>(snapshot.size()) / 1e6, saving / 1e6);
    fmt::print("restore ({})                           {:8.0f} ms\n", restored ? "good" : "FAILED", restoring / 1e6);
    for (SelectorId s = 0; s < selector_count; ++s) {
        fmt::print("  busiest brand, {:<22} {:6.1f} ns\n", format_selector(windows.selectors()[s]), by_selector[s]);
    }
    fmt::print("(checksum {:.0f})\n", sum);
}
