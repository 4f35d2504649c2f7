#include "vigie/text/sentiment_figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>

namespace vigie::text {
namespace {

constexpr std::size_t classes = 3;
constexpr std::size_t resamples = 500;
constexpr std::size_t windows = 400;
constexpr std::size_t correlation_resamples = 100;
constexpr std::size_t min_of_class = 20;
constexpr std::size_t bins = 10;

using Indices = std::vector<std::uint32_t>;
using Table = std::array<std::array<double, classes>, classes>;  // truth, answer

// The same numbers with every standard library, unlike its distributions.
class Random {
public:
    std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
    double unit() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
    /// Gamma(1.5): half a squared normal and an exponential.
    double gamma_three_halves() {
        const double normal = std::sqrt(-2 * std::log(unit())) * std::cos(6.283185307179586 * unit());
        return normal * normal / 2 - std::log(unit());
    }

private:
    std::mt19937_64 engine_{1};
};

std::size_t truth_of(const Judged& text) {
    return static_cast<std::size_t>(text.truth);
}
std::size_t answer_of(const Judged& text) {
    return static_cast<std::size_t>(std::max_element(text.p.begin(), text.p.end()) - text.p.begin());
}

double ratio(double a, double b) {
    return b > 0 ? a / b : 0;
}

double accuracy(const Table& t) {
    double all = 0;
    for (const auto& row : t)
        for (const double n : row) all += n;
    return ratio(t[0][0] + t[1][1] + t[2][2], all);
}

double recall(const Table& t, std::size_t k) {
    return ratio(t[k][k], t[k][0] + t[k][1] + t[k][2]);
}

double macro_recall(const Table& t) {
    return (recall(t, 0) + recall(t, 1) + recall(t, 2)) / 3;
}

double macro_f1(const Table& t) {
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k) {
        double both = 0;
        for (std::size_t j = 0; j < classes; ++j) both += t[k][j] + t[j][k];
        sum += ratio(2 * t[k][k], both);
    }
    return sum / classes;
}

struct Spread {
    std::vector<double> values;
    Figure around(double value) {
        std::sort(values.begin(), values.end());
        const auto at = [&](double share) { return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))]; };
        return {value, at(0.025), at(0.975)};
    }
};

void fill(Indices& indices, std::size_t count, Random& random) {
    for (std::uint32_t& index : indices) index = random.below(count);
}

Indices all_of(std::size_t count) {
    Indices all(count);
    for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<std::uint32_t>(i);
    return all;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    const auto n = static_cast<double>(a.size());
    double sum_a = 0, sum_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum_a += a[i];
        sum_b += b[i];
    }
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i] - sum_a / n, y = b[i] - sum_b / n;
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return aa * bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

// None of it where a class is missing among the indices.
std::optional<double> window_correlation(const std::vector<Judged>& texts, const Indices& indices, Random& random) {
    std::array<Indices, classes> of_class;
    for (const std::uint32_t i : indices) of_class[truth_of(texts[i])].push_back(i);
    for (const Indices& some : of_class)
        if (some.empty()) return std::nullopt;
    std::vector<double> truth(windows), told(windows);
    for (std::size_t w = 0; w < windows; ++w) {
        const std::array<double, classes> shares{random.gamma_three_halves(), random.gamma_three_halves(), random.gamma_three_halves()};
        const double total = shares[0] + shares[1] + shares[2];
        for (std::size_t i = 0; i < window_posts; ++i) {
            const double at = random.unit() * total;
            const std::size_t k = at < shares[0] ? 0U : at < shares[0] + shares[1] ? 1U : 2U;
            const Judged& text = texts[of_class[k][random.below(of_class[k].size())]];
            truth[w] += static_cast<double>(k) - 1;
            told[w] += static_cast<double>(text.p[2]) - static_cast<double>(text.p[0]);
        }
    }
    return correlation(truth, told);
}

std::optional<Figure> correlation_figure(const std::vector<Judged>& texts, const std::array<double, classes>& totals) {
    const bool enough = std::all_of(totals.begin(), totals.end(), [](double n) { return n >= min_of_class; });
    if (texts.size() < window_posts || !enough) return std::nullopt;
    Random random;
    const std::optional<double> value = window_correlation(texts, all_of(texts.size()), random);
    if (!value) return std::nullopt;
    Spread spread;
    Indices indices(texts.size());
    for (std::size_t r = 0; r < correlation_resamples; ++r) {
        fill(indices, texts.size(), random);
        if (const auto one = window_correlation(texts, indices, random)) spread.values.push_back(*one);
    }
    return spread.around(*value);
}

double calibration_error(const std::vector<Judged>& texts, const std::array<double, classes>& totals) {
    std::array<std::array<double, 3>, bins> sums{};  // weight, confidence, right
    double all = 0;
    for (const Judged& text : texts) {
        const double weight = ratio(1, totals[truth_of(text)]);
        const double confidence = static_cast<double>(text.p[answer_of(text)]);
        auto& bin = sums[std::min(bins - 1, static_cast<std::size_t>(confidence * bins))];
        bin[0] += weight;
        bin[1] += weight * confidence;
        bin[2] += weight * (answer_of(text) == truth_of(text) ? 1 : 0);
        all += weight;
    }
    double error = 0;
    for (const auto& bin : sums) error += std::fabs(bin[1] - bin[2]);
    return ratio(error, all);
}

}  // namespace

SentimentFigures figures_of(const std::vector<Judged>& texts) {
    SentimentFigures out;
    out.texts = texts.size();
    if (texts.empty()) return out;
    const auto table_of = [&](const Indices& indices) {
        Table table{};
        for (const std::uint32_t i : indices) ++table[truth_of(texts[i])][answer_of(texts[i])];
        return table;
    };
    const Table table = table_of(all_of(texts.size()));
    std::array<Spread, 4> spreads;
    Random random;
    Indices indices(texts.size());
    for (std::size_t r = 0; r < resamples; ++r) {
        fill(indices, texts.size(), random);
        const Table one = table_of(indices);
        spreads[0].values.push_back(accuracy(one));
        spreads[1].values.push_back(macro_f1(one));
        spreads[2].values.push_back(macro_recall(one));
        spreads[3].values.push_back(recall(one, 0));
    }
    out.accuracy = spreads[0].around(accuracy(table));
    out.macro_f1 = spreads[1].around(macro_f1(table));
    out.macro_recall = spreads[2].around(macro_recall(table));
    out.negative_recall = spreads[3].around(recall(table, 0));
    std::array<double, classes> totals{};
    for (std::size_t k = 0; k < classes; ++k) totals[k] = table[k][0] + table[k][1] + table[k][2];
    out.window_correlation = correlation_figure(texts, totals);
    out.calibration_error = calibration_error(texts, totals);
    return out;
}

double log_loss(const Judged& text) noexcept {
    return -std::log(std::max(1e-6, static_cast<double>(text.p[truth_of(text)])));
}

}  // namespace vigie::text
