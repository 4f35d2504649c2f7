#include "text/lookalike_phrases.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "text/fold_char.hpp"
#include "text/lookalike_score.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/lookalike.hpp"

namespace vigie::text {
namespace lookalike {
namespace {

constexpr std::string_view profile_hosts[] = {"x.com/",        "twitter.com/",    "t.me/",         "instagram.com/",
                                              "facebook.com/", "tiktok.com/@",    "threads.net/@", "bsky.app/profile/",
                                              "youtube.com/@", "linkedin.com/in/"};

bool handle_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
}

class Cutter {
public:
    Cutter(std::string_view text, Speech& out) : text_(text.substr(0, max_text_bytes)), out_(out) {}

    void cut() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '@') {
                handle();
            } else if (c == 'h' && !word_open() && starts_url()) {
                url();
            } else if (c == '.' || c == '!' || c == '?' || c == '\n') {
                stop();
            } else {
                character();
            }
        }
        close_word();
    }

private:
    bool word_open() const noexcept { return out_.letters.size() > word_begin_; }
    bool starts_url() const noexcept { return text_.substr(at_).starts_with("http://") || text_.substr(at_).starts_with("https://"); }

    void close_word() {
        if (word_open()) out_.tokens.push_back({Spoken::word, word_begin_, static_cast<std::uint32_t>(out_.letters.size())});
        word_begin_ = static_cast<std::uint32_t>(out_.letters.size());
    }

    void character() {
        std::size_t next = at_;
        const FoldedChar folded = fold_char(decode(text_, next));
        at_ = next;
        if (folded.cls == CharClass::skip) return;
        if (folded.size > 0) {
            out_.letters += folded.view();
        } else {
            close_word();
        }
    }

    void stop() {
        const std::size_t next = at_ + 1;
        close_word();
        const bool ends = text_[at_] == '\n' || next >= text_.size() || text_[next] == ' ' || text_[next] == '\n' || text_[next] == '\r';
        if (ends && !out_.tokens.empty() && out_.tokens.back().kind != Spoken::stop)
            out_.tokens.push_back({Spoken::stop, word_begin_, word_begin_});
        at_ = next;
    }

    // "ana@mas.to" without '@' before it is an e-mail address, and no handle.
    void handle() {
        const bool address = word_open() && at_ > 0 && handle_char(text_[at_ - 1]);
        close_word();
        std::size_t end = at_ + 1;
        while (end < text_.size() && handle_char(text_[end])) ++end;
        std::size_t name_end = end;
        if (end < text_.size() && text_[end] == '@') {
            std::size_t server_end = end + 1;
            while (server_end < text_.size() && handle_char(text_[server_end])) ++server_end;
            if (text_.substr(end, server_end - end).find('.') != std::string_view::npos) name_end = end = server_end;
        }
        while (name_end > at_ + 1 && (text_[name_end - 1] == '.' || text_[name_end - 1] == '-')) --name_end;
        if (!address) add_handle(text_.substr(at_ + 1, name_end - at_ - 1));
        at_ = std::max(name_end, at_ + 1);
    }

    void url() {
        std::size_t end = at_;
        while (end < text_.size() && static_cast<unsigned char>(text_[end]) > ' ' && text_[end] != '<' && text_[end] != '"') ++end;
        std::string_view link = text_.substr(at_, end - at_);
        link.remove_prefix(link.find("://") + 3);
        if (link.starts_with("www.")) link.remove_prefix(4);
        for (const std::string_view host : profile_hosts) {
            if (!link.starts_with(host)) continue;
            std::string_view name = link.substr(host.size());
            name = name.substr(0, name.find_first_of("/?#"));
            while (!name.empty() && !handle_char(name.back())) name.remove_suffix(1);
            while (name.ends_with('.')) name.remove_suffix(1);
            add_handle(name);
        }
        at_ = std::max(end, at_ + 1);
    }

    void add_handle(std::string_view name) {
        if (name.empty() || name.size() > max_announced_bytes) return;
        std::string folded = clean_utf8(name, max_announced_bytes);
        for (char& c : folded)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        out_.letters += folded;
        out_.tokens.push_back({Spoken::handle, word_begin_, static_cast<std::uint32_t>(out_.letters.size())});
        word_begin_ = static_cast<std::uint32_t>(out_.letters.size());
    }

    std::string_view text_;
    Speech& out_;
    std::size_t at_ = 0;
    std::uint32_t word_begin_ = 0;
};

}  // namespace

Speech::Speech(std::string_view text) {
    Cutter(text, *this).cut();
}

PhraseTable::PhraseTable(std::initializer_list<PhraseGroup> groups) {
    for (const PhraseGroup& group : groups) {
        for (std::size_t at = 0; at < group.phrases.size();) {
            const std::size_t end = std::min(group.phrases.find('|', at), group.phrases.size());
            Phrase phrase;
            phrase.label = group.label;
            std::string_view rest = group.phrases.substr(at, end - at);
            while (!rest.empty()) {
                const std::size_t blank = std::min(rest.find(' '), rest.size());
                phrase.words.push_back(rest.substr(0, blank));
                rest.remove_prefix(std::min(blank + 1, rest.size()));
            }
            if (!phrase.words.empty()) by_first_[phrase.words.front()].push_back(std::move(phrase));
            at = end + 1;
        }
    }
}

