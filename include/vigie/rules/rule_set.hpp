// All rules of all files, bound to the brands of a configuration: what the engine evaluates.
// Thread-safety: one owner at a time (the ledger thread); evaluate() reads only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/brand.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/detect/selector.hpp"
#include "vigie/detect/windows.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/rules/rule.hpp"
#include "vigie/rules/sample.hpp"

namespace vigie::rules {

/// What evaluate() fills in beyond labels, fingerprint, holds, clear and has_data.
enum class Want : std::uint8_t {
    if_holds,  ///< values, explanation and annotations of samples that hold; the others go without
    all,       ///< of every sample
};

class RuleSet {
public:
    RuleSet();
    /// Takes the rules of all files, in their order.
    explicit RuleSet(std::vector<Rule> rules);
    ~RuleSet();
    RuleSet(RuleSet&&) noexcept;
    RuleSet& operator=(RuleSet&&) noexcept;

    const std::vector<Rule>& rules() const noexcept;
    std::size_t size() const noexcept { return rules().size(); }
    const AlertPolicy& policy(std::size_t rule) const noexcept { return rules()[rule].policy; }
    /// The rule's position; size() where there is none of that identity.
    std::size_t find(const RuleId& id) const noexcept;

    /// Every selector that the rules read, each once, sorted: the list for detect::Windows. Does not depend on the brands.
    const std::vector<detect::Selector>& selectors() const noexcept;

    /// Chooses each rule's brands and looks up time zones (IANA names; a brand's own, else `default_timezone`, else UTC). To be called
    /// before evaluate(), and again for another brand list. Returns what a check should say: an error for an annotation that names a label
    /// none of its brands has, a warning for a rule that matches no brand. Errors: invalid, for an unknown time zone.
    Result<std::vector<doc::Diagnostic>> bind(const std::vector<Brand>& brands, const std::string& default_timezone);

    /// Positions of the rules that are asked of a brand; empty for a brand that bind() did not see.
    const std::vector<std::size_t>& rules_of(BrandIndex brand) const noexcept;
    /// The brands that a rule is asked of, ascending.
    const std::vector<BrandIndex>& brands_of(std::size_t rule) const noexcept;

    /// Changes a threshold for a backtest or a sweep: `rule` is the alert's name (every rule of that name), `text` as in a rule file.
    /// Errors: not_found (with the nearest known name), parse, invalid (another unit than the threshold has).
    Result<> set_threshold(std::string_view rule, std::string_view threshold, std::string_view text);

    /// One sample for the brand; with `by`, one for each group that any of the rule's selectors has a value for now and for each of `extra`
    /// (values of `by` in the rule's order, e.g. those of alerts that are active), sorted and each once. The rule must be asked of that
    /// brand. `windows` must have been built from selectors(). `now` tells hour() and weekday(); windows end at windows.now().
    std::vector<Sample> evaluate(std::size_t rule, BrandIndex brand, const detect::Windows& windows, Time now,
                                 const std::vector<detect::GroupValues>& extra = {}, Want want = Want::if_holds) const;

    /// The alert's labels of one group, without severity: what fingerprint() of them identifies.
    Labels labels_of(std::size_t rule, BrandIndex brand, const detect::GroupValues& group = {}) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// How two rule sets differ, for a reload's report: rules bound by file, group and name.
struct RuleChanges {
    std::vector<RuleId> gained, lost, changed;
    friend bool operator==(const RuleChanges&, const RuleChanges&) = default;
};
RuleChanges compare_rules(const std::vector<Rule>& before, const std::vector<Rule>& after);

}  // namespace vigie::rules
