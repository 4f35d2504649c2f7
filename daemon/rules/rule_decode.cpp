#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "rules/decode.hpp"
#include "rules/lint.hpp"
#include "rules/names.hpp"
#include "rules/place.hpp"
#include "rules/program.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/rules/rule.hpp"

namespace vigie::rules {
namespace {

using doc::Diagnostics;
using doc::Fields;
using doc::Node;

constexpr Duration longest_wait = std::chrono::days{90};
constexpr std::size_t longest_label = 1024;

bool is_label_name(std::string_view name) {
    static constexpr std::size_t longest = 64;
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && name.size() <= longest && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// Reads one rule. Errors are collected; the rule is of use only if there were none.
class RuleReader {
public:
    RuleReader(const Node& node, Rule rule, Diagnostics& diagnostics)
        : fields_(node, "a rule", diagnostics), diagnostics_(diagnostics), rule_(std::move(rule)) {
        rule_.mark = node.mark;
    }

    Rule read() {
        name();
        brands();
        by();
        thresholds();
        values();
        conditions();
        policy();
        labels();
        annotations();
        fields_.finish();
        define();
        rule_.program = std::make_shared<const Program>(program_);
        return std::move(rule_);
    }

private:
    void name() {
        const Node* node = fields_.required_node("alert");
        if (node == nullptr) return;
        static constexpr std::size_t longest = 64;
        const auto fine = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        };
        const std::string& text = node->text;
        if (node->kind != doc::NodeKind::scalar || text.empty() || text.size() > longest || !std::all_of(text.begin(), text.end(), fine)) {
            diagnostics_.expected(node->mark, doc::describe(*node), "a name of letters, digits, `_` and `-`, at most 64 long");
            return;
        }
        rule_.id.name = text;
    }

    void brands() {
        for (const Node* node : scalar_list(fields_.node("brands"), "brand names or patterns", diagnostics_)) {
            const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '*' || c == '?'; };
            if (node->text.empty() || !std::all_of(node->text.begin(), node->text.end(), fine))
                diagnostics_.expected(node->mark, doc::describe(*node), "a brand's name, or a pattern with * and ? (a-z, 0-9, -)");
            rule_.brands.push_back(node->text);
        }
    }

    void by() {
        for (const Node* node : scalar_list(fields_.node("by"), "labels", diagnostics_)) {
            const auto& known = by_labels();
            if (std::find(known.begin(), known.end(), node->text) == known.end())
                diagnostics_.expected(node->mark, doc::describe(*node),
                                      fmt::format("one of {}{}", fmt::join(known, ", "), did_you_mean(node->text, known)));
            else if (std::find(rule_.by.begin(), rule_.by.end(), node->text) != rule_.by.end())
                diagnostics_.error(node->mark, fmt::format("found `{}` twice in `by`, expected it once", node->text));
            else
                rule_.by.push_back(node->text);
        }
        std::sort(rule_.by.begin(), rule_.by.end());
    }

    bool name_is_free(const Node& key, std::string_view what) {
        if (const std::string why = why_not_a_name(key.text); !why.empty()) {
            diagnostics_.error(key.mark, fmt::format("found {} as the name of a {}: {}", doc::describe(key), what, why));
            return false;
        }
        const bool taken = std::any_of(rule_.thresholds.begin(), rule_.thresholds.end(), [&](const auto& t) { return t.name == key.text; });
        if (taken) diagnostics_.error(key.mark, fmt::format("found `{}` as a threshold and as a {}, expected it once", key.text, what));
        return !taken;
    }

    void thresholds() {
        for (const auto& [key, value] : scalar_map(fields_.node("thresholds"), "names to numbers", diagnostics_)) {
            if (!name_is_free(*key, "threshold")) continue;
            auto threshold = parse_threshold(key->text, value->text);
            if (threshold.ok())
                rule_.thresholds.push_back(std::move(*threshold));
            else
                diagnostics_.error(value->mark, threshold.error().message());
        }
    }

