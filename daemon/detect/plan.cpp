#include "detect/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "detect/edge.hpp"
#include "detect/wrap.hpp"

namespace vigie::detect {
namespace {

constexpr double count_scale = 1e6;
constexpr double max_count = 1e12;

struct Columns {
    Column value;
    std::optional<Column> per;
    bool mean;
    double scale;
};

Columns columns_of(Metric metric) {
    switch (metric) {
        case Metric::mentions:
            return {Column::mentions, std::nullopt, false, 1};
        case Metric::negative:
            return {Column::negative, std::nullopt, false, 1};
        case Metric::positive:
            return {Column::positive, std::nullopt, false, 1};
        case Metric::neutral:
            return {Column::neutral, std::nullopt, false, 1};
        case Metric::sentiment:
            return {Column::polarity, Column::mentions, true, 10000};
        case Metric::reach:
            return {Column::reach, std::nullopt, false, 1};
        case Metric::max_reach:
            return {Column::max_reach, std::nullopt, false, 1};
        case Metric::engagement:
            return {Column::engagement, std::nullopt, false, 1};
        case Metric::reposts:
            return {Column::reposts, std::nullopt, false, 1};
        case Metric::originals:
            return {Column::originals, std::nullopt, false, 1};
        case Metric::authors:
            return {Column::authors, std::nullopt, false, 1};
        case Metric::new_authors:
            return {Column::new_authors, std::nullopt, false, 1};
        case Metric::counts:
            return {Column::count_value, Column::count_records, false, count_scale};
        case Metric::rating:
            return {Column::rating_sum, Column::ratings, true, 100};
        case Metric::low_ratings:
            return {Column::low_ratings, std::nullopt, false, 1};
        case Metric::weighted:
            return {Column::weighted, std::nullopt, false, 1000};
        case Metric::copies:
            return {Column::copies, std::nullopt, false, 1};
    }
    return {Column::mentions, std::nullopt, false, 1};
}

bool is_count(Column column) {
    return column == Column::count_value || column == Column::count_records;
}

std::int32_t minutes_of(Duration d) {
    const auto whole = std::chrono::duration_cast<std::chrono::minutes>(d).count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(whole, 0, max_minutes));
}

/// Gives each distinct (column, matchers, by) a series.
class Builder {
public:
    explicit Builder(Plan& plan) : plan_(plan) {}

    std::size_t series(Column column, const Selector& selector, std::int32_t lead, std::int32_t trail) {
        std::vector<LabelMatcher> matchers = selector.matchers;
        std::sort(matchers.begin(), matchers.end());
        const auto [filter, new_filter] = filters_.try_emplace(matchers, plan_.filters.size());
        if (new_filter) plan_.filters.emplace_back(matchers);
        std::vector<Label> by;
        for (const std::string& name : selector.by) by.push_back(parse_label(name).value_or(Label::platform));
        const auto [found, is_new] = series_.try_emplace({column, filter->second, by}, plan_.series.size());
        if (is_new) plan_.series.push_back(SeriesDef{column, filter->second, by, {}});
        SeriesDef& def = plan_.series[found->second];
        if (lead > 0) def.edges.push_back(lead);
        def.edges.push_back(trail);
        (is_count(column) ? plan_.counts : plan_.cells) = true;
        return found->second;
    }

private:
    Plan& plan_;
    std::map<std::vector<LabelMatcher>, std::size_t> filters_;
    std::map<std::tuple<Column, std::size_t, std::vector<Label>>, std::size_t> series_;
};

}  // namespace

std::int64_t column_value(Column column, const Counters& sums) noexcept {
    switch (column) {
        case Column::mentions:
            return sums.mentions;
        case Column::negative:
            return sums.negative;
        case Column::positive:
            return sums.positive;
        case Column::neutral:
            return sums.neutral;
        case Column::polarity:
            return sums.polarity;
        case Column::reach:
            return sums.reach;
        case Column::max_reach:
            return sums.max_reach;
        case Column::engagement:
            return sums.engagement;
        case Column::reposts:
            return sums.reposts;
        case Column::originals:
            return wrap_sub(sums.mentions, sums.reposts);
        case Column::new_authors:
            return sums.new_authors;
        case Column::rating_sum:
            return sums.rating_sum;
        case Column::ratings:
            return sums.ratings;
        case Column::low_ratings:
            return sums.low_ratings;
        case Column::weighted:
            return sums.weighted;
        case Column::authors:
        case Column::copies:
        case Column::count_value:
        case Column::count_records:
            break;
    }
    return 0;
}

std::int64_t to_millionths(double value) noexcept {
    if (!std::isfinite(value)) return 0;
    return std::llround(std::clamp(value, -max_count, max_count) * count_scale);
}

std::uint32_t SeriesDef::edge_index(std::int32_t back) const noexcept {
    return static_cast<std::uint32_t>(std::lower_bound(edges.begin(), edges.end(), back) - edges.begin());
}

Plan::Plan(const std::vector<Selector>& list) {
    Builder builder(*this);
    for (const Selector& selector : list) {
        const Columns columns = columns_of(selector.metric);
        SelectorPlan made;
        made.lead = minutes_of(selector.offset);
        made.trail = minutes_of(selector.offset + selector.window);
        made.value = builder.series(columns.value, selector, made.lead, made.trail);
        if (columns.per) made.per = builder.series(*columns.per, selector, made.lead, made.trail);
        made.mean = columns.mean;
        made.scale = columns.scale;
        selectors.push_back(made);
    }
    for (SeriesDef& def : series) {
        std::sort(def.edges.begin(), def.edges.end());
        def.edges.erase(std::unique(def.edges.begin(), def.edges.end()), def.edges.end());
    }
}

}  // namespace vigie::detect
