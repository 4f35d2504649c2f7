#include "text/sentiment_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "text/fold_char.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::text {
namespace {

constexpr std::uint64_t negated = 0x1234567089ABCDEFU;
constexpr std::uint64_t pair_step = 0x9E3779B97F4A7C15U;
constexpr int negation_reach = 4;  // words
constexpr std::size_t gram_word_bytes = 40;

// Folded. What turns the words behind it round, in the languages of the model.
constexpr std::array<std::string_view, 52> negations = {
    "aint",   "ancora", "aucun",  "aucune",   "cannot",  "geen",   "hardly",  "jamais", "jamas", "kein",  "keine",   "keinen",  "keiner",
    "mai",    "nada",   "nao",    "neither",  "nem",     "nessun", "nessuno", "never",  "ni",    "nicht", "nichts",  "nie",     "niemand",
    "niente", "niet",   "ningun", "ninguna",  "ninguno", "no",     "nobody",  "non",    "none",  "nooit", "nor",     "not",     "nothing",
    "nunca",  "ohne",   "pas",    "personne", "plus",    "rien",   "sans",    "sem",    "senza", "sin",   "tampoco", "without", "zonder"};

// The languages that posts were trained in: of another one the model has nothing of its own to say.
constexpr std::array<std::string_view, 6> trained = {"de", "en", "es", "fr", "it", "pt"};

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

bool starts_url(std::string_view text) noexcept {
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    constexpr std::string_view http = "http";
    if (text.size() < 4 || !std::equal(http.begin(), http.end(), text.begin(), same)) return false;
    // "http" alone is what anonymised corpora leave of a link.
    return text.size() == 4 || text[4] == ':' || text[4] == 's' || text[4] == 'S' || text[4] == ' ';
}

// Eyes, maybe a nose, a mouth: bytes taken, or 0.
std::size_t emoticon(std::string_view text) noexcept {
    if (text.starts_with("<3")) return 2;
    if (text.empty() || std::string_view(":;=8xX").find(text[0]) == std::string_view::npos) return 0;
    std::size_t at = 1;
    if (at < text.size() && std::string_view("-'o").find(text[at]) != std::string_view::npos) ++at;
    if (at >= text.size() || std::string_view(")(DPp/\\|*3oO][").find(text[at]) == std::string_view::npos) return 0;
    if (text[at] == '/' && at + 1 < text.size() && text[at + 1] == '/') return 0;
    const bool letters = (text[0] | 0x20) == 'x' || text[0] == '8';
    const bool mouth_is_letter = std::string_view("DPpoO3").find(text[at]) != std::string_view::npos;
    const bool ends = at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) <= ' ';
    if ((letters || mouth_is_letter) && !ends) return 0;
    return at + 1;
}

}  // namespace

