#include "vigie/config/secret.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "vigie/config/yaml.hpp"

using namespace vigie;
using namespace vigie::config;

namespace {

/// A machine with a few files and variables, which notes what was asked of it.
struct Machine {
    std::map<std::string, FileContent> files;
    std::map<std::string, std::string> variables;
    std::vector<std::string> asked;

    Environment environment() {
        Environment out;
        out.read_file = [this](const std::string& path, std::size_t max) -> Result<FileContent> {
            asked.push_back(path);
            const auto found = files.find(path);
            if (found == files.end()) return Error(Errc::not_found, "there is no such file");
            if (found->second.bytes.size() > max) return Error(Errc::limit, "it is larger than " + std::to_string(max) + " bytes");
            return found->second;
        };
        out.variable = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            if (found == variables.end()) return std::nullopt;
            return found->second;
        };
        return out;
    }
};

struct Read {
    std::optional<Secret> secret;
    std::vector<std::string> messages;
    bool ok = false;
};

Read read(Machine& machine, const std::string& yaml, Literal literal = Literal::refused) {
    doc::Diagnostics diagnostics("/etc/vigie/vigie.yaml");
    const auto node = read_yaml("key: " + yaml + "\n", diagnostics);
    REQUIRE(node.has_value());
    REQUIRE(diagnostics.all().empty());
    Read out;
    out.secret = read_secret(*node->find("key"), literal, machine.environment(), diagnostics);
    for (const auto& d : diagnostics.all()) out.messages.push_back(d.text());
    out.ok = diagnostics.ok();
    for (const auto& message : out.messages) CHECK(message.find("canary") == std::string::npos);
    return out;
}

const std::string at = "/etc/vigie/vigie.yaml:1:";

}  // namespace

TEST_CASE("a secret comes from a file, a credential or a variable") {
    Machine machine;
    machine.files["/run/token"] = {"canary-1\n", false};
    machine.files["/etc/vigie/token"] = {"canary-2\n\n", false};
    machine.files["/run/cred/push"] = {"canary-3", false};
    machine.variables = {{"CREDENTIALS_DIRECTORY", "/run/cred"}, {"TOKEN", "canary-4\r\n"}};
    const std::vector<std::pair<std::string, std::string>> cases{{"{file: /run/token}", "canary-1"},
                                                                 {"{file: token}", "canary-2\n"},
                                                                 {"{file: ./token}", "canary-2\n"},
                                                                 {"{credential: push}", "canary-3"},
                                                                 {"{env: TOKEN}", "canary-4"}};
    for (const auto& [yaml, expected] : cases) {
        CAPTURE(yaml);
        const auto got = read(machine, yaml);
        REQUIRE(got.secret.has_value());
        CHECK(got.secret->equals(expected));
        CHECK(got.messages.empty());
    }
}

TEST_CASE("a plain string is taken only where it may stand, and never shown") {
    Machine machine;
    const auto allowed = read(machine, "https://hooks.example/canary", Literal::any);
    REQUIRE(allowed.secret.has_value());
    CHECK(allowed.secret->equals("https://hooks.example/canary"));
    const auto refused = read(machine, "canary");
    CHECK_FALSE(refused.secret.has_value());
    CHECK(refused.messages ==
          std::vector<std::string>{at + "6: found a plain string, expected {file: path}, {credential: name} or {env: NAME}"});
    CHECK_FALSE(read(machine, "''", Literal::any).secret.has_value());
    CHECK(read(machine, "https://hooks.example/canary", Literal::url).secret->equals("https://hooks.example/canary"));
    CHECK(read(machine, "canary", Literal::url).messages ==
          std::vector<std::string>{
              at + "6: found a plain string, expected {file: path}, {credential: name} or {env: NAME}, or a URL that begins with "
                   "https:// or http://"});
    CHECK(machine.asked.empty());
}

