// The content of a notification, the same for every receiver that speaks to people: what, how much, since when, who says so, what to do.
// Thread-safety: values; build_message is pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/core/time.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::delivery {

enum class Language : std::uint8_t { en, fr };
/// "en" or "fr", also with a region ("fr-CA").
std::optional<Language> parse_language(std::string_view tag) noexcept;

/// A named value, written for people: {"mentions[1h]", "84"}.
struct Fact {
    std::string name;
    std::string value;
    friend bool operator==(const Fact&, const Fact&) = default;
};

struct QuotedMention {
    Untrusted author;      ///< its handle; may be empty
    std::string platform;  ///< "mastodon"
    Untrusted text;
    std::optional<std::string> link;  ///< passed by safe_link
    std::string meta;                 ///< "2026-03-01 09:30 UTC, reach 12,000, negative"
    friend bool operator==(const QuotedMention&, const QuotedMention&) = default;
};

/// One alert of the notification.
struct MessageAlert {
    alerts::State state = alerts::State::firing;
    std::string severity;  ///< as the rule names it; may be empty
    std::string name;      ///< of the rule
    std::string brand;
    std::string labels;  ///< the others, "platform=x, team=comms-eu"; may be empty
    Untrusted summary;   ///< what happened: the annotation `summary`, else a sentence of ours
    Untrusted description;
    std::vector<Fact> facts;                  ///< how it is; at most 8
    std::string when;                         ///< "Since 2026-03-01 09:30 UTC (25 min)", or from when to when
    std::vector<QuotedMention> mentions;      ///< at most three
    Untrusted next;                           ///< what to do: the annotation `action`; may be empty
    Untrusted runbook;                        ///< the annotation `runbook` or `runbook_url`, as written
    std::optional<std::string> runbook_link;  ///< the same, where it is a link
    std::string because;                      ///< why it ended; may be empty
    friend bool operator==(const MessageAlert&, const MessageAlert&) = default;
};

/// Every string in it, ours included, goes through an escaper of escape.hpp on its way out; links have passed safe_link.
struct Message {
    Language language = Language::en;
    alerts::State status = alerts::State::firing;
    std::string severity;              ///< the gravest among those that fire (all, where none does)
    int rank = 0;                      ///< severity_rank of it: for colours and priorities
    std::string title;                 ///< "[CRISIS] aurora-air: VolumeSurge", "Over: aurora-air: VolumeSurge (+2)"
    std::string why_now;               ///< "It has become graver.", "Reminder: still going on."; may be empty
    std::string late;                  ///< "This message is 3 h late: it was due at 2026-03-01 09:30 UTC."; empty where it isn't
    std::vector<MessageAlert> alerts;  ///< at most 10
    std::string more;                  ///< "and 12 more alerts"; empty where all are shown
    std::string link;                  ///< to Vigie's page; empty where no external URL is known
    std::string key;                   ///< of the notification, for the footer
    // The words around it, in that language.
    std::string word_values, word_mentions, word_next, word_runbook, word_open, word_post, word_because;
    friend bool operator==(const Message&, const Message&) = default;
};

/// Late is what is sent more than this long after it was decided.
inline constexpr Duration late_after{std::chrono::minutes{5}};

/// `external_url` of this Vigie, without a slash at its end; may be empty. `now`: the instant of sending.
Message build_message(const alerts::Notification& notification, Language language, std::string_view external_url, Time now);
/// A message as plain text, as it goes to terminals and into the text part of a mail: escaped, wrapped nowhere.
std::string plain_text(const Message& message);

/// "3 h 20 min", "45 s", "2 d 4 h": two units at most. French: "2 j 4 h".
std::string human_duration(Duration d, Language language);
/// "2026-03-01 09:30 UTC".
std::string human_time(Time t);
/// By its unit: "84", "1,250", "9.1", "45%", "3 h". French: "1 250", "9,1", "45 %". No value: "no value", "aucune valeur".
std::string human_value(const rules::NamedValue& value, Language language);

}  // namespace vigie::delivery