    /// Parses and types one expression; a mistake is reported at its place.
    std::optional<Expr> expression(const Node& node, std::string& canonical) {
        Parsed parsed = parse_expression(node.text);
        if (!parsed.tree) {
            diagnostics_.error(place_in(node, parsed.error.at), parsed.error.message);
            return std::nullopt;
        }
        Scope scope{rule_.thresholds, rule_.by, program_};
        Compiled compiled = compile_expression(*parsed.tree, node.text, scope);
        if (!compiled.expr) {
            diagnostics_.error(place_in(node, compiled.error.at), compiled.error.message);
            return std::nullopt;
        }
        canonical = format_expression(*parsed.tree);
        return std::move(compiled.expr);
    }

    std::optional<Expr> condition(const Node& node, std::string_view key, std::string& canonical) {
        auto expr = expression(node, canonical);
        if (expr && expr->type != Type::truth) {
            diagnostics_.error(place_in(node, 0), fmt::format("found a {} in `{}`, expected a condition such as mentions[1h] > 50",
                                                              to_string(expr->type), key));
            return std::nullopt;
        }
        return expr;
    }

    void values() {
        for (const auto& [key, value] : scalar_map(fields_.node("values"), "names to expressions", diagnostics_)) {
            if (!name_is_free(*key, "value")) continue;
            std::string canonical;
            auto expr = expression(*value, canonical);
            if (!expr) {
                // The name is known all the same, so that one mistake does not make others of its uses.
                expr.emplace();
                expr->type = Type::number;
            } else if (expr->type == Type::truth) {
                diagnostics_.error(place_in(*value, 0),
                                   fmt::format("found a condition in the value `{}`, expected a number or a duration", key->text));
                expr->type = Type::number;
            }
            define(fmt::format("value {} {}", key->text, canonical));
            program_.values.push_back({key->text, std::move(*expr)});
            rule_.values.push_back({key->text, value->text});
        }
    }

    void conditions() {
        const Node* expr = fields_.node("expr");
        const Node* levels = fields_.node("levels");
        if (expr != nullptr && levels != nullptr)
            diagnostics_.error(levels->mark, "found `levels` beside `expr`, expected one of the two");
        else if (expr == nullptr && levels == nullptr)
            diagnostics_.error(fields_.mark(), "found a rule without a condition, expected `expr` or `levels`");
        if (expr != nullptr) level({}, *expr);
        if (levels != nullptr && expr == nullptr) read_levels(*levels);
        if (const Node* clear = fields_.node("clear")) {
            std::string canonical;
            program_.clear = condition(*clear, "clear", canonical);
            rule_.clear = clear->text;
            define("clear " + canonical);
        }
    }

    void read_levels(const Node& levels) {
        static constexpr std::size_t most_levels = 10;
        const auto entries = scalar_map(&levels, "severities to conditions", diagnostics_);
        if (entries.empty() || entries.size() > most_levels)
            diagnostics_.error(levels.mark,
                               fmt::format("found {} levels, expected 1 to {}, the lowest first", entries.size(), most_levels));
        for (const auto& [key, value] : entries) {
            if (!is_label_name(key->text))
                diagnostics_.expected(key->mark, doc::describe(*key), "a severity: a word such as warning or critical");
            level(key->text, *value);
            rule_.policy.severities.push_back(key->text);
        }
    }

    void level(const std::string& severity, const Node& node) {
        std::string canonical;
        auto expr = condition(node, severity.empty() ? "expr" : severity, canonical);
        rule_.conditions.push_back({severity, node.text});
        define(fmt::format("level {} {}", severity, canonical));
        if (expr) program_.levels.push_back({severity, std::move(*expr)});
    }

