// A program that runs beside the measurement, and dies with it.
// Thread-safety: one owner.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace vigie::bench {

class Child {
public:
    /// `arguments[0]` is the program, looked up in PATH if it has no '/'. Both outputs go to the file `output`. Throws if it cannot start.
    Child(const std::vector<std::string>& arguments, const std::string& output);
    /// Kills it if it still runs.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    bool running();
    /// SIGTERM, and SIGKILL if it has not ended within `seconds`.
    void stop(int seconds = 20);
    /// Its exit code; -1 if a signal ended it. Waits.
    int wait();
    /// Resident memory now; 0 if it has ended.
    double resident_bytes() const;
    /// Processor time so far, of all its threads, in seconds.
    double cpu_seconds() const;

private:
    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

/// The folder of the program that runs: where `vigied` and `vigie` are built too.
std::string program_folder();
/// Whether PATH holds a program of this name.
bool has_program(const std::string& name);

}  // namespace vigie::bench
