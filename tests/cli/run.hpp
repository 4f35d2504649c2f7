// Runs `vigie` within the test: its exit code, and what it wrote.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "vigie/cli/cli.hpp"

namespace vigie::cli::test {

struct Outcome {
    int code = -1;
    std::string out, err;
};

/// Leads a standard stream into a temporary file while it lives.
class Captured {
public:
    explicit Captured(std::FILE* stream) : stream_(stream), file_(std::tmpfile()) {
        REQUIRE(file_ != nullptr);
        std::fflush(stream_);
        kept_ = ::dup(::fileno(stream_));
        REQUIRE(::dup2(::fileno(file_), ::fileno(stream_)) >= 0);
    }
    ~Captured() {
        if (kept_ >= 0) (void)take();
        std::fclose(file_);
    }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;
    std::string take() {
        std::fflush(stream_);
        (void)::dup2(kept_, ::fileno(stream_));
        ::close(kept_);
        kept_ = -1;
        std::rewind(file_);
        std::string text;
        char buffer[4096];
        while (const std::size_t read = std::fread(buffer, 1, sizeof buffer, file_)) text.append(buffer, read);
        return text;
    }

private:
    std::FILE* stream_;
    std::FILE* file_;
    int kept_ = -1;
};

inline Outcome run_vigie(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "vigie");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    Outcome outcome;
    Captured out(stdout), err(stderr);
    outcome.code = vigie_main(static_cast<int>(arguments.size()), argv.data());
    std::cout.flush();
    outcome.out = out.take();
    outcome.err = err.take();
    return outcome;
}

class Folder {
public:
    Folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ + "/" + name) << text;
        return path_ + "/" + name;
    }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_ = (std::filesystem::temp_directory_path() / "vigie-cli-XXXXXX").string();
};

}  // namespace vigie::cli::test
