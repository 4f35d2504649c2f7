#include <algorithm>
#include <string>

#include "text/lookalike_score.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::text::lookalike {
namespace {

constexpr double impostor_by_name = 0.85;
constexpr double impostor_with_second = 0.60;
constexpr double suspect_from = 0.50;
constexpr double declared_score = 0.25;
constexpr std::int64_t young_days = 30;
constexpr std::int64_t few = 100;
constexpr std::int64_t many = 100000;

class Conclusion {
public:
    explicit Conclusion(const Evidence& evidence) : e_(evidence) {}

    Lookalike result() {
        name_score_ = of_handle();
        const double beside = of_display_name();
        double score = std::max(either(name_score_, beside_weight_), beside);
        add_age_and_followers(score);
        if (e_.description.claims && score > 0) {
            score = either(score, 0.30);
            say(LookalikeSign::claims_to_be_it);
            second_ = true;
        }
        decide(score);
        std::stable_sort(said_.begin(), said_.end(), [](const Said& a, const Said& b) { return a.rank < b.rank; });
        for (Said& one : said_) out_.reasons.push_back(std::move(one.reason));
        return std::move(out_);
    }

private:
    struct Said {
        int rank;
        LookalikeReason reason;
    };

    static double either(double a, double b) noexcept { return 1 - (1 - a) * (1 - b); }

    void say(LookalikeSign sign, std::string_view detail = {}, int rank = 5) { said_.push_back({rank, {sign, excerpt(detail)}}); }

    double of_handle() {
        if (!e_.in_handle.finding || e_.in_handle.finding->score <= 0) return 0;
        const Finding& found = *e_.in_handle.finding;
        const Key& key = *found.match.key;
        const std::string& shown = e_.index->shown(key);
        double score = found.score;
        const bool plain = found.exact() && !found.foreign && !found.swapped && !found.separators;
        if (found.whole && plain && key.own && (e_.absent_here || e_.taken_down)) {
            if (!e_.taken_down) score = std::min(score, key.common ? 0.60 : 0.75);
            say(LookalikeSign::same_handle, shown, 1);
        } else {
            say_likeness(found, shown, 1);
        }
        say_affixes(*e_.handle, found);
        if (key.common && !(found.whole && found.foreign)) say(LookalikeSign::common_word, shown, 8);
        second_ = second_ || (found.kinds & trust) != 0;
        return score;
    }

    void say_likeness(const Finding& found, const std::string& shown, int rank) {
        bool said = false;
        const auto tell = [&](bool holds, LookalikeSign sign) {
            if (holds) say(sign, shown, rank);
            said = said || holds;
        };
        tell(found.foreign, LookalikeSign::foreign_letters);
        tell(found.doubled, LookalikeSign::repeated_letters);
        tell((found.match.likeness == Likeness::merged && !found.doubled) || found.swapped, LookalikeSign::swapped_letters);
        tell(found.separators, LookalikeSign::separators);
        tell(found.match.likeness == Likeness::one_edit && !found.doubled, LookalikeSign::typo);
        tell(found.match.likeness == Likeness::two_edits, LookalikeSign::two_typos);
        if (!said) say(LookalikeSign::same_name, shown, rank);
    }

    void say_affixes(const Reading& reading, const Finding& found) {
        const Peels& peels = reading.peels;
        for (const Peel* side : {&peels.left[found.match.begin], &peels.right[found.match.end]}) {
            if (!side->possible) continue;
            for (std::size_t i = 0; i < side->pieces; ++i) {
                if (side->words[i] == no_word) {
                    say_number(reading, *side);
                    continue;
                }
                const std::uint16_t kind = affix_kind(side->words[i]);
                const std::string_view word = affix_word(side->words[i]);
                if ((kind & trust) != 0) say(LookalikeSign::trust_word, word, 2);
                if ((kind & domain) != 0) say(LookalikeSign::domain_ending, word, 3);
                if ((kind & (role | place | plain_word | sector)) != 0) say(LookalikeSign::added_word, word, 4);
            }
        }
        if (found.unknown) say(LookalikeSign::other_words, {}, 6);
    }

    void say_number(const Reading& reading, const Peel& side) {
        std::string digits;
        for (std::size_t at = side.number_begin; at < side.number_end; ++at) {
            const char32_t c = reading.spelling.plain[at];
            if (c >= U'0' && c <= U'9') digits.push_back(static_cast<char>(c));
        }
        say(LookalikeSign::added_number, digits, 4);
    }

