// Which language a text is in, beside libcld2, eld and franc. "und" counts as wrong.
#include "vigie/text/language.hpp"

#include <fmt/core.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "../../tests/support/foreign_sentences.hpp"
#include "language_split.hpp"
#include "text/section.hpp"

#ifdef VIGIE_HAS_CLD2
#include <cld2/public/compact_lang_det.h>
#endif

namespace vigie::bench {
namespace {

constexpr std::string_view posts = "xlm-t validation";

// A set with a name, its texts in the order of `labels`.
struct Set {
    std::string name;
    std::vector<std::string> texts, labels;
};

Set make_set(std::string name, const std::vector<train::Example>& examples) {
    Set set{std::move(name), {}, {}};
    for (const train::Example& example : examples) {
        set.texts.push_back(example.text);
        set.labels.push_back(example.label);
    }
    return set;
}

void print_answers(const Set& set, const char* who, const std::vector<std::string>& answers, bool in_detail) {
    std::map<std::string, std::array<std::size_t, 2>> each;
    std::size_t right = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const std::size_t hit = answers[i] == set.labels[i] ? 1 : 0;
        right += hit;
        ++each[set.labels[i]][0];
        each[set.labels[i]][1] += hit;
    }
    print_share(set.name, who, right, answers.size());
    if (!in_detail) return;
    for (const auto& [language, counts] : each) print_share("", fmt::format("  {}", language), counts[1], counts[0]);
}

void ours(const Set& set, int rounds) {
    const text::LanguageModel& model = text::LanguageModel::shipped();
    std::vector<std::string> told;
    for (const std::string& text : set.texts) told.emplace_back(model.detect(text));
    print_answers(set, "Vigie", told, true);
    std::size_t sink = 0;
    print_time(set.name, "Vigie",
               microseconds(set.texts.size(), rounds, [&](std::size_t i) { sink += model.detect(set.texts[i]).size(); }));
}

// What is not one of the fifteen should be undetermined. None of the rivals is asked: they know these languages.
void foreign() {
    std::map<std::string, std::array<std::size_t, 2>> each;
    std::size_t undetermined = 0;
    for (const test::ForeignSentence& sentence : test::foreign_sentences) {
        const std::size_t hit = text::LanguageModel::shipped().detect(sentence.text) == text::undetermined ? 1 : 0;
        undetermined += hit;
        ++each[sentence.language][0];
        each[sentence.language][1] += hit;
    }
    print_share("foreign sentences", "Vigie says und", undetermined, std::size(test::foreign_sentences));
    for (const auto& [language, counts] : each) print_share("", fmt::format("  {}", language), counts[1], counts[0]);
}

#ifdef VIGIE_HAS_CLD2
std::string cld2_answer(const std::string& text, int flags) {
    CLD2::Language three[3];
    int percent[3];
    double score[3];
    int bytes = 0;
    bool reliable = false;
    const CLD2::Language best = CLD2::ExtDetectLanguageSummary(text.data(), static_cast<int>(text.size()), true, nullptr, flags, three,
                                                               percent, score, nullptr, &bytes, &reliable);
    return best == CLD2::UNKNOWN_LANGUAGE ? "und" : CLD2::LanguageCode(best);
}

void cld2(const Set& set, int rounds) {
    const std::array<std::pair<const char*, int>, 2> ways = {{{"libcld2", 0}, {"libcld2, best effort", CLD2::kCLDFlagBestEffort}}};
    for (const auto& [name, flags] : ways) {
        std::vector<std::string> told;
        for (const std::string& text : set.texts) told.push_back(cld2_answer(text, flags));
        print_answers(set, name, told, set.name == posts);
        std::size_t sink = 0;
        const int flag = flags;
        print_time(set.name, name,
                   microseconds(set.texts.size(), rounds, [&](std::size_t i) { sink += cld2_answer(set.texts[i], flag).size(); }));
    }
}
#endif

void scripts(const Set& set) {
    for (const char* who : {"eld", "eld-fifteen", "eld-six", "franc", "franc-fifteen", "franc-six"}) {
        if (std::string_view(who).ends_with("-six") && set.name != posts) continue;
        const auto answers = ask_rival("language.mjs", who, set.texts);
        if (!answers) return;
        print_answers(set, who, answers->lines, set.name == posts);
        print_time(set.name, who, answers->microseconds);
    }
}

}  // namespace

void bench_language(const TextOptions& options) {
    const train::LanguageSplit split = train::read_language_split(options.corpora);
    const std::vector<Set> sets = {make_set(std::string(posts), train::read_language_posts(options.corpora, "val")),
                                   make_set("held-out sentences", split.held_out), make_set("held-out pieces", split.held_out_pieces)};
    for (const Set& set : sets) {
        ours(set, options.rounds);
        if (!options.rivals) continue;
#ifdef VIGIE_HAS_CLD2
        cld2(set, 1);
#endif
        scripts(set);
    }
    foreign();
}

}  // namespace vigie::bench
