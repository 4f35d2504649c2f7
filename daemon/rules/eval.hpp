// Computes compiled expressions over windows, with or without an explanation.
// Thread-safety: an Evaluation belongs to one thread; all that it reads is const.
#pragma once

#include <optional>
#include <vector>

#include "rules/program.hpp"
#include "rules/zone.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/detect/windows.hpp"

namespace vigie::rules {

/// Where the numbers of an evaluation come from.
struct Reading {
    const Program& program;
    const std::vector<Threshold>& thresholds;
    const std::vector<detect::SelectorId>& ids;  ///< of the program's selectors, in the windows
    const detect::Windows& windows;
    BrandIndex brand;
    const detect::GroupValues& group;
    Time now;
    const Zone& zone;
};

/// Pseudo-mentions that share() adds to its divisor: so few mentions cannot make a large share (2 of 2 is 50%, 20 of 20 is 91%). It is the
/// posterior mean of a binomial share in the limit of a Beta(0, 2) prior, that is additive smoothing towards zero (Gelman et al., Bayesian
/// Data Analysis, 3rd ed., section 2.4).
inline constexpr double share_smoothing = 2;

class Evaluation {
public:
    explicit Evaluation(const Reading& from) : from_(from), memo_(from.program.values.size()) {}

    /// The value of a number (durations in seconds), or 0 and 1 for a truth; no value follows three-valued logic (Kleene): `and` with a
    /// falsehood is false, `or` with a truth is true, all else is no value. Fills `why` in if it is given.
    std::optional<double> evaluate(const Expr& expr, Explanation* why = nullptr);

    /// Series read so far, and those of them that had a value. hour() and weekday() are no series.
    int read() const noexcept { return read_; }
    int valued() const noexcept { return valued_; }

private:
    using Number = std::optional<double>;
    struct Memo {
        bool known = false;
        bool explained = false;  ///< shown once; a second showing in one explanation would make it grow exponentially
        Number value;
    };

    Number compute(const Expr& expr, Explanation* why);
    Number part(const Expr& expr, std::size_t index, Explanation* why);
    Number series(std::uint32_t selector);
    Number named(const Expr& expr, Explanation* why);
    Number share(const Expr& expr, Explanation* why);
    Number share_of(const Expr& expr, Explanation* why);
    Number delta(const Expr& expr, Explanation* why);
    Number slope(const Expr& expr, Explanation* why);
    Number extreme(const Expr& expr, Explanation* why);
    Number logic(const Expr& expr, Explanation* why);
    Number binary(const Expr& expr, Explanation* why);

    const Reading& from_;
    std::vector<Memo> memo_;
    int read_ = 0, valued_ = 0;
};

}  // namespace vigie::rules