void PhraseTable::find(const Speech& speech, std::size_t at, std::vector<PhraseHit>& out) const {
    if (speech.tokens[at].kind != Spoken::word) return;
    const auto candidates = by_first_.find(speech.text(at));
    if (candidates == by_first_.end()) return;
    for (const Phrase& phrase : candidates->second) {
        std::size_t reached = at;
        bool met = true;
        for (std::size_t w = 1; w < phrase.words.size() && met; ++w) {
            met = false;
            for (std::size_t next = reached + 1; next <= reached + 1 + max_gap && next < speech.tokens.size(); ++next) {
                if (speech.tokens[next].kind == Spoken::stop) break;
                if (speech.tokens[next].kind != Spoken::word || speech.text(next) != phrase.words[w]) continue;
                reached = next;
                met = true;
                break;
            }
        }
        if (met) out.push_back({at, reached, phrase.label});
    }
}

Description read_description(std::string_view bio) {
    enum { declared, claimed };
    static const PhraseTable table{
        {declared,
         "parody|parodie|parodia|paroda|satire|satira|fan|fans|fanpage|fanclub|fanaccount|unofficial|nonofficiel|inoffiziell|tribute|"
         "hommage|"
         "not affiliated|not associated|not official|non affilie|non affiliee|non officiel|non officielle|pas officiel|pas affilie|no "
         "oficial|"
         "no afiliado|non ufficiale|non affiliato|nicht offiziell|nicht verbunden|nao oficial"},
        {claimed,
         "official account|official page|official twitter|official profile|official support|official channel|compte officiel|page "
         "officielle|"
         "support officiel|assistance officielle|service client|customer service|customer support|customer care|cuenta oficial|pagina "
         "oficial|"
         "atencion cliente|account ufficiale|pagina ufficiale|assistenza clienti|offizieller account|offizielles konto|kundenservice|"
         "conta oficial|perfil oficial"},
    };
    Description out;
    const Speech speech(bio.substr(0, 4096));
    std::vector<PhraseHit> hits;
    for (std::size_t at = 0; at < speech.tokens.size(); ++at) {
        hits.clear();
        table.find(speech, at, hits);
        for (const PhraseHit& hit : hits) {
            if (hit.label == claimed) out.claims = true;
            if (hit.label != declared) continue;
            out.declares = true;
            if (out.word.empty()) out.word = table.word(speech.text(at));
        }
    }
    if (out.declares) out.claims = false;
    return out;
}

}  // namespace lookalike

