// Any bytes as a text. What is prepared of it is bounded UTF-8 that reads as itself once more; the guess and what is told agree; nothing
// depends on links or handles in front, or on how far a text goes on behind what is read.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "text/language_features.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/language.hpp"

using namespace vigie::text;

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "property broken: %s\n", what);
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    LanguageText once, twice;
    prepare_language(text, once);
    require(once.prepared.size() <= language_bytes + 8, "what is prepared is bounded");
    require(vigie::is_utf8(once.prepared), "what is prepared is UTF-8");
    require(once.prepared.front() == ' ' && once.prepared.back() == ' ', "words stand between blanks");
    require(once.prepared.find("  ") == std::string::npos, "one blank between words");
    require(once.latin_letters <= size && once.other_letters <= size && once.words <= size, "counts are bounded");
    prepare_language("@ana https://a.example/b " + text.substr(0, 8 * language_bytes - 32), twice);
    if (size <= 8 * language_bytes - 32) require(once.prepared == twice.prepared, "a handle and a link change nothing");

    const LanguageModel& model = LanguageModel::shipped();
    const LanguageModel::Guess guess = model.guess(text);
    require(std::isfinite(guess.margin) && guess.margin >= 0, "a margin is a number, and not negative");
    const std::string_view told = model.detect(text);
    require(told == guess.language || told == undetermined, "what is told was guessed");
    unsigned features = 0;
    for_each_language_feature(once.prepared, 17, [&](std::uint32_t bucket, int times) {
        require(bucket < 1U << 17, "a bucket is in the table");
        features += static_cast<unsigned>(times);
    });
    require(features <= 8 * (language_bytes + 8), "features are linear in what is prepared");
    return 0;
}
