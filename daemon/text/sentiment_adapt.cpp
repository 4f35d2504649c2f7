#include "vigie/text/sentiment_adapt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <unordered_map>
#include <utility>

#include "text/sentiment_features.hpp"
#include "text/sentiment_ridge.hpp"
#include "text/weights.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t classes = 3;
constexpr std::size_t parts = 5;
constexpr std::size_t gram_words = 6;
constexpr double tolerated_f1_loss = 0.005;
constexpr std::size_t gain_resamples = 1000;
constexpr std::array<float, 5> ridges = {300, 100, 30, 10, 3};  // from gentle to strong

using Indices = std::vector<std::uint32_t>;

// Hashes of a text's runs of six words, or of all of a shorter one.
std::vector<std::uint64_t> grams_of(const SentimentUnits& units) {
    std::vector<std::uint64_t> words;
    for (const auto& unit : units.all())
        if (unit.kind == SentimentUnits::Kind::word) words.push_back(hash64(units.view(unit)));
    std::vector<std::uint64_t> grams;
    const std::size_t width = std::min(gram_words, words.size());
    for (std::size_t i = 0; width > 0 && i + width <= words.size(); ++i)
        grams.push_back(std::accumulate(words.begin() + static_cast<std::ptrdiff_t>(i),
                                        words.begin() + static_cast<std::ptrdiff_t>(i + width), std::uint64_t{0}, next_word));
    return grams;
}

struct Labels {
    std::vector<RidgeSample> samples;
    std::vector<std::uint32_t> buckets;  // of the feature numbers that the samples use
    std::vector<std::size_t> group;      // near copies have the same number
    std::size_t silent = 0, repeated = 0;
};

class Reader {
public:
    explicit Reader(const Weights& weights) : weights_(weights) {}

    Labels read(const std::vector<LabelledText>& texts) {
        for (const LabelledText& text : texts) add(text);
        std::vector<bool> seen(parent_.size());
        for (std::size_t i = 0; i < parent_.size(); ++i) {
            out_.group.push_back(root(i));
            if (seen[root(i)]) ++out_.repeated;
            seen[root(i)] = true;
        }
        return std::move(out_);
    }

private:
    void add(const LabelledText& text) {
        const std::vector<Feature>& features = extractor_.read(text.text, text.language, weights_.bits, weights_.valences);
        if (features.empty()) {
            ++out_.silent;
            return;
        }
        RidgeSample sample;
        sample.truth = static_cast<std::size_t>(text.label);
        for (const Feature& feature : features) {
            const auto [at, fresh] = numbers_.emplace(feature.bucket, static_cast<std::uint32_t>(out_.buckets.size()));
            if (fresh) out_.buckets.push_back(feature.bucket);
            sample.features.emplace_back(at->second, feature.value);
            const char* row = weights_.row(feature.bucket);
            for (std::size_t k = 0; k < classes; ++k)
                sample.base[k] += feature.value * weights_.scale * static_cast<float>(static_cast<signed char>(row[k]));
        }
        const std::size_t own = parent_.size();
        parent_.push_back(own);
        units_.read(text.text);
        for (const std::uint64_t gram : grams_of(units_)) parent_[root(own)] = root(first_.emplace(gram, own).first->second);
        out_.samples.push_back(std::move(sample));
    }

    std::size_t root(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }

    const Weights& weights_;
    SentimentFeatures extractor_;
    SentimentUnits units_;
    std::unordered_map<std::uint32_t, std::uint32_t> numbers_;
    std::unordered_map<std::uint64_t, std::size_t> first_;  // text that holds a gram
    std::vector<std::size_t> parent_;
    Labels out_;
};

// Deals the groups out, class by class, so that each part has its share of each.
std::vector<std::size_t> deal(const Labels& labels) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < labels.group.size(); ++i)
        if (labels.group[i] == i) order.push_back(i);
    std::mt19937_64 random(1);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return labels.samples[a].truth < labels.samples[b].truth; });
    std::vector<std::size_t> slot(labels.group.size());
    for (std::size_t i = 0; i < order.size(); ++i) slot[order[i]] = i % parts;
    for (std::size_t i = 0; i < slot.size(); ++i) slot[i] = slot[labels.group[i]];
    return slot;
}

template <class Test>
Indices where(const std::vector<std::size_t>& slots, Test&& test) {
    Indices out;
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (test(slots[i])) out.push_back(static_cast<std::uint32_t>(i));
    return out;
}

Judged judged(const RidgeSample& sample, const Delta* delta) {
    return {static_cast<SentimentLabel>(sample.truth), ridge_probabilities(sample, delta)};
}

// Each text's log loss with its weight.
double sum_of_losses(const std::vector<RidgeSample>& samples, const Indices& which, const Delta* delta) {
    double sum = 0;
    for (const std::uint32_t i : which) sum += static_cast<double>(samples[i].weight) * log_loss(judged(samples[i], delta));
    return sum;
}

// What each part's texts lose under each ridge, by models that learnt from the other parts; at position ridges.size() without any change.
struct Trials {
    std::array<std::array<double, ridges.size() + 1>, parts> losses{};  // sums, not means
    std::array<std::array<Delta, ridges.size()>, parts> deltas;

    Trials(const Labels& labels, const std::vector<std::size_t>& slots) {
        for (std::size_t part = 0; part < parts; ++part) {
            const Indices learnt = where(slots, [&](std::size_t s) { return s != part; });
            const Indices told = where(slots, [&](std::size_t s) { return s == part; });
            losses[part][ridges.size()] = sum_of_losses(labels.samples, told, nullptr);
            for (std::size_t i = 0; i < ridges.size(); ++i) {
                deltas[part][i] = ridge_fit(labels.samples, learnt, labels.buckets.size(), ridges[i]);
                losses[part][i] = sum_of_losses(labels.samples, told, &deltas[part][i]);
            }
        }
    }

