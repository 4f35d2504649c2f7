#include "vigie/rules/rule_set.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "rules/decode.hpp"
#include "rules/glob.hpp"
#include "rules/sampler.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::rules {

struct RuleSet::Impl {
    std::vector<Rule> rules;
    std::vector<detect::Selector> selectors;
    std::vector<std::vector<detect::SelectorId>> ids;  ///< of each rule's selectors
    std::vector<BoundBrand> brands;
    std::vector<std::vector<std::size_t>> rules_of;
    std::vector<std::vector<BrandIndex>> brands_of;

    void gather();
    void choose_brands(const Rule& rule, std::vector<BrandIndex>& out, std::vector<doc::Diagnostic>& findings) const;
    void check_labels(std::size_t rule, std::vector<doc::Diagnostic>& findings) const;
    void check_identities(std::vector<doc::Diagnostic>& findings) const;
};

namespace {

doc::Diagnostic finding(const Rule& rule, doc::Mark mark, doc::Severity severity, std::string message) {
    return {rule.id.file, mark, std::move(message), severity};
}

bool matches(const Rule& rule, const std::string& brand) {
    return rule.brands.empty() ||
           std::any_of(rule.brands.begin(), rule.brands.end(), [&](const std::string& pattern) { return glob_match(pattern, brand); });
}

Result<BoundBrand> bind_brand(const Brand& brand, const std::string& default_timezone) {
    auto zone = Zone::find(brand.timezone.empty() ? default_timezone : brand.timezone);
    if (!zone.ok()) return zone.error().with_context("brand " + brand.name);
    BoundBrand out{brand.name, brand.display.empty() ? brand.name : brand.display, brand.labels, *zone};
    for (const char* reserved : {"alertname", "brand", "severity"}) out.labels.erase(reserved);
    return out;
}

}  // namespace

void RuleSet::Impl::gather() {
    for (const Rule& rule : rules) selectors.insert(selectors.end(), rule.program->selectors.begin(), rule.program->selectors.end());
    std::sort(selectors.begin(), selectors.end());
    selectors.erase(std::unique(selectors.begin(), selectors.end()), selectors.end());
    for (const Rule& rule : rules) {
        auto& own = ids.emplace_back();
        for (const auto& selector : rule.program->selectors) {
            const auto found = std::lower_bound(selectors.begin(), selectors.end(), selector);
            own.push_back(static_cast<detect::SelectorId>(found - selectors.begin()));
        }
    }
}

void RuleSet::Impl::choose_brands(const Rule& rule, std::vector<BrandIndex>& out, std::vector<doc::Diagnostic>& findings) const {
    std::vector<std::string> names;
    for (BrandIndex i = 0; i < brands.size(); ++i) {
        names.push_back(brands[i].name);
        if (matches(rule, brands[i].name)) out.push_back(i);
    }
    for (const std::string& pattern : rule.brands) {
        if (std::any_of(names.begin(), names.end(), [&](const std::string& name) { return glob_match(pattern, name); })) continue;
        findings.push_back(
            finding(rule, rule.mark, doc::Severity::warning,
                    fmt::format("{}: `{}` matches no brand of the configuration{}", rule.id.name, pattern, did_you_mean(pattern, names))));
    }
}

void RuleSet::Impl::check_labels(std::size_t rule, std::vector<doc::Diagnostic>& findings) const {
    if (brands_of[rule].empty()) return;
    for (const auto& [label, mark] : rules[rule].program->brand_labels) {
        std::vector<std::string> known;
        std::size_t with = 0;
        std::string without;
        for (const BrandIndex b : brands_of[rule]) {
            for (const auto& [name, value] : brands[b].labels) known.push_back(name);
            if (brands[b].labels.contains(label))
                ++with;
            else if (without.empty())
                without = brands[b].name;
        }
        if (with == brands_of[rule].size()) continue;
        if (with == 0)
            findings.push_back(finding(rules[rule], mark, doc::Severity::error,
                                       fmt::format("found the name `labels.{}`, expected a label of the rule, of `by` or of its brands{}",
                                                   label, did_you_mean(label, known))));
        else
            findings.push_back(finding(rules[rule], mark, doc::Severity::warning,
                                       fmt::format("`labels.{}` will be empty for the brand {}, which has no such label", label, without)));
    }
}

/// Two rules whose alerts could not be told apart would end each other's alerts.
void RuleSet::Impl::check_identities(std::vector<doc::Diagnostic>& findings) const {
    std::map<std::string, std::vector<std::size_t>> by_name;
    for (std::size_t i = 0; i < rules.size(); ++i) by_name[rules[i].id.name].push_back(i);
    for (const auto& [name, same] : by_name) {
        std::map<std::string, std::size_t> seen;
        for (const std::size_t i : same) {
            Labels own = rules[i].labels;
            own.erase("severity");
            for (const std::string& label : rules[i].by) own[label] = "*";
            for (const BrandIndex b : brands_of[i]) {
                const auto [at, fresh] = seen.emplace(fmt::format("{} {}", b, format_labels(own)), i);
                if (fresh) continue;
                const RuleId& other = rules[at->second].id;
                findings.push_back(
                    finding(rules[i], rules[i].mark, doc::Severity::error,
                            fmt::format("{}: its alerts have the same labels as those of the rule in {}, group {}; give one of "
                                        "them another name or label",
                                        name, other.file, other.group)));
                break;
            }
        }
    }
}

RuleSet::RuleSet() : impl_(std::make_unique<Impl>()) {}

