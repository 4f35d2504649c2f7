#include "text/section.hpp"

#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>

#include "support/child.hpp"
#include "support/work_dir.hpp"

namespace vigie::bench {
namespace {

/// Processor time of this thread: what else runs on the machine counts for less.
double cpu_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::string grouped(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

}  // namespace

std::vector<Labelled> read_labelled(const std::string& path) {
    std::vector<Labelled> all;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        const std::size_t tab = line.find('\t');
        if (tab != std::string::npos) all.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
    if (all.empty()) fmt::print(stderr, "nothing to read in {}\n", path);
    return all;
}

std::vector<Labelled> read_posts(const TextOptions& options) {
    std::vector<Labelled> posts;
    for (const char* language : {"en", "fr", "de", "es", "it", "pt"}) {
        for (Labelled& one : read_labelled(fmt::format("{}/sentiment/xlmt_{}_val.tsv", options.corpora, language)))
            posts.push_back({language, std::move(one.text)});
    }
    return posts;
}

double microseconds(std::size_t count, int rounds, const std::function<void(std::size_t)>& work) {
    double best = 1e300;
    for (int round = 0; round < rounds; ++round) {
        const double begin = cpu_microseconds();
        for (std::size_t i = 0; i < count; ++i) work(i);
        best = std::min(best, (cpu_microseconds() - begin) / static_cast<double>(std::max<std::size_t>(count, 1)));
    }
    return best;
}

Interval wilson(std::size_t hits, std::size_t of) {
    if (of == 0) return {0, 1};
    constexpr double z = 1.959964;
    const double n = static_cast<double>(of);
    const double p = static_cast<double>(hits) / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Interval bootstrap(std::size_t count, const std::function<double(const std::vector<std::uint32_t>&)>& statistic) {
    constexpr std::size_t resamples = 1000;
    std::mt19937 random(1);
    std::uniform_int_distribution<std::uint32_t> pick(0, static_cast<std::uint32_t>(std::max<std::size_t>(count, 1) - 1));
    std::vector<double> values;
    std::vector<std::uint32_t> indices(count);
    for (std::size_t i = 0; i < resamples; ++i) {
        for (std::uint32_t& index : indices) index = pick(random);
        values.push_back(statistic(indices));
    }
    std::sort(values.begin(), values.end());
    return {values[resamples * 25 / 1000], values[resamples * 975 / 1000 - 1]};
}

double macro_f1(const std::vector<int>& truth, const std::vector<int>& told, int classes) {
    double sum = 0;
    for (int c = 0; c < classes; ++c) {
        std::size_t both = 0, in_truth = 0, in_told = 0;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            both += truth[i] == c && told[i] == c ? 1U : 0U;
            in_truth += truth[i] == c ? 1U : 0U;
            in_told += told[i] == c ? 1U : 0U;
        }
        if (in_truth + in_told > 0) sum += 2 * static_cast<double>(both) / static_cast<double>(in_truth + in_told);
    }
    return sum / classes;
}

std::optional<RivalAnswers> ask_rival(const std::string& script, const std::string& argument, const std::vector<std::string>& texts) {
    const std::string folder = VIGIE_RIVALS;
    if (!has_program("node") || !std::ifstream(folder + "/node_modules/.package-lock.json")) {
        fmt::print("  {} not run: it needs node, and `npm ci` in bench/text/rivals\n", script);
        return std::nullopt;
    }
    const WorkDir dir;
    {
        std::ofstream input(dir.path("texts"));
        for (const std::string& text : texts) input << text << '\n';
    }
    const std::string answers = dir.path("answers");
    Child node({"node", folder + "/" + script, argument, dir.path("texts")}, answers);
    const int code = node.wait();
    std::ifstream in(answers);
    RivalAnswers out;
    std::string line;
    if (std::getline(in, line)) out.microseconds = std::atof(line.c_str());
    while (std::getline(in, line)) out.lines.push_back(line);
    if (code != 0 || out.lines.size() != texts.size()) {
        fmt::print("  {} {} failed (exit {}, {} answers of {}): {}\n", script, argument, code, out.lines.size(), texts.size(),
                   out.lines.empty() ? line : out.lines.front());
        return std::nullopt;
    }
    return out;
}

void print_share(std::string_view dataset, std::string_view what, std::size_t hits, std::size_t of) {
    print_figure(dataset, what, of == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(of), wilson(hits, of), of);
}

void print_figure(std::string_view dataset, std::string_view what, double value, Interval interval, std::size_t of) {
    fmt::print("  {:<34} {:<44} {:.4f} [{:.4f}, {:.4f}] of {}\n", dataset, what, value, interval.low, interval.high, grouped(of));
}

void print_time(std::string_view dataset, std::string_view what, double microseconds) {
    fmt::print("  {:<34} {:<44} {:.2f} us\n", dataset, what, microseconds);
}

}  // namespace vigie::bench
