// How fast recorded time passes:
//     bench_replay CONFIG RECORDS.ndjson [rounds]
// Runs `vigie replay` (beside this program) and prints items a second and multiples of real time, median of the rounds. The whole program
// is timed, its start included.
//     vigie_demo > story.ndjson && bench_replay tools/demo/vigie.yaml story.ndjson
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "support/child.hpp"
#include "support/figures.hpp"
#include "support/work_dir.hpp"
#include "vigie/core/time.hpp"

using namespace vigie;
using namespace vigie::bench;

namespace {

/// The value of a field of the summary line, without quotes.
std::string field(const std::string& line, std::string_view name) {
    const std::size_t at = line.find(fmt::format("\"{}\":", name));
    if (at == std::string::npos) throw std::runtime_error("no summary at the end: " + line.substr(0, 300));
    const std::size_t begin = at + name.size() + 3;
    std::string value = line.substr(begin, line.find_first_of(",}", begin) - begin);
    if (value.starts_with('"')) value = value.substr(1, value.size() - 2);
    return value;
}

std::string last_line(const std::string& file) {
    std::ifstream in(file);
    std::string last;
    for (std::string line; std::getline(in, line);) last = line;
    return last;
}

void measure(const std::string& config, const std::string& records, int rounds) {
    const WorkDir dir;
    std::vector<double> seconds;
    std::string summary;
    for (int round = 0; round < rounds; ++round) {
        const std::string output = dir.path("events" + std::to_string(round));
        const auto begin = Steady::now();
        Child replay({program_folder() + "/vigie", "replay", "--config", config, "--input", records}, output);
        if (const int code = replay.wait(); code != 0)
            throw std::runtime_error(fmt::format("vigie replay ends with {}: {}", code, last_line(output)));
        seconds.push_back(milliseconds(Steady::now() - begin) / 1000);
        summary = last_line(output);
    }
    const Result<Time> from = parse_time(field(summary, "from"));
    const Result<Time> to = parse_time(field(summary, "to"));
    if (!from || !to) throw std::runtime_error("the summary has no times: " + summary);
    const double items = std::strtod(field(summary, "records").c_str(), nullptr);
    const double span = static_cast<double>((*to - *from).count()) / 1000;
    const double middle = median(seconds);
    fmt::print("{:.0f} records over {:.1f} days in {:.2f} s: {:.0f} records/s, {:.0f} times real time (median of {}; fastest {:.2f} s)\n",
               items, span / 86'400, middle, items / middle, span / middle, rounds, percentile(seconds, 0));
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
    if (argc < 3 || rounds < 1) {
        fmt::print(stderr, "usage: bench_replay CONFIG RECORDS.ndjson [rounds]\n");
        return 2;
    }
    try {
        measure(argv[1], argv[2], rounds);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return 1;
    }
    return 0;
}
