#include "support/posts.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "vigie/core/record_json.hpp"

namespace vigie::bench {
namespace {

using Words = std::array<std::string_view, 96>;

constexpr Words english{
    "the",     "a",      "and",     "to",      "of",        "in",       "I",       "it",    "that",     "was",      "for",     "on",
    "is",      "with",   "my",      "this",    "they",      "we",       "have",    "not",   "at",       "but",      "you",     "are",
    "so",      "just",   "from",    "had",     "their",     "after",    "again",   "today", "never",    "still",    "very",    "really",
    "waiting", "hours",  "flight",  "order",   "service",   "customer", "support", "staff", "phone",    "email",    "refund",  "money",
    "great",   "love",   "thanks",  "happy",   "excellent", "friendly", "helpful", "fast",  "terrible", "awful",    "broken",  "late",
    "lost",    "angry",  "rude",    "worst",   "delivery",  "store",    "website", "price", "ticket",   "bag",      "morning", "yesterday",
    "weekend", "people", "someone", "nobody",  "everybody", "told",     "said",    "asked", "called",   "answered", "bought",  "paid",
    "tried",   "opened", "closed",  "arrived", "cancelled", "promised", "because", "while", "before",   "without",  "around",  "between"};
constexpr Words french{
    "le",        "la",       "les",     "un",      "une",    "et",      "de",        "des",       "du",       "à",        "je",
    "il",        "que",      "qui",     "dans",    "pour",   "sur",     "avec",      "mon",       "ce",       "cette",    "nous",
    "vous",      "ils",      "pas",     "est",     "sont",   "était",   "mais",      "encore",    "jamais",   "toujours", "très",
    "vraiment",  "après",    "depuis",  "attente", "heures", "vol",     "commande",  "service",   "client",   "équipe",   "personne",
    "téléphone", "courriel", "argent",  "prix",    "merci",  "super",   "excellent", "rapide",    "aimable",  "content",  "parfait",
    "bravo",     "nul",      "honteux", "cassé",   "retard", "perdu",   "colère",    "pire",      "scandale", "colis",    "magasin",
    "site",      "billet",   "bagage",  "matin",   "hier",   "semaine", "gens",      "quelqu'un", "ma",       "notre",    "leur",
    "dit",       "demandé",  "appelé",  "répondu", "acheté", "payé",    "essayé",    "ouvert",    "fermé",    "arrivé",   "annulé",
    "promis",    "parce",    "pendant", "avant",   "sans",   "autour",  "entre",     "chez"};

constexpr std::array<std::string_view, 25> syllables{"ba", "do", "ke", "li", "mu", "na", "po", "ra",  "se",  "ti",  "vo",  "za", "fe",
                                                     "gu", "ho", "ja", "co", "we", "xi", "yu", "bri", "dra", "klo", "sta", "vle"};

/// Words that no language has: three syllables for the number, one behind, so that none is the beginning of another.
std::string alias(std::size_t brand) {
    const std::size_t n = syllables.size();
    std::string word;
    for (const std::size_t digit : {brand / n / n % n, brand / n % n, brand % n}) word += syllables[digit];
    return word + "nor";
}

std::string spelled(std::size_t brand, std::uint64_t way) {
    const std::string word = alias(brand);
    switch (way % 5) {
        case 0:
            return word;
        case 1:
            return word + " group";
        case 2:
            return "@" + word;
        case 3:
            return "#" + word;
        default:
            return word + "shop";
    }
}

}  // namespace

std::string brand_name(std::size_t brand) {
    return fmt::format("brand-{:05}", brand);
}

std::string brands_yaml(std::size_t brands) {
    std::string yaml = "brands:\n";
    for (std::size_t b = 0; b < brands; ++b) {
        const std::string word = alias(b);
        yaml += fmt::format("  - name: {}\n    query: '{} OR \"{} group\" OR @{} OR #{} OR {}shop'\n", brand_name(b), word, word, word,
                            word, word);
    }
    return yaml;
}

Posts::Posts(std::size_t brands, Time from) : from_(from) {
    std::vector<double> shares(brands);
    for (std::size_t b = 0; b < brands; ++b) shares[b] = 1.0 / static_cast<double>(b + 1);
    brand_ = std::discrete_distribution<std::size_t>(shares.begin(), shares.end());
}

std::string Posts::line(std::size_t bytes) {
    const Time published = from_ + Duration(static_cast<std::int64_t>(made_ / 4));
    return line_about(brand_(random_), published, bytes);
}

std::string Posts::line_about(std::size_t brand, Time published, std::size_t bytes) {
    const std::uint64_t author = random_() % 1'000'000;
    Item item;
    item.id = fmt::format("mastodon/{}", 110'000'000'000 + made_++);
    item.platform = "mastodon";
    item.url = Untrusted(fmt::format("https://social.example/@user{}/{}", author, made_));
    item.published = published;
    item.author.handle = Untrusted(fmt::format("@user{}@social.example", author));
    item.author.name = Untrusted(fmt::format("User {}", author));
    item.author.followers = static_cast<std::int64_t>(random_() % 5000);
    item.engagement.likes = static_cast<std::int64_t>(random_() % 20);
    item.engagement.reposts = static_cast<std::int64_t>(random_() % 5);
    const std::size_t envelope = to_json(item).size() + std::string_view(R"(,"text":"")").size() + 1;
    item.text = Untrusted(text(brand, bytes > envelope ? bytes - envelope : 0));
    return to_json(item) + "\n";
}

std::string Posts::text(std::size_t brand, std::size_t bytes) {
    const Words& words = random_() % 10 < 7 ? english : french;
    const std::size_t named_after = random_() % (bytes / 2 + 1);
    bool named = false;
    std::string text;
    while (text.size() < bytes) {
        if (!named && text.size() >= named_after) {
            text += spelled(brand, random_());
            named = true;
        } else if (random_() % 8 == 0) {
            // Names, numbers and links of real posts, which do not compress.
            text += fmt::format("{:x}", random_() % (1ULL << 28));
        } else {
            // Low numbers more often: a rough Zipf.
            text += words[static_cast<std::size_t>(random_() % words.size() * (random_() % words.size()) / words.size())];
        }
        text += ' ';
    }
    // Cut at the first byte of a character.
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    text.resize(bytes);
    return text;
}

}  // namespace vigie::bench
