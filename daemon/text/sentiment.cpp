#include "vigie/text/sentiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "text/sentiment_features.hpp"
#include "text/weights.hpp"

namespace vigie::text {
namespace {

constexpr std::uint32_t classes = 3;

}  // namespace

struct SentimentModel::Impl {
    std::string kept;  // empty where the bytes are someone else's
    std::string_view bytes;
    Weights weights;

    Sentiment score(std::string_view text, std::string_view language) const {
        thread_local SentimentFeatures extractor;  // kept for its memory
        const std::vector<Feature>& features = extractor.read(text, language, weights.bits, weights.valences);
        return features.empty() ? Sentiment{} : softmax(features);
    }

    Sentiment softmax(const std::vector<Feature>& features) const {
        // Three names and no array: sums in memory would make each addition wait for the store of the one before.
        float negative = 0, neutral = 0, positive = 0;
        const auto weight = [](char byte) { return static_cast<float>(static_cast<signed char>(byte)); };
        for (const Feature& feature : features) {
            const char* row = weights.row(feature.bucket);
            negative += feature.value * weight(row[0]);
            neutral += feature.value * weight(row[1]);
            positive += feature.value * weight(row[2]);
        }
        const std::array<float, classes> sums{negative, neutral, positive};
        Sentiment sentiment;
        const float top = *std::max_element(sums.begin(), sums.end());
        float total = 0;
        for (std::size_t k = 0; k < classes; ++k) total += sentiment.p[k] = std::exp((sums[k] - top) * weights.scale);
        for (float& p : sentiment.p) p /= total;
        const auto best = std::max_element(sentiment.p.begin(), sentiment.p.end()) - sentiment.p.begin();
        sentiment.label = static_cast<SentimentLabel>(best);
        return sentiment;
    }
};

SentimentModel::SentimentModel(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
SentimentModel::SentimentModel(SentimentModel&&) noexcept = default;
SentimentModel& SentimentModel::operator=(SentimentModel&&) noexcept = default;
SentimentModel::~SentimentModel() = default;

const SentimentModel& SentimentModel::shipped() {
    static const SentimentModel model = load(shipped_sentiment_weights()).value();
    return model;
}

Result<SentimentModel> SentimentModel::load(std::string_view bytes) {
    Result<Weights> weights = read_weights(bytes);
    if (!weights) return std::move(weights).error();
    if (weights->classes != classes) return Error(Errc::corrupt, "weight file: not a sentiment model");
    return SentimentModel(std::make_unique<const Impl>(Impl{{}, bytes, std::move(weights).value()}));
}

Result<SentimentModel> SentimentModel::keep(std::string bytes) {
    auto impl = std::make_unique<Impl>();
    impl->kept = std::move(bytes);
    impl->bytes = impl->kept;
    const Result<SentimentModel> loaded = load(impl->bytes);
    if (!loaded) return loaded.error();
    impl->weights = loaded->impl_->weights;
    return SentimentModel(std::move(impl));
}

std::string_view SentimentModel::bytes() const noexcept {
    return impl_->bytes;
}

Sentiment SentimentModel::score(std::string_view text, std::string_view language) const {
    return impl_->score(text, language);
}

}  // namespace vigie::text
