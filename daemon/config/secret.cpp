#include "vigie/config/secret.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vigie/core/untrusted.hpp"

namespace vigie::config {
namespace {

using doc::Diagnostics;
using doc::Node;
using doc::NodeKind;

constexpr std::string_view ways = "{file: path}, {credential: name} or {env: NAME}";
/// Of what the unit loads from its folder of credentials: the ID in systemd/vigie.service.
constexpr std::string_view folder_prefix = "vigie_";

std::optional<Secret> checked(std::string bytes, const Node& node, const std::string& what, Diagnostics& diagnostics) {
    if (bytes.ends_with('\n')) bytes.pop_back();
    if (bytes.ends_with('\r')) bytes.pop_back();
    std::string problem;
    if (bytes.empty()) problem = "is empty";
    if (bytes.size() > max_secret_bytes) problem = fmt::format("is longer than {} bytes", max_secret_bytes);
    if (bytes.find('\0') != std::string::npos) problem = "has a NUL in it";
    // Through Secret on the way out too, so that the bytes are wiped.
    Secret secret(std::move(bytes));
    if (problem.empty()) return secret;
    diagnostics.error(node.mark, fmt::format("{} {}", what, problem));
    return std::nullopt;
}

std::optional<Secret> from_file(const std::string& path, const std::string& what, const Node& node, const Environment& environment,
                                Diagnostics& diagnostics) {
    auto content = environment.read_file(path, max_secret_bytes + 2);
    if (!content) {
        diagnostics.error(node.mark, fmt::format("cannot read {}: {}", what, content.error().message()));
        return std::nullopt;
    }
    if (content->open_to_others)
        diagnostics.warning(node.mark, fmt::format("{} may be read by its group or by others; chmod 600 it", what));
    return checked(std::move(content->bytes), node, what, diagnostics);
}

/// systemd's copies are its own to guard: it opens them to the service alone by an ACL, whose mask looks like a group's permission.
std::optional<Secret> from_credential(const Node& name, const Environment& environment, Diagnostics& diagnostics) {
    if (name.text.find('/') != std::string::npos || name.text == "." || name.text == "..") {
        diagnostics.expected(name.mark, doc::describe(name), "the name of a credential, without a path");
        return std::nullopt;
    }
    const auto folder = environment.variable("CREDENTIALS_DIRECTORY");
    if (!folder || folder->empty()) {
        diagnostics.error(name.mark, fmt::format("there is no credential {}: systemd has passed none (CREDENTIALS_DIRECTORY is not set)",
                                                 doc::describe(name)));
        return std::nullopt;
    }
    const std::string what = fmt::format("the credential {}", doc::describe(name));
    auto content = environment.read_file(*folder + "/" + name.text, max_secret_bytes + 2);
    // LoadCredential=vigie:FOLDER passes each file of the folder as vigie_FILE.
    if (!content && content.error().code() == Errc::not_found)
        content = environment.read_file(fmt::format("{}/{}{}", *folder, folder_prefix, name.text), max_secret_bytes + 2);
    if (!content) {
        diagnostics.error(name.mark, fmt::format("cannot read {}: {}", what, content.error().message()));
        return std::nullopt;
    }
    return checked(std::move(content->bytes), name, what, diagnostics);
}

std::optional<Secret> from_variable(const Node& name, const Environment& environment, Diagnostics& diagnostics) {
    auto value = environment.variable(name.text);
    if (!value) {
        diagnostics.error(name.mark, fmt::format("the environment variable {} is not set", doc::describe(name)));
        return std::nullopt;
    }
    return checked(std::move(*value), name, fmt::format("the environment variable {}", doc::describe(name)), diagnostics);
}

bool literal_stands(std::string_view text, Literal literal) {
    if (literal == Literal::url) return text.starts_with("https://") || text.starts_with("http://");
    return literal == Literal::any;
}

}  // namespace

std::optional<Secret> read_secret(const Node& node, Literal literal, const Environment& environment, Diagnostics& diagnostics) {
    if (node.kind == NodeKind::scalar && literal_stands(node.text, literal)) return checked(node.text, node, "this value", diagnostics);
    std::string expected(ways);
    if (literal == Literal::any) expected = fmt::format("a string, {}", ways);
    if (literal == Literal::url) expected = fmt::format("{}, or a URL that begins with https:// or http://", ways);
    if (node.kind != NodeKind::map) {
        // A scalar here may be the secret itself, so it is not shown.
        diagnostics.expected(node.mark, node.kind == NodeKind::scalar ? "a plain string" : doc::describe(node), expected);
        return std::nullopt;
    }
    if (node.entries.size() != 1) {
        diagnostics.expected(node.mark, fmt::format("a map of {} keys", node.entries.size()), expected);
        return std::nullopt;
    }
    const auto& [key, value] = node.entries.front();
    const bool known = key.text == "file" || key.text == "credential" || key.text == "env";
    if (!known) {
        const auto near = doc::nearest(key.text, {"file", "credential", "env"});
        diagnostics.expected(key.mark, fmt::format("the key {}", doc::describe(key)),
                             near.empty() ? expected : fmt::format("{}; did you mean {}?", expected, near));
        return std::nullopt;
    }
    if (value.kind != NodeKind::scalar || value.text.empty()) {
        diagnostics.expected(value.mark, doc::describe(value), key.text == "file" ? "a path" : "a name");
        return std::nullopt;
    }
    if (key.text == "credential") return from_credential(value, environment, diagnostics);
    if (key.text == "env") return from_variable(value, environment, diagnostics);
    const auto path = beside(diagnostics.file(), value.text);
    return from_file(path, fmt::format("the file {}", excerpt(path, 200)), value, environment, diagnostics);
}

}  // namespace vigie::config
