#include "vigie/engine/configuration.hpp"

#include <glob.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "vigie/config/environment.hpp"
#include "vigie/config/yaml.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/query.hpp"

namespace vigie::engine {
namespace {

void append(std::vector<doc::Diagnostic>& to, const doc::Diagnostics& from) {
    to.insert(to.end(), from.all().begin(), from.all().end());
}

/// Rules know their file without its folder; people want to open it.
void append_with_paths(std::vector<doc::Diagnostic>& to, const std::vector<doc::Diagnostic>& findings,
                       const std::vector<std::string>& files) {
    for (doc::Diagnostic one : findings) {
        const auto whole = std::find_if(files.begin(), files.end(), [&](const std::string& file) {
            return std::filesystem::path(file).filename().string() == one.file;
        });
        if (whole != files.end()) one.file = *whole;
        to.push_back(std::move(one));
    }
}

bool any_error(const std::vector<doc::Diagnostic>& diagnostics) {
    return std::any_of(diagnostics.begin(), diagnostics.end(),
                       [](const doc::Diagnostic& one) { return one.severity == doc::Severity::error; });
}

std::vector<Integration> integrations_of_all(const std::vector<receivers::ReceiverSettings>& receivers) {
    std::vector<Integration> out;
    for (const receivers::ReceiverSettings& receiver : receivers) {
        // The same order as integrations_of: Slack, mail, webhook, log.
        std::vector<bool> resolved;
        for (const auto& one : receiver.slack) resolved.push_back(one.send_resolved);
        for (const auto& one : receiver.email) resolved.push_back(one.send_resolved);
        for (const auto& one : receiver.webhook) resolved.push_back(one.send_resolved);
        for (const auto& one : receiver.log) resolved.push_back(one.send_resolved);
        const std::vector<std::string> names = receivers::integrations_of(receiver);
        for (std::size_t i = 0; i < names.size(); ++i) out.push_back({names[i], receiver.name, resolved[i]});
    }
    return out;
}

constexpr std::uintmax_t max_weight_bytes = 64 << 20;

/// The model in a weight file. Errors say what is wrong with the file.
Result<text::SentimentModel> load_sentiment(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return Error(Errc::io, "cannot read it: " + error.message());
    if (size > max_weight_bytes) return Error(Errc::limit, "it is too large for a weight file");
    std::ifstream in(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in || bytes.size() != size) return Error(Errc::io, "cannot read it");
    return text::SentimentModel::keep(std::move(bytes));
}

}  // namespace

std::vector<std::string> find_rule_files(const std::vector<std::string>& globs) {
    std::set<std::string> files;
    for (const std::string& pattern : globs) {
        glob_t found{};
        // A name without a wildcard is meant: it is kept even if there is no such file, so that reading it says so.
        if (::glob(pattern.c_str(), GLOB_BRACE | GLOB_NOMAGIC, nullptr, &found) == 0) {
            for (std::size_t i = 0; i < found.gl_pathc; ++i) {
                const std::string path = found.gl_pathv[i];
                if (!path.ends_with(".test.yaml") && !path.ends_with(".test.yml")) files.insert(path);
            }
        }
        ::globfree(&found);
    }
    return {files.begin(), files.end()};
}

std::optional<std::vector<rules::Rule>> load_rules(const std::vector<std::string>& files, std::vector<doc::Diagnostic>& diagnostics) {
    std::vector<rules::Rule> rules;
    bool ok = true;
    for (const std::string& file : files) {
        doc::Diagnostics own(file);
        const std::optional<doc::Node> node = config::read_yaml_file(file, config::system_environment(), own);
        std::optional<std::vector<rules::Rule>> some;
        if (node && own.ok()) some = rules::decode_rules(*node, std::filesystem::path(file).filename().string(), own);
        append(diagnostics, own);
        if (some && own.ok())
            rules.insert(rules.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
        else
            ok = false;
    }
    if (!ok) return std::nullopt;
    return rules;
}

std::optional<Configuration> load_configuration(const std::string& path, std::vector<doc::Diagnostic>& diagnostics) {
    Configuration configuration;
    doc::Diagnostics own(path);
    const config::Environment machine = config::system_environment();
    const std::optional<doc::Node> root = config::read_yaml_file(path, machine, own);
    std::optional<Settings> settings;
    if (root) {
        settings = decode_settings(*root, machine, own);
        // The rule files are looked at even if the settings have errors: one check tells them all.
        const std::vector<std::string> globs = rule_globs_of(*root, path);
        configuration.rule_files = find_rule_files(globs);
        for (const std::string& pattern : globs) {
            if (find_rule_files({pattern}).empty()) own.warning(root->find("rules")->mark, "no rule file matches " + pattern);
        }
    }
    append(diagnostics, own);
    std::optional<std::vector<rules::Rule>> rules = load_rules(configuration.rule_files, diagnostics);
    if (!settings || !rules) return std::nullopt;
    configuration.settings = std::move(*settings);
    configuration.rules = std::move(*rules);

    rules::RuleSet bound(configuration.rules);
    const auto said = bound.bind(configuration.settings.brands, configuration.settings.timezone);
    if (said)
        append_with_paths(diagnostics, *said, configuration.rule_files);
    else
        diagnostics.push_back({path, {}, said.error().text(), doc::Severity::error});

    Result<text::Matcher> matcher = text::Matcher::build(configuration.settings.brands);
    if (!matcher) diagnostics.push_back({path, {}, matcher.error().text(), doc::Severity::error});
    std::shared_ptr<const text::SentimentModel> sentiment;
    if (const std::string& weights = configuration.settings.sentiment_weights; !weights.empty()) {
        Result<text::SentimentModel> model = load_sentiment(weights);
        if (model)
            sentiment = std::make_shared<const text::SentimentModel>(std::move(*model));
        else
            diagnostics.push_back({path, configuration.settings.sentiment_weights_mark,
                                   "the sentiment weights " + excerpt(weights, 200) + ": " + model.error().message() +
                                       "; expected a file that vigie text --adapt wrote",
                                   doc::Severity::error});
    }
    if (any_error(diagnostics)) return std::nullopt;
    configuration.analyser =
        std::make_shared<text::Analyser>(std::make_shared<const text::Matcher>(std::move(*matcher)), std::move(sentiment));
    return configuration;
}

CoreSettings Configuration::core() const {
    CoreSettings out;
    out.brands = settings.brands;
    out.timezone = settings.timezone;
    out.rules = rules;
    out.route = settings.route;
    out.integrations = integrations_of_all(settings.receivers);
    out.retention = settings.retention;
    return out;
}

std::vector<sources::BrandNames> Configuration::brand_names() const {
    std::vector<sources::BrandNames> out;
    for (const Brand& brand : settings.brands) {
        std::vector<std::string> names;
        if (const Result<text::Query> query = text::parse_query(brand.query)) names = text::positive_terms(*query);
        out.emplace_back(brand.name, std::move(names));
    }
    return out;
}

}  // namespace vigie::engine
