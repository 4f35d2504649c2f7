#include "vigie/text/analyse.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "vigie/text/near_copies.hpp"
#include "vigie/text/standing.hpp"

namespace vigie::text {
namespace {

// The language that the source gave, without region and script ("pt-BR" is "pt"); undetermined if it gave none, or nonsense.
std::string_view primary_subtag(std::string_view tag) noexcept {
    const std::string_view primary = tag.substr(0, tag.find_first_of("-_"));
    const bool letters = std::all_of(primary.begin(), primary.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return letters && (primary.size() == 2 || primary.size() == 3) ? primary : undetermined;
}

}  // namespace

std::string whole_text(std::string_view title, std::string_view text) {
    // A headline speaks the language of its article, and often says more of the mood than the text that follows.
    std::string whole(title);
    if (!whole.empty() && !text.empty()) whole += ". ";
    whole += text;
    return whole;
}

std::string_view language_of(std::string_view whole_text, std::string_view given) {
    const std::string_view detected = LanguageModel::shipped().detect(whole_text);
    return detected == undetermined ? primary_subtag(given) : detected;
}

Analyser::Analyser(std::shared_ptr<const Matcher> matcher, std::shared_ptr<const SentimentModel> sentiment)
    : matcher_(std::move(matcher)), sentiment_(std::move(sentiment)) {}

AnalysedItem Analyser::analyse(Item item) const {
    return analyse(std::move(item), false);
}

AnalysedItem Analyser::analyse_always(Item item) const {
    return analyse(std::move(item), true);
}

AnalysedItem Analyser::analyse(Item item, bool always) const {
    AnalysedItem out;
    std::string whole;
    // A query may ask before it is known whether anything matches.
    const auto tell_language = [&] {
        if (!out.language.empty()) return out.language;
        whole = whole_text(item.title.bytes(), item.text.bytes());
        out.language = language_of(whole, item.language);
        return out.language;
    };
    if (matcher_ != nullptr) out.matches = matcher_->match(item, tell_language);
    if (always || !out.matches.empty()) {
        (void)tell_language();
        const SentimentModel& model = sentiment_ != nullptr ? *sentiment_ : SentimentModel::shipped();
        out.sentiment = model.score(whole, out.language);
        out.copy = sketch_copy(item);
        out.bare_link = is_bare_link(item);
    } else {
        out.language = undetermined;
    }
    out.item = std::move(item);
    return out;
}

}  // namespace vigie::text
