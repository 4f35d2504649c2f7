#include "averaged_softmax.hpp"

#include <algorithm>

#include "corpus.hpp"

namespace vigie::train {
namespace {

struct Cell {
    Row weight{}, squares{};
};

Row sums(const std::vector<Cell>& cells, const std::vector<Sample::Feature>& features, const std::vector<float>& spans) {
    Row out{};
    for (const auto& f : features) {
        const float value = f.value * spans[f.bucket];
        for (std::size_t k = 0; k < 4; ++k) out[k] += cells[f.bucket].weight[k] * value;
    }
    return out;
}

Row softmax(const Row& sums) {
    const float top = std::max({sums[0], sums[1], sums[2]});
    Row p{};
    float total = 0;
    for (std::size_t k = 0; k < moods; ++k) total += p[k] = std::exp(sums[k] - top);
    for (std::size_t k = 0; k < moods; ++k) p[k] /= total;
    return p;
}

void step(std::vector<Cell>& cells, const std::vector<Sample::Feature>& features, const Sample& sample, const Recipe& recipe,
          const std::vector<float>& spans, const std::vector<float>& counts) {
    Row error = softmax(sums(cells, features, spans));
    error[sample.truth] -= 1;
    for (float& e : error) e *= sample.weight;
    for (const auto& f : features) {
        Cell& cell = cells[f.bucket];
        const float value = f.value * spans[f.bucket];
        const float shrink = recipe.shrink / std::max(1.0F, counts[f.bucket]);
        for (std::size_t k = 0; k < 4; ++k) {
            const float gradient = error[k] * value + cell.weight[k] * shrink;
            cell.squares[k] += gradient * gradient;
            cell.weight[k] -= recipe.rate * gradient / std::sqrt(cell.squares[k] + 1e-6F);
        }
    }
}

void add_one_model(std::vector<Row>& mean, const std::vector<Sample>& samples, const Recipe& recipe, const std::vector<float>& spans,
                   const std::vector<float>& counts, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Cell> cells(mean.size());
    std::vector<std::size_t> order(samples.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const int looks = 2 * (recipe.epochs - 1);  // twice an epoch from the second on
    for (int epoch = 0; epoch < recipe.epochs; ++epoch) {
        shuffle(order, random);
        for (std::size_t i = 0; i < order.size(); ++i) {
            const Sample& sample = samples[order[i]];
            const auto& features = random() % static_cast<unsigned>(recipe.untold) == 0 ? sample.untold : sample.told;
            step(cells, features, sample, recipe, spans, counts);
            const bool look = i + 1 == order.size() || i + 1 == order.size() / 2;
            if (!look || epoch == 0) continue;
            const float share = 1.0F / static_cast<float>(looks * recipe.seeds);
            for (std::size_t b = 0; b < mean.size(); ++b)
                for (std::size_t k = 0; k < moods; ++k) mean[b][k] += cells[b].weight[k] * spans[b] * share;
        }
    }
}

}  // namespace

std::vector<float> class_spans(const std::vector<Sample>& samples, unsigned bits, std::vector<float>& counts) {
    std::vector<Row> seen(std::size_t{1} << bits);
    counts.assign(seen.size(), 0);
    Row totals{};
    for (const Sample& sample : samples) {
        totals[sample.truth] += sample.weight;
        for (const auto& f : sample.told) {
            seen[f.bucket][sample.truth] += sample.weight;
            counts[f.bucket] += 1;
        }
    }
    std::vector<float> spans(seen.size());
    for (std::size_t b = 0; b < seen.size(); ++b) {
        std::array<float, moods> logs;
        for (std::size_t k = 0; k < moods; ++k) logs[k] = std::log((seen[b][k] + 1) / totals[k]);
        const auto [low, high] = std::minmax_element(logs.begin(), logs.end());
        spans[b] = 0.1F + *high - *low;
    }
    return spans;
}

std::vector<Row> train(const std::vector<Sample>& samples, const Recipe& recipe, std::uint64_t seed) {
    std::vector<float> counts;
    const std::vector<float> spans = class_spans(samples, recipe.bits, counts);
    std::vector<Row> mean(spans.size());
    for (int i = 0; i < recipe.seeds; ++i) add_one_model(mean, samples, recipe, spans, counts, seed + static_cast<std::uint64_t>(i));
    return mean;
}

std::array<float, moods> probabilities(const std::vector<Row>& rows, const std::vector<Sample::Feature>& features) {
    Row out{};
    for (const auto& f : features)
        for (std::size_t k = 0; k < moods; ++k) out[k] += rows[f.bucket][k] * f.value;
    const Row p = softmax(out);
    return {p[0], p[1], p[2]};
}

}  // namespace vigie::train
