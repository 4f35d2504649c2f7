// Texts made to break what reads them, through everything in text: what comes out is valid UTF-8, bounded, and costs time in proportion.
#include <doctest/doctest.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/language_features.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/analyse.hpp"
#include "vigie/text/language.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/sentiment.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

using namespace std::string_literals;

struct Hostile {
    const char* name;
    std::string unit;    // repeated to any length
    std::string head{};  // once, in front
};

std::string text_of(const Hostile& hostile, std::size_t bytes) {
    std::string out = hostile.head;
    out.reserve(bytes + hostile.unit.size());
    while (out.size() < bytes) out += hostile.unit;
    return out;
}

std::vector<Hostile> hostile_texts() {
    std::string zalgo = "e";
    for (int i = 0; i < 200; ++i) zalgo += "\u0301\u0323\u20DD";
    std::string nested;
    for (int i = 0; i < 64; ++i) nested += "\u202E\u2067\u2066\u202A";
    return {
        {"one letter", "a"},
        {"one accented letter", "é"},
        {"a letter and a mark", "e\u0301"},
        {"zalgo", zalgo},
        {"marks without a letter", "\u0301"},
        {"right-to-left override", "abc \u202Egnirts\u202C "},
        {"direction controls, never closed", nested + "x"},
        {"zero-width inside words", "a\u200Bu\u200Cr\u2060o\uFEFFra "},
        {"soft hyphens", "au\u00ADro\u00ADra "},
        {"byte-order marks", "\uFEFF"},
        {"surrogates as UTF-8", "\xED\xA0\x80\xED\xB0\x80"},
        {"overlong", "\xC0\xAF\xE0\x80\xAF\xF0\x80\x80\xAF"},
        {"beyond Unicode", "\xF4\x90\x80\x80\xF8\x88\x80\x80\x80"},
        {"a character cut off", "a\xE2\x82"},
        {"continuations only", "\x80\xBF"},
        {"every byte that no UTF-8 has", "\xFE\xFF\xC1\xF5"},
        {"NULs", "a\0b\0\0"s},
        {"control characters", "\x01\x02\x1B[2J\x7F\u0085\u2028"},
        {"unassigned", "\U000E0FFF\u0378\U0003FFFD"},
        {"noncharacters", "\uFFFF\U0010FFFF\uFDD0"},
        {"private use", "\uE000\U000F0000"},
        {"tag characters", "\U0001F3F4\U000E0067\U000E0062\U000E007F"},
        {"tag characters without a flag", "\U000E0061\U000E0062"},
        {"emoji joined without end", "\U0001F468\u200D"},
        {"families", "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466"},
        {"skin tones", "\U0001F44D\U0001F3FD\U0001F3FF"},
        {"half flags", "\U0001F1EB"},
        {"keycaps", "1\uFE0F\u20E3"},
        {"joiners", "\u200D"},
        {"hashtags", "#AirFrance "},
        {"hashtags without blanks", "#a#B"},
        {"hash signs", "#"},
        {"handles", "@ana@mas.to "},
        {"at signs", "@"},
        {"underscores in one tag", "_a", "#"},
        {"CamelCase in one tag", "aB", "#"},
        {"apostrophes", "'"},
        {"a word of apostrophes", "l'"},
        {"links", "https://a.example/b "},
        {"a link without end", "x", "https://"},
        {"beginnings of links", "http"},
        {"negations", "not no never "},
        {"negations in French", "ne pas n'"},
        {"emoticons", ":-(:'(<3"},
        {"capitals", "LOUD!!! "},
        {"ligatures that grow", "\uFDFA"},
        {"letters that grow when folded", "\u0130\u1E9E\uFB03"},
        {"Hangul jamo", "\u1100\u1161\u11A8"},
        {"voiced kana", "か\u3099"},
        {"Han", "中"},
        {"Thai without blanks", "กำ"},
        {"Arabic with marks", "بّ"},
        {"fancy letters", "\U0001D51E\U0001D51F "},
        {"full width", "ＡＢ　"},
        {"blanks of all kinds", "\u00A0\u2003\u3000\t\r\n"},
        {"laughter", "haha"},
        {"alternating letters", "abcabd"},
    };
}

void check_utf8(std::string_view what, std::string_view bytes) {
    CHECK_MESSAGE(is_utf8(bytes), what);
}

Brand brand() {
    Brand made;
    made.name = "aurora-air";
    made.query = "(aurora OR \"air france\" OR #airfrance OR @ana OR aaaa* OR 中) AND NOT zzz";
    made.functions = {{"hr", "not OR loud OR 中"}};
    return made;
}

const Analyser& analyser() {
    static const Analyser made(std::make_shared<const Matcher>(Matcher::build({brand()}).value()));
    return made;
}