RuleSet::RuleSet(std::vector<Rule> rules) : RuleSet() {
    impl_->rules = std::move(rules);
    impl_->gather();
    impl_->brands_of.resize(impl_->rules.size());
}

RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

const std::vector<Rule>& RuleSet::rules() const noexcept {
    return impl_->rules;
}

std::size_t RuleSet::find(const RuleId& id) const noexcept {
    const auto found = std::find_if(rules().begin(), rules().end(), [&](const Rule& rule) { return rule.id == id; });
    return static_cast<std::size_t>(found - rules().begin());
}

const std::vector<detect::Selector>& RuleSet::selectors() const noexcept {
    return impl_->selectors;
}

Result<std::vector<doc::Diagnostic>> RuleSet::bind(const std::vector<Brand>& brands, const std::string& default_timezone) {
    std::vector<BoundBrand> bound;
    for (const Brand& brand : brands) {
        auto one = bind_brand(brand, default_timezone);
        if (!one.ok()) return std::move(one).error();
        bound.push_back(std::move(*one));
    }
    Impl& in = *impl_;
    in.brands = std::move(bound);
    in.rules_of.assign(brands.size(), {});
    in.brands_of.assign(in.rules.size(), {});
    std::vector<doc::Diagnostic> findings;
    for (std::size_t i = 0; i < in.rules.size(); ++i) {
        in.choose_brands(in.rules[i], in.brands_of[i], findings);
        for (const BrandIndex b : in.brands_of[i]) in.rules_of[b].push_back(i);
        in.check_labels(i, findings);
    }
    in.check_identities(findings);
    return findings;
}

const std::vector<std::size_t>& RuleSet::rules_of(BrandIndex brand) const noexcept {
    static const std::vector<std::size_t> none;
    return brand < impl_->rules_of.size() ? impl_->rules_of[brand] : none;
}

const std::vector<BrandIndex>& RuleSet::brands_of(std::size_t rule) const noexcept {
    return impl_->brands_of[rule];
}

Result<> RuleSet::set_threshold(std::string_view rule, std::string_view threshold, std::string_view text) {
    auto wanted = parse_threshold(threshold, text);
    if (!wanted.ok()) return std::move(wanted).error();
    std::vector<std::string> names, thresholds;
    bool done = false;
    for (Rule& candidate : impl_->rules) {
        names.push_back(candidate.id.name);
        if (candidate.id.name != rule) continue;
        for (Threshold& own : candidate.thresholds) {
            thresholds.push_back(own.name);
            if (own.name != threshold) continue;
            if ((own.unit == Unit::duration) != (wanted->unit == Unit::duration))
                return Error(Errc::invalid, fmt::format("found `{}` for {}.{}, expected {}", excerpt(text, 40), rule, threshold,
                                                        own.unit == Unit::duration ? "a duration" : "a number or a percentage"));
            own.value = wanted->value;
            done = true;
        }
    }
    if (done) return {};
    if (std::find(names.begin(), names.end(), rule) == names.end())
        return Error(Errc::not_found, fmt::format("there is no rule `{}`{}", rule, did_you_mean(rule, names)));
    return Error(Errc::not_found, fmt::format("the rule {} has no threshold `{}`{}", rule, threshold, did_you_mean(threshold, thresholds)));
}

namespace {

std::vector<detect::GroupValues> groups_of(const Rule& rule, const std::vector<detect::SelectorId>& ids, BrandIndex brand,
                                           const detect::Windows& windows, const std::vector<detect::GroupValues>& extra) {
    std::set<detect::GroupValues> all;
    for (const detect::SelectorId id : ids)
        for (auto& group : windows.groups(brand, id)) all.insert(std::move(group));
    for (const auto& group : extra)
        if (group.size() == rule.by.size()) all.insert(group);
    return {all.begin(), all.end()};
}

}  // namespace

std::vector<Sample> RuleSet::evaluate(std::size_t rule, BrandIndex brand, const detect::Windows& windows, Time now,
                                      const std::vector<detect::GroupValues>& extra, Want want) const {
    const Rule& asked = impl_->rules[rule];
    const BoundBrand& bound = impl_->brands[brand];
    const auto& ids = impl_->ids[rule];
    std::vector<Sample> out;
    const auto sample = [&](const detect::GroupValues& group) {
        const Reading reading{*asked.program, asked.thresholds, ids, windows, brand, group, now, bound.zone};
        out.push_back(make_sample(asked, bound, reading, want));
    };
    if (asked.by.empty()) {
        sample({});
        return out;
    }
    for (const auto& group : groups_of(asked, ids, brand, windows, extra)) sample(group);
    return out;
}

Labels RuleSet::labels_of(std::size_t rule, BrandIndex brand, const detect::GroupValues& group) const {
    return alert_labels(impl_->rules[rule], impl_->brands[brand], group);
}

RuleChanges compare_rules(const std::vector<Rule>& before, const std::vector<Rule>& after) {
    std::map<RuleId, const Rule*> old;
    for (const Rule& rule : before) old.emplace(rule.id, &rule);
    RuleChanges out;
    for (const Rule& rule : after) {
        const auto found = old.find(rule.id);
        if (found == old.end()) {
            out.gained.push_back(rule.id);
            continue;
        }
        if (!same_rule(*found->second, rule)) out.changed.push_back(rule.id);
        old.erase(found);
    }
    for (const auto& [id, rule] : old) out.lost.push_back(id);
    return out;
}

}  // namespace vigie::rules