    // What the display name is worth by itself; beside_weight_ is what it adds to a handle that is alike too.
    double of_display_name() {
        if (!e_.in_name.finding || e_.in_name.finding->score <= 0 || e_.in_name.finding->unknown) return 0;
        const Finding& found = *e_.in_name.finding;
        const Key& key = *found.match.key;
        const std::string& shown = e_.index->shown(key);
        const bool common = key.common;
        const bool strong = (found.kinds & trust) != 0;
        second_ = true;
        if (strong) {
            const Peels& peels = e_.name->peels;
            std::string_view word;
            for (const Peel* side : {&peels.left[found.match.begin], &peels.right[found.match.end]})
                for (std::size_t i = 0; i < side->pieces; ++i)
                    if (side->words[i] != no_word && affix_kind(side->words[i]) == trust) word = affix_word(side->words[i]);
            say(LookalikeSign::display_name_trust, word, 2);
            beside_weight_ = 0.50;
            return common ? 0.55 : 0.65;
        }
        if (found.exact() && !found.foreign && !found.swapped) {
            say(found.whole ? LookalikeSign::same_display_name : LookalikeSign::similar_display_name, shown, found.whole ? 2 : 4);
            beside_weight_ = found.whole ? 0.45 : 0.25;
            if (!found.whole) return common ? 0 : 0.35;
            return common ? (key.own ? 0.30 : 0) : 0.50;
        }
        say(LookalikeSign::similar_display_name, shown, 3);
        beside_weight_ = 0.35;
        if (found.foreign) return common ? 0.55 : 0.65;
        return common ? 0 : 0.45;
    }

    void add_age_and_followers(double& score) {
        const LookalikeAccount& account = *e_.account;
        if (score < 0.30) return;
        if (account.created && account.seen && *account.created <= *account.seen) {
            const auto days = std::chrono::duration_cast<std::chrono::hours>(*account.seen - *account.created).count() / 24;
            if (days < young_days) {
                score = either(score, 0.30);
                second_ = true;
                say(LookalikeSign::young_account, std::to_string(days), 3);
            }
        }
        if (!account.followers || *account.followers < 0) return;
        if (*account.followers < few) {
            score = either(score, 0.10);
            say(LookalikeSign::few_followers, std::to_string(*account.followers), 6);
        } else if (*account.followers >= many) {
            score *= 0.80;
            name_score_ *= 0.80;
            say(LookalikeSign::many_followers, std::to_string(*account.followers), 6);
        }
    }

    void decide(double score) {
        const bool in_handle = e_.in_handle.finding && e_.in_handle.finding->score > 0;
        if (score > 0 && (e_.in_handle.speaks_against() || e_.in_name.speaks_against())) {
            say_word(against, LookalikeSign::speaks_against);
            return;
        }
        const bool declares_it = e_.in_handle.declares_itself() || e_.in_name.declares_itself() || e_.description.declares;
        if (score > 0 && declares_it) {
            say_word(declares, LookalikeSign::declares_itself);
            // Who calls itself both a fan's and the support wants to be taken for the support.
            const bool asks_for_trust = in_handle && (e_.in_handle.finding->kinds & trust) != 0;
            out_.score = asks_for_trust ? std::min(score, 0.55) : std::min(score, declared_score);
            out_.verdict = asks_for_trust && out_.score >= suspect_from ? LookalikeVerdict::suspect : LookalikeVerdict::declared;
            return;
        }
        out_.score = std::clamp(score, 0.0, 1.0);
        if (name_score_ >= impostor_by_name || (second_ && out_.score >= impostor_with_second)) {
            out_.verdict = LookalikeVerdict::impostor;
        } else if (out_.score >= suspect_from) {
            out_.verdict = LookalikeVerdict::suspect;
        }
    }

    void say_word(Affix kind, LookalikeSign sign) {
        for (const auto& [reading, best] : {std::pair(e_.handle, &e_.in_handle), std::pair(e_.name, &e_.in_name)}) {
            if (!best->finding || !(kind == against ? best->speaks_against() : best->declares_itself())) continue;
            for (std::size_t i = 0; i < reading->peels.count; ++i) {
                const Piece& piece = reading->peels.pieces[i];
                if ((piece.kind & kind) != 0 && (piece.end <= best->finding->match.begin || piece.begin >= best->finding->match.end)) {
                    say(sign, affix_word(piece.word), 0);
                    return;
                }
            }
        }
        say(sign, kind == declares ? e_.description.word : std::string_view(), 0);
    }

    const Evidence& e_;
    Lookalike out_;
    std::vector<Said> said_;
    double name_score_ = 0;
    double beside_weight_ = 0;
    bool second_ = false;
};

}  // namespace

Lookalike conclude(const Evidence& evidence) {
    return Conclusion(evidence).result();
}

}  // namespace vigie::text::lookalike
