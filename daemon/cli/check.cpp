// vigie check: reads configuration and rules and says all that is wrong with them.
#include <algorithm>

#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/config/environment.hpp"
#include "vigie/config/yaml.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/configuration.hpp"
#include "vigie/rules/test_file.hpp"

namespace vigie::cli {
namespace {

struct Options {
    std::vector<std::string> files;
    std::string config;
    bool json = false;
};

enum class FileKind { configuration, rules, tests };

/// A rule file has `groups` at its top, a test file `tests`, a configuration neither.
FileKind kind_of(const std::string& path) {
    doc::Diagnostics ignored(path);
    const auto node = config::read_yaml_file(path, config::system_environment(), ignored);
    if (node && node->find("groups") != nullptr) return FileKind::rules;
    return node && node->find("tests") != nullptr ? FileKind::tests : FileKind::configuration;
}

/// Reads a test file without running it.
void check_tests(const std::string& path, std::vector<doc::Diagnostic>& diagnostics) {
    doc::Diagnostics own(path);
    const auto node = config::read_yaml_file(path, config::system_environment(), own);
    if (node && own.ok()) (void)rules::decode_test_file(*node, own);
    diagnostics.insert(diagnostics.end(), own.all().begin(), own.all().end());
}

std::string as_json(const std::vector<doc::Diagnostic>& diagnostics, bool ok) {
    std::string out = std::string("{\"ok\":") + (ok ? "true" : "false") + ",\"diagnostics\":[";
    for (std::size_t i = 0; i < diagnostics.size(); ++i) {
        const doc::Diagnostic& one = diagnostics[i];
        out += i == 0 ? "{\"file\":" : ",{\"file\":";
        append_json_string(out, clean_utf8(one.file));
        out += ",\"line\":" + std::to_string(one.mark.line) + ",\"column\":" + std::to_string(one.mark.column);
        out += std::string(",\"severity\":\"") + (one.severity == doc::Severity::error ? "error" : "warning") + "\",\"message\":";
        append_json_string(out, clean_utf8(one.message));
        out += '}';
    }
    return out + "]}\n";
}

int check(const Options& options) {
    std::vector<std::string> files = options.files;
    if (!options.config.empty()) files.push_back(options.config);
    if (files.empty()) files.push_back("/etc/vigie/vigie.yaml");
    std::vector<doc::Diagnostic> diagnostics;
    std::size_t rules = 0, brands = 0;
    bool unreadable = false;
    for (const std::string& file : files) {
        const auto content = config::system_environment().read_file(file, config::max_yaml_bytes);
        if (!content) {
            print_error(file + ": " + content.error().message());
            unreadable = true;
            continue;
        }
        const FileKind kind = kind_of(file);
        if (kind == FileKind::tests) {
            check_tests(file, diagnostics);
        } else if (kind == FileKind::rules) {
            if (const auto read = engine::load_rules({file}, diagnostics)) rules += read->size();
        } else if (const auto read = engine::load_configuration(file, diagnostics)) {
            rules += read->rules.size();
            brands += read->settings.brands.size();
        }
    }
    const bool ok = !unreadable && std::none_of(diagnostics.begin(), diagnostics.end(),
                                                [](const doc::Diagnostic& one) { return one.severity == doc::Severity::error; });
    if (options.json) {
        print(as_json(diagnostics, ok));
    } else {
        for (const doc::Diagnostic& one : diagnostics) print(one.text() + "\n");
        if (ok)
            print(std::to_string(files.size()) + (files.size() == 1 ? " file" : " files") + " checked: " + std::to_string(brands) +
                  " brands, " + std::to_string(rules) + " rules, no errors\n");
    }
    if (unreadable) return wrong_usage;
    return ok ? success : answer_is_no;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand("check", "Read configurations, rule files and their tests, and say all that is wrong with them");
    verb->add_option("files", options->files, "Configurations, rule files or test files (default: /etc/vigie/vigie.yaml)");
    verb->add_option("--config", options->config, "A configuration, with all that it names");
    verb->add_flag("--json", options->json, "One JSON document");
    verb->footer("Examples:\n  vigie check\n  vigie check vigie.yaml\n  vigie check rules/*.yaml --json");
    verb->callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace vigie::cli
