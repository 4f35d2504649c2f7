// A configuration read, checked and compiled: vigie.yaml, its rule files and its queries. All of it is right, or nothing is taken.
// Thread-safety: values; the compiled parts are shared and never change.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vigie/doc/decode.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/engine/settings.hpp"
#include "vigie/rules/rule.hpp"
#include "vigie/sources/source.hpp"
#include "vigie/text/analyse.hpp"

namespace vigie::engine {

struct Configuration {
    Settings settings;
    std::vector<rules::Rule> rules;
    std::shared_ptr<const text::Analyser> analyser;

    std::vector<std::string> rule_files;  ///< as found, in order

    /// What the core needs of it.
    CoreSettings core() const;
    /// For each brand what a search is to ask for: its display name and what its query looks for.
    std::vector<sources::BrandNames> brand_names() const;
};

/// Reads the file and all that it names. Every error of every file goes into `diagnostics`, warnings too; nothing is returned if there was
/// an error. Files that cannot be read are errors as well.
std::optional<Configuration> load_configuration(const std::string& path, std::vector<doc::Diagnostic>& diagnostics);

/// The rule files that a glob pattern names, sorted; `*.test.yaml` are left out.
std::vector<std::string> find_rule_files(const std::vector<std::string>& globs);
/// Reads rule files alone. As load_configuration.
std::optional<std::vector<rules::Rule>> load_rules(const std::vector<std::string>& files, std::vector<doc::Diagnostic>& diagnostics);

}  // namespace vigie::engine