    void policy() {
        AlertPolicy& policy = rule_.policy;
        policy.for_ = fields_.duration("for", Duration{0}, longest_wait).value_or(policy.for_);
        policy.keep_firing_for = fields_.duration("keep_firing_for", Duration{0}, longest_wait).value_or(policy.keep_firing_for);
        static constexpr std::int64_t most_alerts = 10'000;
        policy.limit = static_cast<std::size_t>(fields_.integer("limit", 1, most_alerts).value_or(static_cast<std::int64_t>(policy.limit)));
        const Node* node = fields_.node("no_data");
        if (node == nullptr) return;
        Fields no_data(*node, "no_data", diagnostics_);
        const auto action = no_data.word("action", {"hold", "resolve", "alert"});
        if (action == "resolve") policy.no_data = NoDataAction::resolve;
        if (action == "alert") policy.no_data = NoDataAction::alert;
        policy.no_data_for = no_data.duration("for", Duration{0}, longest_wait).value_or(policy.no_data_for);
        no_data.finish();
    }

    void labels() {
        for (const auto& [key, value] : scalar_map(fields_.node("labels"), "names to texts", diagnostics_)) {
            const std::string& name = key->text;
            if (!is_label_name(name))
                diagnostics_.expected(key->mark, doc::describe(*key), "a label name: letters, digits and `_`, not a digit first");
            else if (name == "alertname" || name == "brand")
                diagnostics_.error(key->mark, fmt::format("found the label `{}`, which Vigie sets itself, expected another", name));
            else if (name == "severity" && !rule_.policy.severities.empty())
                diagnostics_.error(key->mark, "found the label `severity` beside `levels`, which give it, expected one of the two");
            else if (std::find(rule_.by.begin(), rule_.by.end(), name) != rule_.by.end())
                diagnostics_.error(key->mark, fmt::format("found the label `{}`, which `by` gives, expected another", name));
            else if (value->text.find("{{") != std::string::npos)
                diagnostics_.error(value->mark,
                                   "found a template in a label, expected plain text: a label identifies its alert, so it cannot "
                                   "hold a value; put it into an annotation");
            else if (value->text.empty() || value->text.size() > longest_label)
                diagnostics_.expected(value->mark, doc::describe(*value), fmt::format("a text of 1 to {} bytes", longest_label));
            else
                rule_.labels[name] = value->text;
        }
    }

    void annotations() {
        for (const auto& [key, value] : scalar_map(fields_.node("annotations"), "names to texts", diagnostics_)) {
            if (!is_label_name(key->text)) {
                diagnostics_.expected(key->mark, doc::describe(*key), "an annotation's name: letters, digits and `_`, not a digit first");
                continue;
            }
            TemplateRead read = read_template(value->text);
            for (const SyntaxError& error : read.errors) diagnostics_.error(place_in(*value, error.at), error.message);
            for (const TemplateUse& use : read.uses) check_use(use, *value);
            program_.annotations.emplace_back(key->text, std::move(read.result));
            rule_.annotations.emplace_back(key->text, value->text);
        }
    }

    std::vector<std::string> template_names() const {
        std::vector<std::string> out{"alertname", "severity", "now", "brand.name", "brand.display", "labels.alertname", "labels.brand"};
        for (const auto& t : rule_.thresholds) out.push_back(t.name);
        for (const auto& v : program_.values) out.push_back(v.name);
        for (const auto& [name, value] : rule_.labels) out.push_back("labels." + name);
        for (const auto& name : rule_.by) out.push_back("labels." + name);
        if (!rule_.policy.severities.empty()) out.emplace_back("labels.severity");
        return out;
    }

    void check_use(const TemplateUse& use, const Node& node) {
        const auto known = template_names();
        if (std::find(known.begin(), known.end(), use.name) != known.end()) return;
        const doc::Mark mark = place_in(node, use.at);
        if (use.name.starts_with("takedown."))
            return diagnostics_.error(mark, fmt::format("`{}` is not yet known to this version", excerpt(use.name, 40)));
        static constexpr std::string_view prefix = "labels.";
        if (use.name.starts_with(prefix) && is_label_name(std::string_view(use.name).substr(prefix.size()))) {
            // It may be one of the brands' own, which are known only when the rule is bound to them.
            program_.brand_labels.emplace_back(use.name.substr(prefix.size()), mark);
            return;
        }
        diagnostics_.error(mark, fmt::format("found the name `{}`, expected a threshold, a value, labels.NAME, brand.name, brand.display, "
                                             "alertname, severity or now{}",
                                             excerpt(use.name, 40), did_you_mean(use.name, known)));
    }