    /// The position of the best ridge on all parts but one (or on all): ridges.size() where no change is best.
    std::size_t best(std::size_t left_out) const {
        std::array<double, ridges.size() + 1> sums{};
        for (std::size_t part = 0; part < parts; ++part)
            for (std::size_t i = 0; i < sums.size() && part != left_out; ++i) sums[i] += losses[part][i];
        return static_cast<std::size_t>(std::min_element(sums.begin(), sums.end()) - sums.begin());
    }
};

void balance(std::vector<RidgeSample>& samples, const std::array<std::size_t, classes>& counts) {
    for (RidgeSample& sample : samples)
        sample.weight = static_cast<float>(samples.size()) / static_cast<float>(classes * counts[sample.truth]);
}

Figure gain_of(const std::vector<RidgeSample>& samples, const std::vector<Judged>& before, const std::vector<Judged>& after) {
    std::vector<double> gains;
    for (std::size_t i = 0; i < samples.size(); ++i)
        gains.push_back(static_cast<double>(samples[i].weight) * (log_loss(before[i]) - log_loss(after[i])));
    const auto count = static_cast<double>(gains.size());
    std::mt19937_64 random(1);
    std::vector<double> means;
    for (std::size_t r = 0; r < gain_resamples; ++r) {
        double sum = 0;
        for (std::size_t i = 0; i < gains.size(); ++i) sum += gains[random() % gains.size()];
        means.push_back(sum / count);
    }
    std::sort(means.begin(), means.end());
    return {std::accumulate(gains.begin(), gains.end(), 0.0) / count, means[gain_resamples / 40],
            means[gain_resamples - 1 - gain_resamples / 40]};
}

// The base's rows with what was learnt added, on a scale that holds the largest.
std::string moved(const Weights& base, const std::vector<std::uint32_t>& buckets, const Delta& delta) {
    std::unordered_map<std::uint32_t, std::array<float, classes>> rows;
    float largest = 127 * base.scale;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        std::array<float, classes>& row = rows[buckets[i]];
        for (std::size_t k = 0; k < classes; ++k) {
            row[k] = base.scale * static_cast<float>(static_cast<signed char>(base.row(buckets[i])[k])) + delta[i][k];
            largest = std::max(largest, std::fabs(row[k]));
        }
    }
    Weights out = base;
    out.scale = largest / 127;
    std::string bytes(base.rows);
    const auto step = [&](float weight) { return static_cast<char>(static_cast<signed char>(std::lround(weight / out.scale))); };
    if (out.scale != base.scale)
        for (char& byte : bytes) byte = step(base.scale * static_cast<float>(static_cast<signed char>(byte)));
    for (const auto& [bucket, row] : rows)
        for (std::size_t k = 0; k < classes; ++k) bytes[std::size_t{bucket} * base.stride + k] = step(row[k]);
    out.rows = bytes;
    return write_weights(out);
}

}  // namespace

Result<SentimentAdaptation> adapt_sentiment(const SentimentModel& base, const std::vector<LabelledText>& texts) {
    if (texts.size() > max_adaptation_labels)
        return Error(Errc::limit, std::to_string(texts.size()) + " labels, expected at most " + std::to_string(max_adaptation_labels));
    const Weights weights = read_weights(base.bytes()).value();
    Labels labels = Reader(weights).read(texts);
    std::array<std::size_t, classes> counts{};
    for (const RidgeSample& sample : labels.samples) ++counts[sample.truth];
    if (labels.samples.size() < min_adaptation_labels)
        return Error(Errc::invalid, std::to_string(labels.samples.size()) + " labelled texts with words in them, expected at least " +
                                        std::to_string(min_adaptation_labels) + "; a few hundred are worth the while");
    for (std::size_t k = 0; k < classes; ++k) {
        if (counts[k] >= min_adaptation_labels_of_class) continue;
        return Error(Errc::invalid, std::to_string(counts[k]) + " texts are labelled " +
                                        std::string(to_string(static_cast<SentimentLabel>(k))) + ", expected at least " +
                                        std::to_string(min_adaptation_labels_of_class) +
                                        " of each of negative, neutral and positive: a model that sees fewer unlearns them");
    }
    balance(labels.samples, counts);

    SentimentAdaptation out;
    out.silent = labels.silent;
    out.repeated = labels.repeated;
    const std::vector<std::size_t> slots = deal(labels);
    const Trials trials(labels, slots);
    std::vector<Judged> before, after;
    for (std::size_t i = 0; i < labels.samples.size(); ++i) {
        const std::size_t ridge = trials.best(slots[i]);
        before.push_back(judged(labels.samples[i], nullptr));
        after.push_back(judged(labels.samples[i], ridge < ridges.size() ? &trials.deltas[slots[i]][ridge] : nullptr));
    }
    out.before = figures_of(before);
    out.after = figures_of(after);
    out.gain = gain_of(labels.samples, before, after);

    Delta delta(labels.buckets.size());
    const std::size_t ridge = trials.best(parts);
    if (ridge < ridges.size()) {
        Indices all(labels.samples.size());
        std::iota(all.begin(), all.end(), 0U);
        delta = ridge_fit(labels.samples, all, labels.buckets.size(), ridges[ridge]);
        out.strength = static_cast<double>(1 / ridges[ridge]);
    }
    out.weights = moved(weights, labels.buckets, delta);
    out.helps = out.strength > 0 && out.gain.low > 0 && out.after.macro_f1.value >= out.before.macro_f1.value - tolerated_f1_loss;
    return out;
}

}  // namespace vigie::text