void check_everything(const std::string& text) {
    TokenStream stream;
    stream.add(text);
    std::uint32_t position = 0;
    CHECK(stream.tokens().size() <= 4 * max_text_bytes);
    bool good = true;
    for (const Token& token : stream.tokens()) {
        good = good && is_utf8(stream.folded(token)) && token.source_begin <= token.source_end && token.source_end <= text.size() &&
               token.source_end <= max_text_bytes && token.first <= token.last;
        position = std::max(position, token.last);
    }
    CHECK(good);
    CHECK(position <= 4 * max_text_bytes);

    const std::string folded = fold(text);
    check_utf8("fold", folded);
    CHECK(folded.size() <= 16 * max_text_bytes);

    LanguageText prepared;
    prepare_language(text, prepared);
    check_utf8("prepare_language", prepared.prepared);
    CHECK(prepared.prepared.size() <= language_bytes + 8);
    const std::string_view language = LanguageModel::shipped().detect(text);
    CHECK((language == undetermined || language.size() == 2));

    for (const std::string_view spoken : {std::string_view("en"), std::string_view("fr"), language}) {
        const Sentiment sentiment = SentimentModel::shipped().score(text, spoken);
        CHECK(std::fabs(sentiment.p[0] + sentiment.p[1] + sentiment.p[2] - 1) < 1e-4F);
        CHECK(std::all_of(sentiment.p.begin(), sentiment.p.end(), [](float p) { return p >= 0 && p <= 1; }));
    }

    Item item;
    item.id = "x/1";
    item.title = Untrusted(text);
    item.text = Untrusted(text);
    const AnalysedItem analysed = analyser().analyse_always(item);
    CHECK(analysed.item == item);
    check_utf8("language", analysed.language);
    CHECK(analysed.language.size() <= 3);
    CHECK(analysed.matches.size() <= 1);
    CHECK(analysed.copy.shingles.size() <= CopySketch::max_shingles);
    CHECK(std::isfinite(analysed.sentiment.polarity()));
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// The least of some runs: what else the machine does can only add.
double seconds_of(const std::function<void()>& work) {
    double least = 1e9;
    for (int run = 0; run < 3; ++run) {
        const double begin = cpu_seconds();
        work();
        least = std::min(least, cpu_seconds() - begin);
    }
    return least;
}

}  // namespace

TEST_CASE("hostile texts of any length come out valid and bounded") {
    for (const Hostile& hostile : hostile_texts()) {
        CAPTURE(hostile.name);
        for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{300}, std::size_t{5000}})
            check_everything(text_of(hostile, bytes));
        std::string sentence = "Aurora Air est en retard, " + text_of(hostile, 100) + " je suis furieux";
        check_everything(sentence);
    }
}

TEST_CASE("64 kB and 1 MB of each hostile text come out valid and bounded") {
    for (const Hostile& hostile : hostile_texts()) {
        CAPTURE(hostile.name);
        check_everything(text_of(hostile, max_text_bytes));
    }
    for (const char* name : {"one letter", "zalgo", "hashtags", "emoji joined without end", "surrogates as UTF-8", "NULs"}) {
        const std::vector<Hostile> all = hostile_texts();
        const auto found = std::find_if(all.begin(), all.end(), [&](const Hostile& one) { return std::string_view(one.name) == name; });
        REQUIRE(found != all.end());
        check_everything(text_of(*found, 1 << 20));
    }
}

TEST_CASE("10,000 hashtags, 30,000 emoji, 100,000 marks") {
    std::string tags, emoji, marks = "a";
    for (int i = 0; i < 10'000; ++i) tags += "#Tag" + std::to_string(i) + "Word ";
    for (int i = 0; i < 30'000; ++i) emoji += "\U0001F621";
    for (int i = 0; i < 100'000; ++i) marks += "\u0301";
    for (const std::string& text : {tags, emoji, marks}) check_everything(text);
}

TEST_CASE("four times the text takes no more than some four times the time") {
    constexpr std::size_t little = 16 * 1024, much = 64 * 1024;
    constexpr double quadratic_would_be = 16, allowed = 10;
    constexpr double too_short_to_tell = 1e-3;
    const std::vector<std::pair<const char*, std::function<void(const std::string&)>>> works = {
        {"tokens",
         [](const std::string& text) {
             TokenStream stream;
             stream.add(text);
         }},
        {"fold", [](const std::string& text) { CHECK(fold(text).size() <= 16 * max_text_bytes); }},
        {"language", [](const std::string& text) { (void)LanguageModel::shipped().detect(text); }},
        {"sentiment", [](const std::string& text) { (void)SentimentModel::shipped().score(text, "fr"); }},
        {"analyse",
         [](const std::string& text) {
             Item item;
             item.text = Untrusted(text);
             (void)analyser().analyse_always(std::move(item));
         }},
    };
    static_assert(allowed < quadratic_would_be);
    for (const Hostile& hostile : hostile_texts()) {
        const std::string short_text = text_of(hostile, little), long_text = text_of(hostile, much);
        for (const auto& [name, work] : works) {
            const double of_much = seconds_of([&, run = &work] { (*run)(long_text); });
            if (of_much < too_short_to_tell) continue;
            const double of_little = seconds_of([&, run = &work] { (*run)(short_text); });
            CHECK_MESSAGE(of_much <= allowed * of_little + too_short_to_tell, hostile.name, ": ", name, " ", of_little, " s, then ",
                          of_much);
        }
    }
}
