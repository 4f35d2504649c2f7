#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "vigie/core/untrusted.hpp"
#include "vigie/rules/test_file.hpp"

namespace vigie::rules {
namespace {

constexpr double largest_value = 1e15;

/// One blank-separated word of the notation.
class Word {
public:
    explicit Word(std::string_view text) : text_(text) {}

    /// Appends its values; false if it is none of the notation's forms.
    bool expand(std::vector<std::optional<double>>& out) {
        if (!text_.empty() && text_.front() == '_') return missing(out);
        double value = 0, step = 0;
        if (!number(value)) return false;
        char sign = '\0';
        if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) {
            sign = text_[at_++];
            if (!number(step)) return false;
        }
        std::size_t more = 0;
        if (at_ < text_.size() || sign != '\0') {
            if (!times(more)) return false;
        }
        if (sign == '-') step = -step;
        for (std::size_t i = 0; i <= more && out.size() <= max_series_values; ++i) out.emplace_back(value + step * static_cast<double>(i));
        return true;
    }

private:
    bool missing(std::vector<std::optional<double>>& out) {
        at_ = 1;
        std::size_t count = 1;
        if (at_ < text_.size() && !times(count)) return false;
        for (std::size_t i = 0; i < count && out.size() <= max_series_values; ++i) out.emplace_back(std::nullopt);
        return true;
    }

    bool number(double& value) {
        const char* begin = text_.data() + at_;
        const char* end = text_.data() + text_.size();
        const bool negative = begin != end && *begin == '-';
        if (begin + (negative ? 1 : 0) == end || begin[negative ? 1 : 0] < '0' || begin[negative ? 1 : 0] > '9') return false;
        const auto read = std::from_chars(begin, end, value, std::chars_format::fixed);
        if (read.ec != std::errc{} || std::fabs(value) > largest_value) return false;
        at_ = static_cast<std::size_t>(read.ptr - text_.data());
        return true;
    }

    bool times(std::size_t& count) {
        if (at_ >= text_.size() || text_[at_] != 'x') return false;
        const char* begin = text_.data() + at_ + 1;
        const char* end = text_.data() + text_.size();
        const auto read = std::from_chars(begin, end, count);
        return read.ec == std::errc{} && read.ptr == end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

Time end_of_interval(const Test& test, std::size_t k) {
    return test.start + test.interval * static_cast<std::int64_t>(k + 1);
}

AnalysedItem mention(const TestSeries& series, BrandIndex index, std::uint64_t functions, Time at, std::int64_t number) {
    AnalysedItem out;
    Item& item = out.item;
    item.id = fmt::format("series-{}-{}-{}", series.mark.line, series.mark.column, number);
    item.platform = series.platform;
    item.kind = series.kind;
    item.published = at;
    item.observed = at;
    item.text = Untrusted(fmt::format("Mention {} of the series.", number + 1));
    item.language = series.language;
    item.source = series.source;
    item.rating = series.rating;
    const std::int64_t account = series.authors == 0 ? number : number % series.authors;
    item.author.handle = Untrusted(fmt::format("author-{}-{}-{}", series.mark.line, series.mark.column, account));
    item.author.followers = series.followers;
    out.language = series.language;
    out.sentiment.label = series.sentiment;
    out.sentiment.p = {series.sentiment == SentimentLabel::negative ? 1.0F : 0.0F,
                       series.sentiment == SentimentLabel::neutral ? 1.0F : 0.0F,
                       series.sentiment == SentimentLabel::positive ? 1.0F : 0.0F};
    out.matches.push_back({index, functions});
    return out;
}

}  // namespace

Result<std::vector<std::optional<double>>> parse_series(std::string_view text) {
    static constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::optional<double>> out;
    std::size_t at = text.find_first_not_of(blanks);
    while (at != std::string_view::npos) {
        const std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (!Word(word).expand(out))
            return Error(Errc::parse, fmt::format("found `{}`, expected a value as in 4, 4x60, 1+2x3, 9-3x2, _ or _x5", excerpt(word, 40)),
                         std::to_string(at));
        if (out.size() > max_series_values)
            return Error(Errc::limit, fmt::format("found more than {} values, expected fewer", max_series_values), std::to_string(at));
        at = text.find_first_not_of(blanks, end);
    }
    if (out.empty()) return Error(Errc::parse, "found no values, expected some, as in 4x60 9 25", "0");
    return out;
}

std::vector<AnalysedItem> mentions_of(const Test& test, const TestSeries& series, BrandIndex index, const Brand& brand) {
    std::vector<AnalysedItem> out;
    if (!series.count.empty()) return out;
    std::uint64_t functions = 0;
    for (std::size_t i = 0; i < brand.functions.size() && i < 64; ++i)
        for (const std::string& wanted : series.functions)
            if (brand.functions[i].name == wanted) functions |= std::uint64_t{1} << i;
    for (std::size_t k = 0; k < series.values.size(); ++k) {
        const auto count = static_cast<std::int64_t>(series.values[k].value_or(0));
        for (std::int64_t i = count - 1; i >= 0; --i) {
            const Time at = end_of_interval(test, k) - Duration{test.interval.count() * i / count};
            out.push_back(mention(series, index, functions, at, static_cast<std::int64_t>(out.size())));
        }
    }
    return out;
}

std::vector<Count> counts_of(const Test& test, const TestSeries& series) {
    std::vector<Count> out;
    if (series.count.empty()) return out;
    for (std::size_t k = 0; k < series.values.size(); ++k) {
        if (!series.values[k]) continue;
        out.push_back(
            {series.count, series.brand, end_of_interval(test, k) - test.interval, test.interval, *series.values[k], series.source});
    }
    return out;
}

}  // namespace vigie::rules
