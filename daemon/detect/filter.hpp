// Label matchers, compiled, and the values that a cell has for a label.
// Thread-safety: values; matching is const.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/detect/bucket.hpp"
#include "vigie/detect/selector.hpp"
#include "vigie/detect/windows.hpp"

namespace vigie::detect {

enum class Label : std::uint8_t { platform, language, function, source, kind, series };
std::optional<Label> parse_label(std::string_view name) noexcept;

/// Bounded memory, no log output; RE2 runs in linear time.
RE2::Options regex_options();

/// All of a selector's matchers. A mention has every one of its functions: function="hr" asks whether one of them is hr, and
/// function!="hr" whether none is; a mention without functions has the empty one.
class Filter {
public:
    explicit Filter(const std::vector<LabelMatcher>& matchers);
    bool matches(const CellKey& key) const;
    bool matches(const Bucket::CountKey& key) const;

private:
    struct Compiled {
        Label label;
        MatchOp op;
        std::string value;
        std::unique_ptr<RE2> regex;
        bool hits(std::string_view text) const;
        bool negated() const { return op == MatchOp::not_equal || op == MatchOp::not_regex; }
    };
    std::vector<Compiled> matchers_;
    bool never_ = false;
};

/// Puts into `groups` those that a cell belongs to when split by these labels: one, or one for each of its functions (none without).
void groups_of(const CellKey& key, const std::vector<Label>& by, std::vector<GroupValues>& groups);
GroupValues group_of(const Bucket::CountKey& key, const std::vector<Label>& by);

}  // namespace vigie::detect
