#include "text/near_copies_share.hpp"

#include <algorithm>
#include <array>

#include "vigie/core/hash.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t max_hosts = 8;
constexpr std::size_t min_site_letters = 3;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

// The host of what begins with "http://", "https://" or "www."; empty if there is none.
std::string host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos && scheme <= 5) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#: \t\n\"<>)"));
    if (const std::size_t user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
    if (url.size() > 253 || url.find('.') == std::string_view::npos) return {};
    return lower(url);
}

void add_hosts_of_text(std::vector<std::string>& hosts, std::string_view text) {
    for (std::size_t at = text.find("://"); at != std::string_view::npos && hosts.size() < max_hosts; at = text.find("://", at + 3)) {
        const std::string_view before = text.substr(0, at);
        if (!before.ends_with("http") && !before.ends_with("https") && !before.ends_with("HTTP") && !before.ends_with("HTTPS")) continue;
        std::string host = host_of(text.substr(at + 3, 300));
        if (!host.empty()) hosts.push_back(std::move(host));
    }
}

template <std::size_t N>
bool ends_in_one_of(std::string_view host, const std::array<std::string_view, N>& domains) noexcept {
    return std::any_of(domains.begin(), domains.end(), [&](std::string_view domain) {
        return host.ends_with(domain) && (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
    });
}

bool is_common_label(std::string_view label) noexcept {
    static constexpr std::array<std::string_view, 13> common = {"www", "com", "net",  "org",  "gov",  "edu",   "news",
                                                                "amp", "web", "blog", "shop", "info", "mobile"};
    return label.size() < min_site_letters || std::find(common.begin(), common.end(), label) != common.end();
}

std::uint64_t hash_of_phrase(std::string_view phrase, std::size_t& words) {
    TokenStream stream;
    stream.add(phrase);
    std::uint64_t hash = 0;
    words = 0;
    for (const Token& token : stream.tokens()) {
        if (token.first != token.last) continue;
        hash = (hash ^ token.hash) * 0x9E3779B97F4A7C15U;
        ++words;
    }
    return hash;
}

}  // namespace

std::vector<std::string> hosts_of(const Item& item) {
    std::vector<std::string> hosts;
    for (const Untrusted& link : item.links) {
        if (hosts.size() == max_hosts) return hosts;
        std::string host = host_of(link.bytes());
        if (!host.empty()) hosts.push_back(std::move(host));
    }
    add_hosts_of_text(hosts, item.text.bytes());
    return hosts;
}

bool names_host(std::string_view name, std::string_view host) noexcept {
    if (name.size() < min_site_letters) return false;
    for (std::size_t at = 0; at < host.size();) {
        const std::size_t end = std::min(host.find('.', at), host.size());
        const std::string_view label = host.substr(at, end - at);
        at = end + 1;
        if (end == host.size()) break;  // the top-level domain names nobody
        if (!is_common_label(label) && (name.starts_with(label) || label.starts_with(name))) return true;
    }
    return false;
}

std::uint64_t site_of_url(std::string_view url) {
    const std::string host = host_of(url);
    std::string_view best;
    // The last label before the top-level domain that says something: "bbc" of "www.bbc.co.uk".
    for (std::size_t at = 0; at < host.size();) {
        const std::size_t end = std::min(host.find('.', at), host.size());
        const std::string_view label = std::string_view(host).substr(at, end - at);
        if (end < host.size() && !is_common_label(label)) best = label;
        at = end + 1;
    }
    std::string name = fold(best);
    name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
    return name.size() < min_site_letters ? 0 : hash64(name);
}

bool is_petition_host(std::string_view host) noexcept {
    static constexpr std::array<std::string_view, 18> sites = {
        "change.org",        "chng.it",        "avaaz.org",           "mesopinions.com", "38degrees.org.uk", "you.38degrees.org.uk",
        "moveon.org",        "care2.com",      "thepetitionsite.com", "campact.de",      "openpetition.de",  "openpetition.eu",
        "actionnetwork.org", "ipetitions.com", "wemove.eu",           "eko.org",         "sumofus.org",      "petition.parliament.uk"};
    return ends_in_one_of(host, sites);
}

bool is_petition_handle(std::string_view folded_handle) noexcept {
    static constexpr std::array<std::string_view, 18> handles = {
        "change", "changeorg",   "change_es",  "changefrance", "changeger", "changeitalia", "change_br",    "changeorg_india", "ukchange",
        "avaaz",  "mesopinions", "38_degrees", "moveon",       "care2",     "campact",      "openpetition", "eko_movement",    "sumofus"};
    return std::find(handles.begin(), handles.end(), folded_handle) != handles.end();
}

bool begins_with_app_phrase(const std::vector<CopyWord>& words) {
    struct Phrase {
        std::uint64_t hash;
        std::size_t words;
    };
    static const std::vector<Phrase> phrases = [] {
        std::vector<Phrase> made;
        for (const std::string_view phrase : {"I liked a video",
                                              "I favorited a video",
                                              "I added a video to a playlist",
                                              "I subscribed to",
                                              "Just posted a photo",
                                              "Just posted a video",
                                              "I just checked in at",
                                              "I just earned the",
                                              "I just ousted",
                                              "I just entered to win",
                                              "J'aime une vidéo",
                                              "J'ai ajouté une vidéo à une playlist",
                                              "J'ai publié une nouvelle photo",
                                              "Me gustó un video",
                                              "Me ha gustado un vídeo",
                                              "Indiqué que me gusta un video",
                                              "He añadido un vídeo a una lista",
                                              "Mi è piaciuto un video di",
                                              "Ho aggiunto un video a una playlist",
                                              "Gostei de um vídeo",
                                              "Adicionei um vídeo a uma playlist",
                                              "Ich mag das Video",
                                              "Ich mag ein Video",
                                              "Ich habe ein Video zu einer Playlist hinzugefügt"}) {
            Phrase one{};
            one.hash = hash_of_phrase(phrase, one.words);
            made.push_back(one);
        }
        return made;
    }();
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < words.size() && i < 12; ++i) {
        hash = (hash ^ words[i].hash) * 0x9E3779B97F4A7C15U;
        if (std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& p) { return p.words == i + 1 && p.hash == hash; })) return true;
    }
    return false;
}

}  // namespace vigie::text
