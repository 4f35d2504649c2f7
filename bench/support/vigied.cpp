#include "support/vigied.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "support/figures.hpp"
#include "support/wire.hpp"

namespace vigie::bench {
namespace {

std::string write_configuration(const WorkDir& dir, const std::string& yaml, const std::string& rules, std::uint16_t port) {
    std::filesystem::remove_all(dir.path("data"));
    std::filesystem::create_directories(dir.path("data"));
    dir.put("rules/bench.yaml", rules);
    return dir.put("vigie.yaml", fmt::format("listen: 127.0.0.1:{}\ndata_dir: data\nrules: [rules/*.yaml]\n{}", port, yaml));
}

std::string last_of(const std::string& file) {
    std::ifstream in(file);
    std::string text(std::istreambuf_iterator<char>(in), {});
    return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

}  // namespace

Vigied::Vigied(const WorkDir& dir, const std::string& yaml, const std::string& rules)
    : port_(free_port()),
      child_({program_folder() + "/vigied", "--config", write_configuration(dir, yaml, rules, port_)}, dir.path("log")) {
    wait_until_ready(dir.path("log"));
}

void Vigied::wait_until_ready(const std::string& log) {
    const std::string request = http_request("GET", "/-/ready", "", "");
    const auto begin = Steady::now();
    while (Steady::now() - begin < std::chrono::seconds(60) && child_.running()) {
        try {
            Wire wire(port_);
            if (http_exchange(wire, request).status == 200) {
                seconds_to_ready_ = milliseconds(Steady::now() - begin) / 1000;
                return;
            }
        } catch (const std::runtime_error&) {
            // Nobody listens yet.
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw std::runtime_error("vigied does not get ready:\n" + last_of(log));
}

}  // namespace vigie::bench
