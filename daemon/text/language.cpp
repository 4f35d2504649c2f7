#include "vigie/text/language.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "text/language_features.hpp"
#include "text/weights.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t stride = 16;
constexpr std::size_t min_letters = 4;
// Log odds; docs/models.md says what they cost and give. A word alone is often one of several languages, or a name.
constexpr double min_margin = 0.4;
constexpr double min_margin_of_one_word = 1.0;

// Adds up rows of int8. Rows go into 16-bit lanes first, which hold 255 of them: a compiler that is not asked for more than SSE2 adds those
// at once, and the int32 sums one by one.
class RowSum {
public:
    void add(const char* row) noexcept {
        Bytes bytes;
        std::memcpy(&bytes, row, sizeof bytes);
        lanes_ += __builtin_convertvector(bytes, Lanes);
        if (++held_ == 255) flush();
    }
    const std::array<std::int32_t, stride>& total() noexcept {
        flush();
        return sums_;
    }

private:
    using Bytes = signed char __attribute__((vector_size(stride)));
    using Lanes = std::int16_t __attribute__((vector_size(2 * stride)));

    void flush() noexcept {
        for (std::size_t k = 0; k < stride; ++k) sums_[k] += lanes_[k];
        lanes_ = Lanes{};
        held_ = 0;
    }

    Lanes lanes_{};
    int held_ = 0;
    std::array<std::int32_t, stride> sums_{};
};

LanguageText& working_text() {
    thread_local LanguageText text;  // kept for its memory
    return text;
}

}  // namespace

struct LanguageModel::Impl {
    Weights weights;
    std::vector<std::string> languages;  // the classes without `undetermined`

    /// Leaves the prepared text in `prepared`.
    Guess guess(std::string_view text, LanguageText& prepared) const {
        prepare_language(text, prepared);
        if (prepared.latin_letters < min_letters || prepared.other_letters > prepared.latin_letters) return {undetermined, 0};
        RowSum rows;
        std::size_t features = 0;
        for_each_language_feature(prepared.prepared, weights.bits, [&](std::uint32_t bucket, int times) {
            for (int i = 0; i < times; ++i) rows.add(weights.row(bucket));
            features += static_cast<std::size_t>(times);
        });
        const auto& sums = rows.total();
        std::size_t best = 0;
        for (std::size_t k = 1; k < weights.classes; ++k)
            if (sums[k] > sums[best]) best = k;
        std::size_t second = best == 0 ? 1 : 0;
        for (std::size_t k = 0; k < weights.classes; ++k)
            if (k != best && sums[k] > sums[second]) second = k;
        const double scale = static_cast<double>(weights.scale) / std::sqrt(static_cast<double>(features));
        return {weights.names[best], (sums[best] - sums[second]) * scale};
    }
};

LanguageModel::LanguageModel(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
LanguageModel::LanguageModel(LanguageModel&&) noexcept = default;
LanguageModel& LanguageModel::operator=(LanguageModel&&) noexcept = default;
LanguageModel::~LanguageModel() = default;

const LanguageModel& LanguageModel::shipped() {
    static const LanguageModel model = load(shipped_language_weights()).value();
    return model;
}

Result<LanguageModel> LanguageModel::load(std::string_view bytes) {
    Result<Weights> weights = read_weights(bytes);
    if (!weights) return std::move(weights).error();
    if (weights->stride != stride || weights->classes < 2) return Error(Errc::corrupt, "weight file: not a language model");
    std::vector<std::string> languages = weights->names;
    std::erase(languages, undetermined);
    return LanguageModel(std::make_unique<const Impl>(Impl{std::move(weights).value(), std::move(languages)}));
}

LanguageModel::Guess LanguageModel::guess(std::string_view text) const {
    return impl_->guess(text, working_text());
}

std::string_view LanguageModel::detect(std::string_view text) const {
    LanguageText& prepared = working_text();
    const Guess best = impl_->guess(text, prepared);
    return best.margin < (prepared.words > 1 ? min_margin : min_margin_of_one_word) ? undetermined : best.language;
}

const std::vector<std::string>& LanguageModel::languages() const noexcept {
    return impl_->languages;
}

}  // namespace vigie::text
