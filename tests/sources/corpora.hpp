// The corpora of feeds, found through VIGIE_CORPORA.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace corpora {

/// The folder of feeds; nothing where the variable is not set.
inline std::optional<std::filesystem::path> feeds() {
    const char* root = std::getenv("VIGIE_CORPORA");
    if (root == nullptr) return std::nullopt;
    std::filesystem::path path = std::filesystem::path(root) / "feeds";
    if (!std::filesystem::is_directory(path)) return std::nullopt;
    return path;
}

inline std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::vector<std::filesystem::path> files_under(const std::filesystem::path& root) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace corpora
