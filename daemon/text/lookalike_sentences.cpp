// Verdicts, signs and their sentences.
#include <array>
#include <utility>

#include "vigie/text/lookalike.hpp"

namespace vigie::text {
namespace {

struct Wording {
    LookalikeSign sign;
    std::string_view name;
    std::string_view english, french;  // "{}" is the detail
};

constexpr Wording wordings[] = {
    {LookalikeSign::official, "official", "It is the official account {}", "C'est le compte officiel {}"},
    {LookalikeSign::same_handle, "same_handle", "It has taken the handle \"{}\" on another platform or server",
     "Il a pris l'identifiant « {} » sur une autre plateforme ou un autre serveur"},
    {LookalikeSign::same_name, "same_name", "It bears the name \"{}\"", "Il porte le nom « {} »"},
    {LookalikeSign::separators, "separators", "The name \"{}\" with separators set in or left out",
     "Le nom « {} » avec des séparateurs ajoutés ou retirés"},
    {LookalikeSign::foreign_letters, "foreign_letters", "The name \"{}\" in foreign letters that look the same, or with invisible ones",
     "Le nom « {} » en lettres étrangères d'aspect identique, ou avec des caractères invisibles"},
    {LookalikeSign::swapped_letters, "swapped_letters", "The name \"{}\" with characters that are mistaken for its letters",
     "Le nom « {} » avec des caractères que l'on confond avec ses lettres"},
    {LookalikeSign::repeated_letters, "repeated_letters", "The name \"{}\" with a letter doubled, or one of two left out",
     "Le nom « {} » avec une lettre doublée, ou une lettre double simplifiée"},
    {LookalikeSign::other_alphabet, "other_alphabet", "It is written in another alphabet", "Il est écrit dans un autre alphabet"},
    {LookalikeSign::typo, "typo", "The name \"{}\" with one slip of the keyboard", "Le nom « {} » à une faute de frappe près"},
    {LookalikeSign::two_typos, "two_typos", "The name \"{}\" with two letters wrong", "Le nom « {} » à deux lettres près"},
    {LookalikeSign::trust_word, "trust_word", "It asks for trust: \"{}\"", "Il appelle la confiance : « {} »"},
    {LookalikeSign::added_word, "added_word", "A word was added: \"{}\"", "Un mot a été ajouté : « {} »"},
    {LookalikeSign::added_number, "added_number", "A number was added: {}", "Un nombre a été ajouté : {}"},
    {LookalikeSign::domain_ending, "domain_ending", "It looks like an address: \"{}\"", "Il ressemble à une adresse : « {} »"},
    {LookalikeSign::other_words, "other_words", "The name stands among other words", "Le nom est entouré d'autres mots"},
    {LookalikeSign::same_display_name, "same_display_name", "The display name is \"{}\"", "Le nom affiché est « {} »"},
    {LookalikeSign::display_name_trust, "display_name_trust", "The display name asks for trust: \"{}\"",
     "Le nom affiché appelle la confiance : « {} »"},
    {LookalikeSign::similar_display_name, "similar_display_name", "The display name resembles \"{}\"", "Le nom affiché ressemble à « {} »"},
    {LookalikeSign::claims_to_be_it, "claims_to_be_it", "Its description says that it is the official account",
     "Sa description affirme que c'est le compte officiel"},
    {LookalikeSign::young_account, "young_account", "The account is {} days old", "Le compte a {} jours"},
    {LookalikeSign::few_followers, "few_followers", "It has {} followers", "Il a {} abonnés"},
    {LookalikeSign::many_followers, "many_followers", "It has {} followers, which speaks for an account of its own standing",
     "Il a {} abonnés, ce qui plaide pour un compte établi"},
    {LookalikeSign::common_word, "common_word", "\"{}\" is a common word or a short name: by itself it says little",
     "« {} » est un mot courant ou un nom court : à lui seul il dit peu"},
    {LookalikeSign::declares_itself, "declares_itself", "It says what it is: \"{}\"", "Il dit ce qu'il est : « {} »"},
    {LookalikeSign::speaks_against, "speaks_against", "It speaks against the name and does not pretend to be it: \"{}\"",
     "Il s'oppose au nom et ne prétend pas être lui : « {} »"},
};

const Wording& wording(LookalikeSign sign) noexcept {
    for (const Wording& one : wordings)
        if (one.sign == sign) return one;
    return wordings[0];
}

}  // namespace

std::string_view to_string(LookalikeVerdict verdict) noexcept {
    switch (verdict) {
        case LookalikeVerdict::none:
            return "none";
        case LookalikeVerdict::declared:
            return "declared";
        case LookalikeVerdict::suspect:
            return "suspect";
        case LookalikeVerdict::impostor:
            return "impostor";
        case LookalikeVerdict::official:
            return "official";
    }
    return "none";
}

std::string_view to_string(LookalikeSign sign) noexcept {
    return wording(sign).name;
}

std::string sentence(const LookalikeReason& reason, std::string_view language) {
    const Wording& one = wording(reason.sign);
    std::string out(language.starts_with("fr") ? one.french : one.english);
    if (const std::size_t at = out.find("{}"); at != std::string::npos) out.replace(at, 2, reason.detail);
    if (reason.detail == "1") {
        for (const std::string_view plural : {"1 days", "1 jours", "1 followers", "1 abonnés"})
            if (const std::size_t at = out.find(plural); at != std::string::npos) out.erase(at + plural.size() - 1, 1);
    }
    return out;
}

}  // namespace vigie::text
