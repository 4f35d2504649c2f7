// A temporary folder with the files that a test writes into it.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace vigie::engine::test {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "vigie-engine-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    /// Writes a file, with the folders above it; returns its path.
    std::string write(const std::string& name, const std::string& text) const {
        const std::string path = *this / name;
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

private:
    std::string path_;
};

}  // namespace vigie::engine::test
