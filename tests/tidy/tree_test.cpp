// The checks run over the whole project.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tidy/tidy.hpp"

namespace {

namespace fs = std::filesystem;

vigie::tidy::SourceFile read(const fs::path& root, const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return {fs::relative(path, root).generic_string(), text.str()};
}

}  // namespace

TEST_CASE("the project keeps its own rules") {
    const char* root_text = std::getenv("VIGIE_SOURCE_DIR");
    REQUIRE(root_text != nullptr);
    const fs::path root(root_text);
    std::size_t files = 0;
    for (const char* folder : {"include", "daemon", "tests", "bench", "tools"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string name = entry.path().filename().string();
            const bool wanted = name.ends_with(".cpp") || name.ends_with(".hpp") || name == "README.md" || name == "CMakeLists.txt";
            if (!entry.is_regular_file() || !wanted || entry.path().string().find("node_modules") != std::string::npos) continue;
            ++files;
            for (const auto& complaint : vigie::tidy::check(read(root, entry.path())))
                FAIL_CHECK(complaint.file << ":" << complaint.line << ": " << complaint.message);
        }
    }
    CHECK(files > 20);
}

TEST_CASE("every module has its readme") {
    const fs::path root(std::getenv("VIGIE_SOURCE_DIR"));
    for (const auto& entry : fs::directory_iterator(root / "daemon")) {
        if (!entry.is_directory()) continue;
        const bool has_code = std::any_of(fs::directory_iterator(entry), fs::directory_iterator(),
                                          [](const auto& file) { return file.path().extension() == ".cpp"; });
        if (has_code) CHECK_MESSAGE(fs::exists(entry.path() / "README.md"), entry.path().filename().string());
    }
}
