#include "vigie/config/environment.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace vigie;
using namespace vigie::config;

namespace {

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "vigie-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string file(const std::string& name, const std::string& bytes, mode_t mode) const {
        const auto path = (path_ / name).string();
        std::ofstream(path, std::ios::binary) << bytes;
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("files are read up to their limit, and their rights are told") {
    const Folder folder;
    const auto environment = system_environment();
    const auto closed = environment.read_file(folder.file("closed", "secret", 0600), 6);
    REQUIRE(closed.ok());
    CHECK(closed->bytes == "secret");
    CHECK_FALSE(closed->open_to_others);
    CHECK(environment.read_file(folder.file("group", "x", 0640), 10)->open_to_others);
    CHECK(environment.read_file(folder.file("world", "x", 0604), 10)->open_to_others);
    CHECK(environment.read_file(folder.file("closed", "secret", 0600), 5).error().code() == Errc::limit);
    CHECK(environment.read_file(folder.file("empty", "", 0600), 5)->bytes.empty());
    const std::string large(300'000, 'x');
    CHECK(environment.read_file(folder.file("large", large, 0600), 300'000)->bytes == large);
}

TEST_CASE("what is no readable file has a code of its own") {
    const Folder folder;
    const auto environment = system_environment();
    CHECK(environment.read_file(folder.path() + "/absent", 9).error().code() == Errc::not_found);
    CHECK(environment.read_file(folder.path(), 9).error().code() == Errc::invalid);
    CHECK(environment.read_file("/dev/zero", 9).error().code() == Errc::invalid);
    CHECK(environment.read_file(std::string("/dev/null\0x", 11), 9).error().code() == Errc::invalid);
    if (::geteuid() != 0) CHECK(environment.read_file(folder.file("mine", "x", 0), 9).error().code() == Errc::refused);
}

TEST_CASE("variables are told apart from empty ones") {
    const auto environment = system_environment();
    ::setenv("VIGIE_TEST_VARIABLE", "", 1);
    CHECK(environment.variable("VIGIE_TEST_VARIABLE") == std::optional<std::string>(""));
    ::unsetenv("VIGIE_TEST_VARIABLE");
    CHECK_FALSE(environment.variable("VIGIE_TEST_VARIABLE").has_value());
}
