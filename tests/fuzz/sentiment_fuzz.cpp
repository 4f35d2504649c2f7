// Any bytes as a text to score, and as a weight file: probabilities are probabilities, the same text says the same, the work is linear, and
// a file is refused or works.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "text/sentiment_features.hpp"
#include "text/weights.hpp"
#include "vigie/text/sentiment.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const Sentiment& s) {
    float total = 0;
    for (const float p : s.p) {
        require(std::isfinite(p) && p >= 0 && p <= 1);
        total += p;
    }
    require(std::fabs(total - 1) < 1e-4F);
    require(s.p[static_cast<std::size_t>(s.label)] >= *std::max_element(s.p.begin(), s.p.end()));
    require(s.polarity() >= -1 && s.polarity() <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr std::string_view languages[] = {"de", "en", "es", "fr", "it", "pt", "", "und"};
    const std::string_view language = languages[data[0] % 8];
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

    const SentimentModel& model = SentimentModel::shipped();
    const Sentiment first = model.score(text, language);
    check(first);
    require(model.score(std::string(text), language) == first);
    require(model.score(text.substr(0, sentiment_bytes), language) == first);

    static SentimentFeatures extractor;
    const auto& features = extractor.read(text, language, 12, ValenceTable());
    require(features.size() <= 16 * std::min(text.size(), sentiment_bytes) + 32);
    for (const Feature& f : features) require(f.bucket < 1U << 12 && std::isfinite(f.value));

    if (const auto loaded = SentimentModel::load(text)) check(loaded->score("a good day, not a bad one 😡", language));
    // A small file whose weights and lexicon are the input's.
    Weights weights;
    weights.bits = 4;
    weights.classes = weights.stride = 3;
    weights.names = {"n", "o", "p"};
    std::string rows(text.substr(0, 48));
    rows.resize(48, '\x55');
    weights.rows = rows;
    std::string slots(text.substr(0, 64));
    slots.resize(64, '\x01');
    weights.valences = ValenceTable(slots);
    const std::string file = write_weights(weights);
    const auto small = SentimentModel::load(file);
    require(small.ok());
    check(small->score(text, language));
    return 0;
}
