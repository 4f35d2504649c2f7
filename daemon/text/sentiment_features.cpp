#include "text/sentiment_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "vigie/core/hash.hpp"

namespace vigie::text {
namespace {

using Kind = SentimentUnits::Kind;
using Unit = SentimentUnits::Unit;

constexpr std::uint64_t negated_copy = 0x1234567089ABCDEFU;
constexpr std::uint64_t pair_step = 0x9E3779B97F4A7C15U;
constexpr int negation_reach = 4;  // words
constexpr std::size_t gram_word_bytes = 40;
constexpr float mark_value = 0.5F;
constexpr float pair_value = 0.7F;
constexpr float gram_value = 0.35F;
constexpr float valence_value = 2;

// Folded. What turns the words behind it round, in the languages of the model.
constexpr std::array<std::string_view, 66> negations = {
    "aint",   "aucun",    "aucune",  "barely",  "cannot",  "geen",   "guere",   "hardly",  "jamais",  "jamas",   "kein",
    "keine",  "keinem",   "keinen",  "keiner",  "mai",     "nada",   "nadie",   "nao",     "neanche", "nein",    "neither",
    "nem",    "nemmeno",  "nenhum",  "nenhuma", "neppure", "nessun", "nessuna", "nessuno", "never",   "ni",      "nicht",
    "nichts", "nie",      "niemals", "niemand", "niente",  "niet",   "ninguem", "ningun",  "ninguna", "ninguno", "nix",
    "no",     "nobody",   "non",     "none",    "nooit",   "nor",    "not",     "nothing", "nulla",   "nunca",   "ohne",
    "pas",    "personne", "plus",    "rien",    "sans",    "sem",    "senza",   "sin",     "tampoco", "without", "zonder"};

// The hash of a word is there anyway.
bool is_negation(std::string_view word, std::uint64_t hash) {
    static const std::array<std::uint64_t, negations.size()> hashes = [] {
        std::array<std::uint64_t, negations.size()> all;
        std::transform(negations.begin(), negations.end(), all.begin(), hash64);
        std::sort(all.begin(), all.end());
        return all;
    }();
    return (word.size() > 2 && word.ends_with("'t")) || std::binary_search(hashes.begin(), hashes.end(), hash);
}

// Hashes of features that have a name.
std::uint64_t valence_feature(int valence, bool negated) {
    constexpr int count = 2 * max_valence + 1;
    static const std::array<std::array<std::uint64_t, count>, 2> hashes = [] {
        std::array<std::array<std::uint64_t, count>, 2> all;
        for (int i = 0; i < count; ++i) {
            all[0][static_cast<std::size_t>(i)] = hash64("~valence " + std::to_string(i - max_valence));
            all[1][static_cast<std::size_t>(i)] = hash64("~negated valence " + std::to_string(i - max_valence));
        }
        return all;
    }();
    return hashes[negated ? 1 : 0][static_cast<std::size_t>(valence + max_valence)];
}

// A word in one language.
std::uint64_t in_language(std::uint64_t hash, int language) noexcept {
    return (hash ^ static_cast<std::uint64_t>(language + 1) * 0xC2B2AE3D27D4EB4FU) * pair_step;
}

}  // namespace

// In half steps of valence, as the table has them.
struct SentimentFeatures::Balance {
    float good = 0, bad = 0;
    bool any = false;
};

const std::vector<Feature>& SentimentFeatures::read(std::string_view text, std::string_view language, unsigned bits,
                                                    const ValenceTable& valences) {
    mask_ = (1U << bits) - 1;
    language_ = sentiment_language(language);
    features_.clear();
    units_.read(text);
    if (!units_.says_something()) return features_;
    Balance balance;
    add_units(valences, balance);
    scale_to_length();
    add_shape();
    add_balance(balance);
    return features_;
}

void SentimentFeatures::add_units(const ValenceTable& valences, Balance& balance) {
    static const std::uint64_t between = hash64("|");
    std::uint64_t before = pair_step;
    std::uint64_t phrase = 0, pair = 0;  // the last two units and the last one, as the table's keys begin
    int known = 0;                       // how many of them there are
    int reach = 0;
    for (const Unit& unit : units_.all()) {
        const std::string_view word = units_.view(unit);
        const std::uint64_t hash = hash64(word);
        if (unit.kind == Kind::mark) {
            add(hash ^ pair_step, mark_value);
            reach = known = 0;
            before = between;
            continue;
        }
        const bool negated = reach > 0 && unit.kind == Kind::word;
        add(hash, 1);
        if (language_ >= 0 && unit.kind == Kind::word) add(in_language(hash, language_), 1);
        if (negated) add(hash ^ negated_copy, 1);
        add(before * pair_step + hash, pair_value);
        if (unit.kind == Kind::word && unit.size >= 4) add_grams(word);
        if (unit.kind == Kind::stand_in) {
            known = 0;
        } else {
            const std::uint64_t alone = next_word(0, hash);
            int valence = known >= 2 ? valences.find(next_word(phrase, hash), language_) : 0;
            if (valence == 0 && known >= 1) valence = valences.find(next_word(pair, hash), language_);
            if (valence == 0) valence = valences.find(alone, language_);
            if (valence != 0) add_valence(valence, negated, balance);
            phrase = next_word(pair, hash);
            pair = alone;
            known = std::min(known + 1, 2);
        }
        if (unit.kind == Kind::word && is_negation(word, hash))
            reach = negation_reach;
        else if (reach > 0)
            --reach;
        before = hash;
    }
}

void SentimentFeatures::add_valence(int valence, bool negated, Balance& balance) {
    add(valence_feature(valence, negated), valence_value);
    const float weight = static_cast<float>(valence) * (negated ? -0.6F : 1.0F);
    (weight > 0 ? balance.good : balance.bad) += std::fabs(weight);
    balance.any = true;
}

void SentimentFeatures::add_grams(std::string_view word) {
    std::array<char, gram_word_bytes + 2> framed;
    const std::size_t size = std::min(word.size(), gram_word_bytes);
    framed[0] = '<';
    std::copy_n(word.data(), size, framed.begin() + 1);
    framed[size + 1] = '>';
    const std::size_t end = size + 2;
    for (std::size_t at = 0; at + 3 <= end; ++at) {
        std::uint64_t h = 0xCBF29CE484222325U;
        for (std::size_t i = at; i < end && i < at + 4; ++i) {
            h = (h ^ static_cast<unsigned char>(framed[i])) * 0x100000001B3U;
            if (i >= at + 2) add(h * pair_step, gram_value);
        }
    }
}

// A long text has no more to say than a short one.
void SentimentFeatures::scale_to_length() {
    float squares = 0;
    for (const Feature& feature : features_) squares += feature.value * feature.value;
    const float norm = 2.0F / std::sqrt(squares);
    for (Feature& feature : features_) feature.value *= norm;
}

void SentimentFeatures::add_shape() {
    static const std::uint64_t bias = hash64("~bias"), exclamations = hash64("~exclamations"), questions = hash64("~questions"),
                               ellipses = hash64("~ellipses"), shouted = hash64("~shouted"), stretched = hash64("~stretched"),
                               length = hash64("~length"), language = hash64("~language");
    const auto count = [&](auto&& test) { return static_cast<int>(std::count_if(units_.all().begin(), units_.all().end(), test)); };
    const auto shape = [&](std::uint64_t name, int value, int most, float step) {
        add(name, static_cast<float>(std::min(value, most)) * step);
    };
    add(bias, 0.5F);
    shape(exclamations, units_.exclamations(), 4, 0.15F);
    shape(questions, units_.questions(), 4, 0.15F);
    shape(ellipses, units_.ellipses(), 3, 0.15F);
    shape(shouted, count([](const Unit& u) { return u.shouted; }), 4, 0.15F);
    shape(stretched, count([](const Unit& u) { return u.stretched; }), 3, 0.15F);
    shape(length, static_cast<int>(units_.all().size()), 40, 0.02F);
    if (language_ >= 0) add(in_language(language, language_), 0.25F);
}

void SentimentFeatures::add_balance(const Balance& balance) {
    static const std::uint64_t good = hash64("~good"), bad = hash64("~bad"), both = hash64("~both"), none = hash64("~none"),
                               tilt = hash64("~tilt"), density = hash64("~density");
    if (!balance.any) return add(none, 0.5F);
    const float difference = balance.good - balance.bad;
    add(good, balance.good / (balance.good + 6));
    add(bad, balance.bad / (balance.bad + 6));
    add(tilt, difference / std::sqrt(difference * difference + 60));
    if (balance.good > 0 && balance.bad > 0) add(both, 0.5F);
    add(density, (balance.good + balance.bad) / 2 / static_cast<float>(units_.all().size() + 3));
}

}  // namespace vigie::text
