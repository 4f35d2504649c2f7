// A folder for the time of a measurement, on the disk that is measured: below the current directory.
// Thread-safety: one owner.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vigie::bench {

class WorkDir {
public:
    WorkDir() {
        std::string name = (std::filesystem::current_path() / "vigie-bench-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder here: " + name);
        path_ = name;
    }
    ~WorkDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    WorkDir(const WorkDir&) = delete;
    WorkDir& operator=(const WorkDir&) = delete;

    std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }
    /// Writes a file, and the folders that lead to it.
    std::string put(std::string_view name, std::string_view text) const {
        const std::string where = path(name);
        std::filesystem::create_directories(std::filesystem::path(where).parent_path());
        std::ofstream out(where, std::ios::binary);
        out << text;
        out.close();
        if (!out) throw std::runtime_error("cannot write " + where);
        return where;
    }

private:
    std::string path_;
};

}  // namespace vigie::bench
