// Label matchers as Alertmanager writes them: name="value", !=, =~, !~. For routes, silences and inhibition.
// Thread-safety: values; matching is const and may run on any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/labels.hpp"
#include "vigie/core/result.hpp"

namespace re2 {
class RE2;
}

namespace vigie::alerts {

enum class MatchOp : std::uint8_t { equal, not_equal, matches, not_matches };
std::string_view to_string(MatchOp op) noexcept;

/// A label that is missing counts as empty. Regular expressions are RE2's, anchored at both ends, at most 1 kB.
class Matcher {
public:
    /// Errors: invalid (a name that is no label name, an expression that does not compile), limit.
    static Result<Matcher> make(std::string name, MatchOp op, std::string value);

    bool matches(const Labels& labels) const;
    /// Whether it holds for a label that is empty or missing.
    bool matches_empty() const;
    const std::string& name() const noexcept { return name_; }
    MatchOp op() const noexcept { return op_; }
    const std::string& value() const noexcept { return value_; }
    /// name="value", quotes and backslashes escaped; parse_matcher reads it back.
    std::string text() const;
    friend bool operator==(const Matcher& a, const Matcher& b) noexcept {
        return a.name_ == b.name_ && a.op_ == b.op_ && a.value_ == b.value_;
    }

private:
    Matcher() = default;
    bool value_matches(std::string_view value) const;
    std::string name_;
    MatchOp op_ = MatchOp::equal;
    std::string value_;
    std::shared_ptr<const re2::RE2> regex_;
};

/// One matcher; the value may be quoted (escapes \" \\ \n) or bare. Errors: parse, with the column; those of Matcher::make.
Result<Matcher> parse_matcher(std::string_view text);
/// Any number of them, with commas between and braces around, or without. At most 64.
Result<std::vector<Matcher>> parse_matchers(std::string_view text);
/// Whether all of them hold.
bool all_match(const std::vector<Matcher>& matchers, const Labels& labels);
/// {a="b",c=~"d"}
std::string format_matchers(const std::vector<Matcher>& matchers);

}  // namespace vigie::alerts