namespace {

using namespace lookalike;

constexpr std::size_t max_announcements = 16;
constexpr std::size_t behind_phrase = 12;  // tokens within which a handle belongs to the phrase before it
constexpr std::size_t before_phrase = 5;
constexpr std::size_t behind_invitation = 5;

const PhraseTable& announcing() {
    static const PhraseTable table{
        {static_cast<int>(Announcement::Kind::new_account),
         "new account|new address|new handle|new profile|new page|new username|new official account|new home|moved to|moving to|have moved|"
         "weve moved|now at|now on|now posting|find us at|find us on|reach us at|reach us on|from now on|"
         "nouveau compte|nouvelle adresse|nouveau profil|nouvelle page|nouvel identifiant|nouveau pseudo|nouvel account|desormais sur|"
         "maintenant sur|dorenavant sur|retrouvez nous sur|rejoignez nous sur|nous demenageons|avons demenage|on demenage|change adresse|"
         "changeons adresse|changeons compte|neuer account|neues konto|neue adresse|neues profil|umgezogen|findet uns|ab jetzt|"
         "nueva cuenta|nueva direccion|nuevo perfil|nos mudamos|hemos mudado|ahora estamos en|encuentranos en|nuovo account|nuovo profilo|"
         "nuovo indirizzo|siamo trasferiti|nuova pagina|trovate ora su|nova conta|novo perfil|novo endereco|mudamos para|agora estamos em"},
        {static_cast<int>(Announcement::Kind::backup),
         "backup account|back up account|backup page|backup profile|backup is|my backup|our backup|second account|reserve account|"
         "spare account|alt account|compte secours|compte secondaire|compte sauvegarde|compte bis|second compte|cuenta respaldo|"
         "cuenta secundaria|conta reserva|conta secundaria|account riserva|account secondario|zweitaccount|ersatzkonto|ersatzaccount|"
         "backup konto"},
        {static_cast<int>(Announcement::Kind::old_one_gone),
         "account suspended|account banned|account closed|account deleted|account disabled|account terminated|account removed|account "
         "blocked|"
         "account taken down|account shut down|got suspended|got banned|were banned|were suspended|compte suspendu|compte ferme|"
         "compte supprime|compte bloque|compte banni|compte censure|compte desactive|konto gesperrt|account gesperrt|konto geloscht|"
         "cuenta suspendida|cuenta cerrada|cuenta eliminada|account sospeso|account chiuso|account bloccato|conta suspensa|conta banida|"
         "conta encerrada"},
        {static_cast<int>(Announcement::Kind::follow_us),
         "follow us|follow our|join us|suivez nous|suis nous|abonnez vous|folgt uns|folge uns|siguenos|seguidnos|seguici|seguiteci|siga "
         "nos|"
         "sigam nos|sigam a"},
    };
    return table;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) noexcept {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool denies(std::string_view word) noexcept {
    return is_one_of(
        word, {"not", "isn", "aren", "don", "never", "no", "pas", "jamais", "aucun", "nicht", "kein", "keine", "nunca", "mai", "nao"});
}
bool warns(std::string_view word) noexcept {
    return is_one_of(
        word, {"fake",  "fakes",  "scam",    "scammer",   "scammers", "impostor",   "imposter", "impersonating", "impersonator", "phishing",
               "faux",  "fausse", "arnaque", "imposteur", "usurpe",   "usurpation", "escroc",   "betrug",        "falsch",       "falso",
               "falsa", "estafa", "truffa",  "golpe",     "signalez", "report",     "beware",   "mefiez"});
}

// Whether the sentence that holds `from`..`to` warns of the handle, or denies it near the phrase.
bool is_denied(const Speech& speech, std::size_t from, std::size_t to) {
    constexpr std::size_t near = 4;
    std::size_t begin = from;
    for (std::size_t steps = 0; begin > 0 && steps < 24 && speech.tokens[begin - 1].kind != Spoken::stop; ++steps) --begin;
    std::size_t end = to + 1;
    for (std::size_t steps = 0; end < speech.tokens.size() && steps < 24 && speech.tokens[end].kind != Spoken::stop; ++steps) ++end;
    for (std::size_t at = begin; at < end; ++at) {
        if (speech.tokens[at].kind != Spoken::word) continue;
        if (warns(speech.text(at))) return true;
        if (at + near >= from && at <= to && denies(speech.text(at))) return true;
    }
    return false;
}

struct Found {
    std::size_t token = 0;
    Announcement announcement;
};

void add(const Speech& speech, const PhraseHit& hit, std::size_t handle, std::vector<Found>& out) {
    if (is_denied(speech, std::min(hit.begin, handle), std::max(hit.end, handle))) return;
    Announcement one;
    one.kind = static_cast<Announcement::Kind>(hit.label);
    one.handle = std::string(speech.text(handle));
    for (std::size_t at = hit.begin; at <= hit.end; ++at) {
        if (speech.tokens[at].kind != Spoken::word) continue;
        if (!one.phrase.empty()) one.phrase += ' ';
        one.phrase += speech.text(at);
    }
    one.phrase = clean_utf8(one.phrase, 200);
    for (Found& other : out) {
        if (other.announcement.handle != one.handle) continue;
        if (one.kind < other.announcement.kind) other.announcement = std::move(one);
        return;
    }
    if (out.size() < max_announcements) out.push_back({handle, std::move(one)});
}

void find_handle(const Speech& speech, const PhraseHit& hit, std::vector<Found>& out) {
    const auto kind = static_cast<Announcement::Kind>(hit.label);
    const bool invitation = kind == Announcement::Kind::follow_us;
    std::size_t stops = 0;
    const std::size_t reach = hit.end + (invitation ? behind_invitation : behind_phrase);
    for (std::size_t at = hit.end + 1; at <= reach && at < speech.tokens.size(); ++at) {
        if (speech.tokens[at].kind == Spoken::stop && (invitation || ++stops > 1)) break;
        if (speech.tokens[at].kind != Spoken::handle) continue;
        add(speech, hit, at, out);
        return;
    }
    // "@x is our new account"; of what is gone the handle before it is the one that went.
    if (invitation || kind == Announcement::Kind::old_one_gone) return;
    for (std::size_t steps = 0; steps < before_phrase && hit.begin > steps; ++steps) {
        const std::size_t at = hit.begin - steps - 1;
        if (speech.tokens[at].kind == Spoken::stop) return;
        if (speech.tokens[at].kind != Spoken::handle) continue;
        add(speech, hit, at, out);
        return;
    }
}

}  // namespace

std::vector<Announcement> announced_handles(std::string_view text) {
    if (text.find('@') == std::string_view::npos && text.find("://") == std::string_view::npos) return {};
    const Speech speech(text);
    std::vector<Found> found;
    std::vector<PhraseHit> hits;
    for (std::size_t at = 0; at < speech.tokens.size(); ++at) {
        hits.clear();
        announcing().find(speech, at, hits);
        for (const PhraseHit& hit : hits) find_handle(speech, hit, found);
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.token < b.token; });
    std::vector<Announcement> out;
    out.reserve(found.size());
    for (Found& one : found) out.push_back(std::move(one.announcement));
    return out;
}

}  // namespace vigie::text
