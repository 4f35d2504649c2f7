// A real daemon for a measurement: a child process in a folder of its own.
// Thread-safety: one owner.
#pragma once

#include <cstdint>
#include <string>

#include "support/child.hpp"
#include "support/work_dir.hpp"

namespace vigie::bench {

class Vigied {
public:
    /// Writes `yaml` (without `listen` and `data_dir`) and the rule file, starts the `vigied` that lies beside this program, and waits
    /// until it is ready. Throws, with its log, if that takes more than 60 s.
    Vigied(const WorkDir& dir, const std::string& yaml, const std::string& rules);

    std::uint16_t port() const { return port_; }
    Child& process() { return child_; }
    double seconds_to_ready() const { return seconds_to_ready_; }

private:
    void wait_until_ready(const std::string& log);

    std::uint16_t port_;
    Child child_;
    double seconds_to_ready_ = 0;
};

}  // namespace vigie::bench