TEST_CASE("what goes wrong is told with its place") {
    Machine machine;
    machine.files["/etc/vigie/empty"] = {"\n", false};
    machine.files["/etc/vigie/huge"] = {std::string(max_secret_bytes + 3, 'k'), false};
    machine.files["/etc/vigie/long"] = {std::string(max_secret_bytes + 1, 'k'), false};
    machine.files["/etc/vigie/nul"] = {std::string("canary\0", 7), false};
    machine.variables["EMPTY"] = "";
    const std::string ways = "{file: path}, {credential: name} or {env: NAME}";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"{file: absent}", "13: cannot read the file /etc/vigie/absent: there is no such file"},
        {"{file: empty}", "13: the file /etc/vigie/empty is empty"},
        {"{file: huge}", "13: cannot read the file /etc/vigie/huge: it is larger than 65538 bytes"},
        {"{file: long}", "13: the file /etc/vigie/long is longer than 65536 bytes"},
        {"{file: nul}", "13: the file /etc/vigie/nul has a NUL in it"},
        {"{file: }", "7: found nothing, expected a path"},
        {"{file: [a]}", "13: found a list, expected a path"},
        {"{env: ABSENT}", "12: the environment variable \"ABSENT\" is not set"},
        {"{env: EMPTY}", "12: the environment variable \"EMPTY\" is empty"},
        {"{credential: push}", "19: there is no credential \"push\": systemd has passed none (CREDENTIALS_DIRECTORY is not set)"},
        {"{credential: ../shadow}", "19: found \"../shadow\", expected the name of a credential, without a path"},
        {"{credental: push}", "7: found the key \"credental\", expected " + ways + "; did you mean credential?"},
        {"{password: x}", "7: found the key \"password\", expected " + ways},
        {"{file: a, env: b}", "6: found a map of 2 keys, expected " + ways},
        {"{}", "6: found a map of 0 keys, expected " + ways},
        {"[a]", "6: found a list, expected " + ways},
    };
    for (const auto& [yaml, expected] : cases) {
        CAPTURE(yaml);
        const auto got = read(machine, yaml);
        CHECK_FALSE(got.secret.has_value());
        CHECK_FALSE(got.ok);
        REQUIRE(got.messages.size() == 1);
        CHECK(got.messages[0] == at + expected);
    }
}

TEST_CASE("a secret that others may read is a warning") {
    Machine machine;
    machine.files["/etc/vigie/token"] = {"canary\n", true};
    const auto got = read(machine, "{file: token}");
    CHECK(got.secret.has_value());
    CHECK(got.ok);
    CHECK(got.messages ==
          std::vector<std::string>{at + "13: warning: the file /etc/vigie/token may be read by its group or by others; chmod 600 it"});
}

TEST_CASE("a credential that systemd took from a folder is found by its file's name") {
    Machine machine;
    machine.variables["CREDENTIALS_DIRECTORY"] = "/run/cred";
    machine.files["/run/cred/vigie_slack-url"] = {"canary-1\n", true};
    const auto got = read(machine, "{credential: slack-url}");
    REQUIRE(got.secret.has_value());
    CHECK(got.secret->equals("canary-1"));
    // The ACL by which systemd lets the service in looks like a group's permission: no warning.
    CHECK(got.messages.empty());

    machine.files["/run/cred/slack-url"] = {"canary-2", false};
    CHECK(read(machine, "{credential: slack-url}").secret->equals("canary-2"));

    const auto absent = read(machine, "{credential: smtp}");
    CHECK_FALSE(absent.secret.has_value());
    CHECK(absent.messages == std::vector<std::string>{at + "19: cannot read the credential \"smtp\": there is no such file"});
}

TEST_CASE("a credential that is there but cannot be taken is not looked for elsewhere") {
    Machine machine;
    machine.variables["CREDENTIALS_DIRECTORY"] = "/run/cred";
    machine.files["/run/cred/push"] = {std::string(max_secret_bytes + 3, 'k'), false};
    machine.files["/run/cred/vigie_push"] = {"canary", false};
    const auto got = read(machine, "{credential: push}");
    CHECK_FALSE(got.secret.has_value());
    CHECK(got.messages == std::vector<std::string>{at + "19: cannot read the credential \"push\": it is larger than 65538 bytes"});
}
