#include "support/child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace vigie::bench {

Child::Child(const std::vector<std::string>& arguments, const std::string& output) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const int to = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (to < 0) throw std::runtime_error("cannot write " + output);
    pid_ = fork();
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(to, STDOUT_FILENO);
        dup2(to, STDERR_FILENO);
        execvp(argv[0], argv.data());
        _exit(127);
    }
    close(to);
    if (pid_ < 0) throw std::runtime_error("cannot start " + arguments[0]);
}

Child::~Child() {
    if (!running()) return;
    kill(pid_, SIGKILL);
    (void)wait();
}

bool Child::running() {
    if (!ended_ && waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
    return !ended_;
}

void Child::stop(int seconds) {
    if (!running()) return;
    kill(pid_, SIGTERM);
    for (int i = 0; i < seconds * 100 && running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (!running()) return;
    kill(pid_, SIGKILL);
    (void)wait();
}

int Child::wait() {
    if (!ended_ && waitpid(pid_, &status_, 0) == pid_) ended_ = true;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

double Child::resident_bytes() const {
    std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
    double total = 0, resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double Child::cpu_seconds() const {
    std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
    std::string line;
    std::getline(stat, line);
    // The name may hold spaces; it ends with the last parenthesis. User and system time are the 12th and 13th field behind it.
    std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string program_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

bool has_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (access((folder + "/" + name).c_str(), X_OK) == 0) return true;
    }
    return false;
}

}  // namespace vigie::bench
