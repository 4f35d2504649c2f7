#include "delivery/words.hpp"

namespace vigie::delivery {
namespace {

constexpr Words english = {
    .no_severity = "ALERT",
    .over = "Over: ",
    .colon = ": ",
    .new_alerts = "More of it: new alerts have come.",
    .severity = "It has become graver.",
    .repeat = "Reminder: it is still going on.",
    .some_resolved = "Part of it is over.",
    .late = "This message is {0} late: it was due at {1}.",
    .more_one = "and 1 more alert",
    .more_many = "and {0} more alerts",
    .default_summary = "The rule {0} fires for {1}.",
    .default_summary_no_brand = "The rule {0} fires.",
    .brand_over = "The rule {0} fired for {1}; it is over.",
    .over_no_brand = "The rule {0} fired; it is over.",
    .since = "Since {0} ({1})",
    .from_to = "From {0} to {1} ({2})",
    .reach = "reach {0}",
    .negative = "negative",
    .neutral = "neutral",
    .positive = "positive",
    .values = "How it is",
    .mentions = "Who says so",
    .next = "What to do",
    .runbook = "Runbook",
    .open = "Open in Vigie",
    .post = "Read it",
    .because = "Why it ended",
    .no_value = "no value",
    .percent = "%",
    .decimal = ".",
    .thousands = ",",
    .day = "d",
};

constexpr Words french = {
    .no_severity = "ALERTE",
    .over = "Terminé : ",
    .colon = " : ",
    .new_alerts = "Cela s'étend : de nouvelles alertes sont arrivées.",
    .severity = "La situation s'aggrave.",
    .repeat = "Rappel : cela continue.",
    .some_resolved = "Une partie est terminée.",
    .late = "Ce message a {0} de retard : il était dû le {1}.",
    .more_one = "et 1 autre alerte",
    .more_many = "et {0} autres alertes",
    .default_summary = "La règle {0} s'est déclenchée pour {1}.",
    .default_summary_no_brand = "La règle {0} s'est déclenchée.",
    .brand_over = "La règle {0} s'était déclenchée pour {1} ; c'est terminé.",
    .over_no_brand = "La règle {0} s'était déclenchée ; c'est terminé.",
    .since = "Depuis le {0} ({1})",
    .from_to = "Du {0} au {1} ({2})",
    .reach = "audience {0}",
    .negative = "négatif",
    .neutral = "neutre",
    .positive = "positif",
    .values = "La mesure",
    .mentions = "Qui le dit",
    .next = "Que faire",
    .runbook = "Procédure",
    .open = "Ouvrir dans Vigie",
    .post = "Lire",
    .because = "Fin",
    .no_value = "aucune valeur",
    .percent = "\u00A0%",
    .decimal = ",",
    .thousands = "\u202F",
    .day = "j",
};

}  // namespace

const Words& words_of(Language language) noexcept {
    return language == Language::fr ? french : english;
}

}  // namespace vigie::delivery
