// Which language a text is in.
// Thread-safety: a loaded model is immutable; detect() may run on any number of threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"

namespace vigie::text {

/// What a text with too little in it, or in no language of the model, is said to be in (ISO 639-2).
inline constexpr std::string_view undetermined = "und";

/// A softmax regression over hashed byte 2- to 5-grams and words (Cavnar and Trenkle's n-grams, 1994, with learnt weights), for the
/// languages docs/models.md lists, and one more class for what is in none of them: other languages, gibberish, names. Reads the beginning
/// of the text (some 300 bytes of letters) without its URLs and handles; a hashtag counts as its words.
class LanguageModel {
public:
    struct Guess {
        /// The likeliest, as ISO 639-1, valid as long as the model; undetermined if that is none, or the text has too few Latin letters.
        std::string_view language;
        double margin = 0;  ///< by how much its score exceeds the next one's: log odds
    };

    /// The model that is compiled in.
    static const LanguageModel& shipped();
    /// A model from the bytes of a weight file, which must outlive it. Errors: corrupt.
    static Result<LanguageModel> load(std::string_view bytes);

    LanguageModel(LanguageModel&&) noexcept;
    LanguageModel& operator=(LanguageModel&&) noexcept;
    ~LanguageModel();

    /// The language as ISO 639-1 ("fr"), or undetermined where the text is too short or the margin too small. Valid as long as the model.
    std::string_view detect(std::string_view text) const;
    /// The likeliest language, however unsure.
    Guess guess(std::string_view text) const;
    /// Those that can be told, sorted; without undetermined.
    const std::vector<std::string>& languages() const noexcept;

private:
    struct Impl;
    explicit LanguageModel(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace vigie::text