    void define(std::string_view line) {
        program_.definition += line;
        program_.definition += '\n';
    }

    /// What conditions and values do not say already.
    void define() {
        const AlertPolicy& p = rule_.policy;
        define(fmt::format("interval {} brands {} by {}", rule_.interval.count(), fmt::join(rule_.brands, ","), fmt::join(rule_.by, ",")));
        define(fmt::format("for {} keep {} no_data {} {} limit {}", p.for_.count(), p.keep_firing_for.count(), static_cast<int>(p.no_data),
                           p.no_data_for.count(), p.limit));
        for (const auto& [name, value] : rule_.labels) define(fmt::format("label {} {}", name, value));
        for (const auto& [name, value] : rule_.annotations) define(fmt::format("annotation {} {}", name, value));
    }

    Fields fields_;
    Diagnostics& diagnostics_;
    Rule rule_;
    Program program_;
};

void read_group(const Node& node, const std::string& file, std::set<std::string>& groups, std::vector<Rule>& out,
                Diagnostics& diagnostics) {
    Fields fields(node, "a group", diagnostics);
    const std::string name = fields.required_string("name").value_or("");
    if (!name.empty() && !groups.insert(name).second)
        diagnostics.error(node.mark, fmt::format("found a second group `{}`, expected each name once in a file", name));
    Rule base;
    base.id.file = file;
    base.id.group = name;
    base.interval = fields.duration("interval", std::chrono::seconds{1}, std::chrono::days{1}).value_or(base.interval);
    std::set<std::string> names;
    fields.required_node("rules");
    fields.each("rules", [&](const Node& item) {
        if (out.size() == max_rules_in_file) {
            diagnostics.error(item.mark, fmt::format("found more than {} rules in one file, expected fewer", max_rules_in_file));
            return;
        }
        if (out.size() > max_rules_in_file) return;
        Rule rule = RuleReader(item, base, diagnostics).read();
        if (!rule.id.name.empty() && !names.insert(rule.id.name).second)
            diagnostics.error(item.mark, fmt::format("found a second rule `{}` in the group, expected each name once", rule.id.name));
        out.push_back(std::move(rule));
    });
    fields.finish();
}

}  // namespace

std::optional<std::vector<Rule>> decode_rules(const Node& root, std::string file_name, Diagnostics& diagnostics) {
    std::vector<Rule> out;
    std::set<std::string> groups;
    Diagnostics found(diagnostics.file());
    Fields fields(root, "a rule file", found);
    fields.required_node("groups");
    fields.each("groups", [&](const Node& node) { read_group(node, file_name, groups, out, found); });
    fields.finish();
    if (found.ok())
        for (const Rule& rule : out) lint_rule(rule, found);
    diagnostics.append(found);
    if (!found.ok()) return std::nullopt;
    return out;
}

Result<Threshold> parse_threshold(std::string_view name, std::string_view text) {
    const Parsed parsed = parse_expression(text);
    const auto refuse = [&] {
        return Error(Errc::parse,
                     fmt::format("found `{}`, expected a number (3, 1.5, 10k, 2M), a percentage (45%) or a duration (30s, 5m, 6h, "
                                 "14d, 2w)",
                                 excerpt(text, 40)));
    };
    if (!parsed.tree) return refuse();
    const bool negative = parsed.tree->op == Op::negate;
    const Syntax& literal = negative ? parsed.tree->parts[0] : *parsed.tree;
    Threshold out;
    out.name = name;
    out.value = negative ? -literal.number : literal.number;
    switch (literal.op) {
        case Op::number:
            return out;
        case Op::percent:
            out.unit = Unit::percent;
            return out;
        case Op::duration:
            out.unit = Unit::duration;
            return out;
        default:
            return refuse();
    }
}

bool same_rule(const Rule& a, const Rule& b) {
    return a.id == b.id && a.thresholds == b.thresholds && a.program->definition == b.program->definition;
}

}  // namespace vigie::rules