// Cuts the text into units and counts its marks.
struct SentimentFeatures::Scan {
    SentimentFeatures& f;
    std::string_view text;
    std::size_t at = 0;

    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(f.buffer_.size()); }

    void put(Kind kind, std::string_view bytes) {
        const std::uint32_t begin = size();
        f.buffer_ += bytes;
        f.units_.push_back({begin, size() - begin, kind, false, false});
    }

    void run() {
        while (at < text.size()) step();
    }

    void step() {
        const char c = text[at];
        if (static_cast<unsigned char>(c) <= ' ' || c == '#') {
            ++at;
            return;
        }
        const std::string_view rest = text.substr(at);
        if ((c == 'h' || c == 'H') && starts_url(rest)) return stand_in("~url");
        if (c == '@' && rest.size() > 1 && static_cast<unsigned char>(rest[1]) > ' ') return stand_in("~user");
        if (const std::size_t bytes = emoticon(rest); bytes > 0) {
            const std::array<char, 2> face = {rest.starts_with("<3") ? '<' : ':', rest[bytes - 1]};
            put(Kind::picture, {face.data(), 2});
            at += bytes;
            return;
        }
        std::size_t next = at;
        const char32_t cp = decode(text, next);
        switch (fold_char(cp).cls) {
            case CharClass::letter:
            case CharClass::digit:
                return word();
            case CharClass::ideograph:
                put(Kind::word, fold_char(cp).view());
                break;
            case CharClass::pictograph:
                picture(cp);
                break;
            case CharClass::separator:
                mark(cp);
                break;
            case CharClass::skip:
            case CharClass::apostrophe:
                break;
        }
        at = next;
    }

    void stand_in(std::string_view name) {
        put(Kind::stand_in, name);
        while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ') ++at;
    }

    void picture(char32_t cp) {
        const std::uint32_t begin = size();
        append_utf8(f.buffer_, cp);
        f.units_.push_back({begin, size() - begin, Kind::picture, false, false});
    }

    void mark(char32_t cp) {
        if (cp == '!') ++f.exclamations_;
        if (cp == '?') ++f.questions_;
        if (cp == 0x2026 || (cp == '.' && text.substr(at, 3) == "...")) ++f.ellipses_;
        if (cp < 0x80 && std::string_view(".,;:!?()\"").find(static_cast<char>(cp)) != std::string_view::npos) {
            const char byte = static_cast<char>(cp);
            put(Kind::mark, {&byte, 1});
        }
    }

    // A word folded, digits as 0, no letter more than twice in a row. "n't" stays with its word; other clitics are words.
    void word() {
        Unit unit{size(), 0, Kind::word, true, false};
        int letters = 0;
        int run_length = 0;
        char last = 0;
        while (at < text.size()) {
            std::size_t next = at;
            const FoldedChar c = fold_char(decode(text, next));
            if (c.cls == CharClass::skip) {
                at = next;
                continue;
            }
            if (c.cls == CharClass::apostrophe) {
                const bool clitic = next < text.size() && (text[next] | 0x20) == 't' && last == 'n';
                at = next;
                if (!clitic) break;
                f.buffer_.push_back('\'');
                last = '\'';
                continue;
            }
            if (c.cls != CharClass::letter && c.cls != CharClass::digit) break;
            at = next;
            const char byte = c.cls == CharClass::digit ? '0' : c.bytes[0];
            run_length = c.size == 1 && byte == last ? run_length + 1 : 1;
            last = c.size == 1 ? byte : '\0';
            if (c.cls == CharClass::letter) {
                ++letters;
                unit.shouted = unit.shouted && c.upper;
            }
            if (run_length > 2) {
                unit.stretched = unit.stretched || c.cls == CharClass::letter;
                continue;
            }
            if (c.cls == CharClass::digit || c.size == 1)
                f.buffer_.push_back(byte);
            else
                f.buffer_.append(c.view());
        }
        unit.shouted = unit.shouted && letters >= 3;
        unit.size = size() - unit.begin;
        if (unit.size > 0) f.units_.push_back(unit);
    }
};

const std::vector<Feature>& SentimentFeatures::read(std::string_view text, std::string_view language, unsigned bits) {
    mask_ = (1U << bits) - 1;
    buffer_.clear();
    units_.clear();
    features_.clear();
    exclamations_ = questions_ = ellipses_ = 0;
    if (text.size() > sentiment_bytes) text = text.substr(0, sentiment_bytes);
    Scan{*this, text}.run();
    const bool says_something =
        std::any_of(units_.begin(), units_.end(), [](const Unit& u) { return u.kind == Kind::word || u.kind == Kind::picture; });
    if (!says_something) return features_;
    add_units();
    float squares = 0;
    for (const Feature& feature : features_) squares += feature.value * feature.value;
    const float norm = 2.0F / std::sqrt(squares);
    for (Feature& feature : features_) feature.value *= norm;
    add_shape(language);
    return features_;
}

void SentimentFeatures::add_units() {
    static const std::uint64_t between = hash64("|");
    std::uint64_t before = pair_step;
    int reach = 0;
    for (const Unit& unit : units_) {
        const std::string_view word = view(unit);
        if (unit.kind == Kind::mark) {
            reach = 0;
            before = between;
            continue;
        }
        const std::uint64_t hash = hash64(word);
        add(hash, 1);
        if (reach > 0 && unit.kind == Kind::word) add(hash ^ negated, 1);
        add(before * pair_step + hash, 1);
        if (unit.kind == Kind::word && unit.size >= 4) add_grams(word);
        if (unit.kind == Kind::word && is_negation(word, hash))
            reach = negation_reach;
        else if (reach > 0)
            --reach;
        before = hash;
    }
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
            if (i >= at + 2) add(h * pair_step, 0.5F);
        }
    }
}

void SentimentFeatures::add_shape(std::string_view language) {
    const auto count = [&](auto&& test) { return static_cast<int>(std::count_if(units_.begin(), units_.end(), test)); };
    const auto shape = [&](std::string_view name, int value, int most, float step) {
        add(hash64(name), static_cast<float>(std::min(value, most)) * step);
    };
    add(hash64("~bias"), 0.5F);
    shape("~exclamations", exclamations_, 4, 0.15F);
    shape("~questions", questions_, 4, 0.15F);
    shape("~ellipses", ellipses_, 3, 0.15F);
    shape("~shouted", count([](const Unit& u) { return u.shouted; }), 4, 0.15F);
    shape("~stretched", count([](const Unit& u) { return u.stretched; }), 3, 0.15F);
    shape("~length", static_cast<int>(units_.size()), 40, 0.02F);
    if (std::find(trained.begin(), trained.end(), language) != trained.end()) add(hash64(language) * pair_step, 0.25F);
}

}  // namespace vigie::text
