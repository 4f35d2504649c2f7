// Which accounts imitate a brand. The imitations are made here, by typo classes and affixes; no list of real impostors is at hand. The
// ordinary handles are those that people mention in posts: real accounts of 2009 to 2017, official ones among them.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "text/section.hpp"
#include "vigie/text/lookalike.hpp"

namespace vigie::bench {
namespace {

using text::Lookalike;
using text::LookalikeAccount;
using text::Lookalikes;
using text::LookalikeTarget;
using text::LookalikeVerdict;

enum class Group { distinctive, common, brief, accented, digits, words };
constexpr std::array<std::string_view, 6> group_names = {"distinctive", "common words", "four letters and less",
                                                         "accented",    "with digits",  "several words"};
struct Name {
    Group group;
    const char* display;
    const char* handle;
};

constexpr Name names[] = {
    {Group::distinctive, "Volkswagen", "volkswagen"},
    {Group::distinctive, "Heineken", "Heineken"},
    {Group::distinctive, "Instacart", "Instacart"},
    {Group::distinctive, "Electrolux", "electrolux"},
    {Group::distinctive, "Schweppes", "schweppes"},
    {Group::distinctive, "Bouygues", "Bouygues"},
    {Group::distinctive, "Cdiscount", "Cdiscount"},
    {Group::distinctive, "Swisscom", "Swisscom"},
    {Group::distinctive, "Mastercard", "Mastercard"},
    {Group::distinctive, "Deliveroo", "Deliveroo"},
    {Group::distinctive, "Eurostar", "Eurostar"},
    {Group::distinctive, "Kaspersky", "kaspersky"},
    {Group::distinctive, "Nintendo", "NintendoAmerica"},
    {Group::distinctive, "Panasonic", "panasonic"},
    {Group::distinctive, "Pandora", "pandora"},
    {Group::distinctive, "Pfizer", "pfizer"},
    {Group::distinctive, "Qualcomm", "Qualcomm"},
    {Group::distinctive, "Rakuten", "RakutenFR"},
    {Group::distinctive, "Salesforce", "salesforce"},
    {Group::distinctive, "Thalys", "thalys_fr"},
    {Group::distinctive, "Unilever", "Unilever"},
    {Group::distinctive, "Vueling", "vueling"},
    {Group::distinctive, "Wizzair", "wizzair"},
    {Group::distinctive, "Zendesk", "Zendesk"},
    {Group::distinctive, "Airbnb", "Airbnb"},
    {Group::distinctive, "Blablabus", "blablabus"},
    {Group::distinctive, "Coinbase", "coinbase"},
    {Group::distinctive, "Doctissimo", "doctissimo"},
    {Group::distinctive, "Ferrero", "FerreroFR"},
    {Group::distinctive, "Garmin", "Garmin"},
    {Group::distinctive, "Hermes", "hermes_paris"},
    {Group::distinctive, "Intermarche", "intermarche"},
    {Group::distinctive, "Kickstarter", "kickstarter"},
    {Group::distinctive, "Logitech", "Logitech"},
    {Group::distinctive, "Monoprix", "Monoprix"},
    {Group::distinctive, "Nespresso", "nespresso"},
    {Group::distinctive, "Tupperware", "tupperware"},
    {Group::distinctive, "Picnic24", "picnic24"},
    {Group::common, "Shell", "Shell"},
    {Group::common, "Target", "Target"},
    {Group::common, "Sprint", "sprint"},
    {Group::common, "Canon", "CanonUSA"},
    {Group::common, "Mango", "Mango"},
    {Group::common, "Puma", "PUMA"},
    {Group::common, "Boulanger", "Boulanger"},
    {Group::common, "Total", "total"},
    {Group::common, "Orange", "orange"},
    {Group::common, "Apple", "apple"},
    {Group::common, "Subway", "SUBWAY"},
    {Group::common, "Casino", "casino"},
    {Group::common, "Oracle", "Oracle"},
    {Group::common, "Square", "Square"},
    {Group::common, "Monster", "MonsterEnergy"},
    {Group::common, "Fidelity", "Fidelity"},
    {Group::common, "Galaxy", "galaxy"},
    {Group::common, "Discover", "Discover"},
    {Group::common, "Western", "western"},
    {Group::common, "Castorama", "castorama"},
    {Group::brief, "BBVA", "bbva"},
    {Group::brief, "IBM", "IBM"},
    {Group::brief, "ING", "ING_news"},
    {Group::brief, "HSBC", "HSBC"},
    {Group::brief, "RATP", "RATP"},
    {Group::brief, "UPS", "UPS"},
    {Group::brief, "DHL", "DHLglobal"},
    {Group::brief, "Fnac", "Fnac"},
    {Group::brief, "Lidl", "lidl"},
    {Group::brief, "Aldi", "aldi"},
    {Group::brief, "BMW", "BMW"},
    {Group::brief, "H&M", "hm"},
    {Group::brief, "AXA", "AXA"},
    {Group::brief, "Sony", "Sony"},
    {Group::brief, "Asus", "ASUS"},
    {Group::brief, "Fiat", "fiat"},
    {Group::accented, "L'Oréal Paris", "lorealparis"},
    {Group::accented, "Nestlé Waters", "nestlewaters"},
    {Group::accented, "Citroën", "Citroen"},
    {Group::accented, "Hôtel Ibis Âge", "hotelibisage"},
    {Group::accented, "Crédit Mutuel", "CreditMutuel"},
    {Group::accented, "Société Bic", "societebic"},
    {Group::accented, "Müller Milch", "muellermilch"},
    {Group::accented, "Łódź Lotnisko", "lodzlotnisko"},
    {Group::digits, "7-Eleven", "7eleven"},
    {Group::digits, "Forever 21", "Forever21"},
    {Group::digits, "Century 21", "century21"},
    {Group::digits, "France 24", "FRANCE24"},
    {Group::digits, "Canal 9 News", "canal9news"},
    {Group::digits, "Pier 39", "pier39"},
    {Group::words, "British Telecom", "BritishTelecom"},
    {Group::words, "Bank of America", "BankofAmerica"},
    {Group::words, "Virgin Atlantic", "VirginAtlantic"},
    {Group::words, "Burger King", "BurgerKing"},
    {Group::words, "Dunkin Donuts", "DunkinDonuts"},
    {Group::words, "Turkish Airlines", "TurkishAirlines"},
    {Group::words, "Banque Postale", "BanquePostale"},
    {Group::words, "Wells Fargo", "WellsFargo"},
    {Group::words, "General Electric", "generalelectric"},
    {Group::words, "Johnson Controls", "johnsoncontrols"},
    {Group::words, "Toys R Us", "toysrus"},
    {Group::words, "Air Caraibes", "aircaraibes"},
};

std::vector<LookalikeTarget> targets_of_names() {
    std::vector<LookalikeTarget> all;
    for (const Name& name : names) {
        LookalikeTarget target;
        target.names = {name.display};
        target.official["x"] = {name.handle};
        all.push_back(target);
    }
    return all;
}

std::string folded_name(const Name& name) {
    std::string out;
    for (const char* c = name.handle; *c != 0; ++c) out.push_back(*c >= 'A' && *c <= 'Z' ? static_cast<char>(*c - 'A' + 'a') : *c);
    std::erase(out, '_');
    return out;
}

// Typo classes, one edit each.
class Forger {
public:
    explicit Forger(std::uint32_t seed) : random_(seed) {}

    std::string forge(std::string_view kind, const std::string& name) {
        std::string out = name;
        const std::size_t at = pick(name.size());
        if (kind == "addition") return out + any();
        if (kind == "bit flip") return bit_flip(out, at);
        if (kind == "homoglyph") return homoglyph(out);
        if (kind == "Cyrillic") return cyrillic(out);
        if (kind == "hyphenation") return out.insert(1 + pick(name.size() - 1), pick(2) == 0 ? "-" : "_");
        if (kind == "insertion") return out.insert(at, 1, near(name[at]));
        if (kind == "omission") return out.erase(at, 1);
        if (kind == "repetition") return out.insert(at, 1, name[at]);
        if (kind == "replacement") return out[at] = near(name[at]), out;
        if (kind == "transposition") return std::swap(out[at == 0 ? 0 : at - 1], out[at == 0 ? 1 : at]), out;
        if (kind == "vowel swap") return vowel_swap(out);
        if (kind == "plural") return out.insert(1 + pick(name.size()), 1, 's');
        if (kind == "leet") return leet(out);
        if (kind == "invisible") return out.insert(at, "\xE2\x80\x8B");
        return out;
    }
    std::size_t pick(std::size_t below) { return random_() % std::max<std::size_t>(below, 1); }

private:
    char any() { return "abcdefghijklmnopqrstuvwxyz0123456789"[pick(36)]; }

    char near(char c) {
        static const std::map<char, std::string> keys = {
            {'1', "2q"},     {'2', "13wq"},   {'3', "24ew"},   {'4', "35re"},   {'5', "46tr"},   {'6', "57yt"},
            {'7', "68uy"},   {'8', "79iu"},   {'9', "80oi"},   {'0', "9po"},    {'q', "12wa"},   {'w', "3esaq2"},
            {'e', "4rdsw3"}, {'r', "5tfde4"}, {'t', "6ygfr5"}, {'y', "7uhgt6"}, {'u', "8ijhy7"}, {'i', "9okju8"},
            {'o', "0plki9"}, {'p', "lo0"},    {'a', "qwsz"},   {'s', "edxzaw"}, {'d', "rfcxse"}, {'f', "tgvcdr"},
            {'g', "yhbvft"}, {'h', "ujnbgy"}, {'j', "ikmnhu"}, {'k', "olmji"},  {'l', "kop"},    {'z', "asx"},
            {'x', "zsdc"},   {'c', "xdfv"},   {'v', "cfgb"},   {'b', "vghn"},   {'n', "bhjm"},   {'m', "njk"}};
        const auto it = keys.find(c);
        return it == keys.end() ? 'x' : it->second[pick(it->second.size())];
    }

    std::string bit_flip(std::string text, std::size_t at) {
        for (int tries = 0; tries < 64; ++tries) {
            const char flipped = static_cast<char>(text[at] ^ (1 << pick(7)));
            const bool fits = (flipped >= 'a' && flipped <= 'z') || (flipped >= '0' && flipped <= '9');
            if (fits) return text[at] = flipped, text;
            at = pick(text.size());
        }
        return text;
    }

    std::string replace_one(const std::string& text, const std::vector<std::pair<std::string, std::string>>& pairs) {
        std::vector<std::pair<std::size_t, const std::pair<std::string, std::string>*>> places;
        for (const auto& pair : pairs)
            for (std::size_t at = text.find(pair.first); at != std::string::npos; at = text.find(pair.first, at + 1))
                places.push_back({at, &pair});
        if (places.empty()) return text;
        const auto& [at, pair] = places[pick(places.size())];
        std::string out = text;
        return out.replace(at, pair->first.size(), pair->second);
    }
    std::string homoglyph(const std::string& text) {
        return replace_one(text, {{"m", "rn"}, {"w", "vv"}, {"d", "cl"}, {"a", "ạ"}, {"a", "ɑ"}, {"b", "ɓ"}, {"c", "ċ"}, {"e", "ẹ"},
                                  {"e", "ė"},  {"g", "ɡ"},  {"h", "ḥ"},  {"i", "ı"}, {"i", "ì"}, {"k", "ķ"}, {"l", "ł"}, {"l", "i"},
                                  {"i", "l"},  {"n", "ñ"},  {"o", "ọ"},  {"o", "0"}, {"p", "ṗ"}, {"r", "ŗ"}, {"s", "ṣ"}, {"t", "ţ"},
                                  {"u", "ų"},  {"v", "ṿ"},  {"x", "ẋ"},  {"y", "ỵ"}, {"z", "ż"}, {"f", "ḟ"}});
    }
    std::string cyrillic(const std::string& text) {
        static const std::map<char, std::string> letters = {{'a', "а"}, {'c', "с"}, {'e', "е"}, {'i', "і"}, {'j', "ј"}, {'o', "о"},
                                                            {'p', "р"}, {'s', "ѕ"}, {'x', "х"}, {'y', "у"}, {'h', "һ"}, {'d', "ԁ"}};
        std::string out;
        for (const char c : text) {
            const auto it = letters.find(c);
            out += it == letters.end() ? std::string(1, c) : it->second;
        }
        return out;
    }
    std::string vowel_swap(std::string text) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < text.size(); ++i)
            if (std::string_view("aeiou").find(text[i]) != std::string_view::npos) places.push_back(i);
        if (places.empty()) return text;
        const std::size_t at = places[pick(places.size())];
        const char old = text[at];
        while (text[at] == old) text[at] = "aeiou"[pick(5)];
        return text;
    }
    std::string leet(const std::string& text) {
        return replace_one(text, {{"o", "0"}, {"i", "1"}, {"l", "1"}, {"e", "3"}, {"a", "4"}, {"s", "5"}, {"t", "7"}, {"s", "$"}});
    }

    std::mt19937 random_;
};

constexpr std::string_view typo_kinds[] = {"addition",   "bit flip", "homoglyph",  "Cyrillic",    "hyphenation",
                                           "insertion",  "omission", "repetition", "replacement", "transposition",
                                           "vowel swap", "plural",   "leet",       "invisible"};

// Patterns whose words the scorer knows, and words that it was not given.
constexpr std::string_view known_patterns[] = {
    "{}_care",     "Ask{}",         "{}Verified",  "{}_desk", "contact_{}",      "{}.sav",     "{}Refunds",        "{}Hotline",
    "Equipe{}",    "{}_DE",         "{}-espana",   "{}HQ",    "The{}Team",       "{}2026",     "{}_backup",        "{}com",
    "my{}account", "{}Reclamation", "{}Belgique_", "New{}",   "{}kundenservice", "x{}Support", "{}ServiceClient75"};
constexpr std::string_view unknown_patterns[] = {"{}_concierge", "{}Liaison",  "{}_rescue", "bonjour_{}",      "{}_escalations",
                                                 "{}Ombudsman",  "parle_a_{}", "{}Guichet", "{}_tickets_open", "{}Besked"};

std::string in_pattern(std::string_view pattern, std::string_view name) {
    std::string out(pattern);
    return out.replace(out.find("{}"), 2, name);
}

LookalikeAccount account(std::string_view handle, std::string_view display = {}) {
    LookalikeAccount one;
    one.platform = "x";
    one.handle = handle;
    one.name = display;
    return one;
}

struct Share {
    std::size_t hits = 0, of = 0;
    void add(bool hit) {
        hits += hit ? 1U : 0U;
        ++of;
    }
};

class Recall {
public:
    explicit Recall(const Lookalikes& index) : index_(index) {}

    void measure() {
        Forger forger(20261125);
        for (std::size_t i = 0; i < std::size(names); ++i) {
            const std::string name = folded_name(names[i]);
            std::set<std::string> made;
            for (const std::string_view kind : typo_kinds) {
                for (int copy = 0; copy < 4; ++copy) {
                    const std::string forged = forger.forge(kind, name);
                    if (forged != name && made.insert(forged).second) count(i, std::string(kind), forged);
                }
            }
            for (const std::string_view pattern : known_patterns) count(i, "known affix", in_pattern(pattern, names[i].handle));
            for (const std::string_view pattern : unknown_patterns) count(i, "unknown affix", in_pattern(pattern, names[i].handle));
        }
        for (const auto& [kind, share] : by_kind_) print_share(kind.first, kind.second, share.hits, share.of);
        for (const auto& [group, share] : by_group_)
            print_share("forged, all kinds", group_names[static_cast<std::size_t>(group)], share.hits, share.of);
        print_share("forged, unknown affixes left out", "names that mean nothing else", plain_[0].hits, plain_[0].of);
        print_share("forged, unknown affixes left out", "common words and short names", plain_[1].hits, plain_[1].of);
        print_share("forged, display name the same", "names that mean nothing else", named_[0].hits, named_[0].of);
        print_share("forged, display name the same", "common words and short names", named_[1].hits, named_[1].of);
    }

private:
    void count(std::size_t name, const std::string& kind, const std::string& handle) {
        const bool weak = names[name].group == Group::common || names[name].group == Group::brief;
        const bool hit = index_.judge(account(handle), name).score >= 0.5;
        if (std::getenv("VIGIE_MISSES") != nullptr && !hit) fmt::print(stderr, "missed\t{}\t{}\t{}\n", kind, names[name].handle, handle);
        by_kind_[{weak ? "forged, common or short" : "forged, distinctive", kind}].add(hit);
        by_group_[names[name].group].add(hit);
        if (kind != "unknown affix") plain_[weak ? 1 : 0].add(hit);
        named_[weak ? 1 : 0].add(index_.judge(account(handle, names[name].display), name).score >= 0.5);
    }

    const Lookalikes& index_;
    std::map<std::pair<std::string, std::string>, Share> by_kind_;
    std::map<Group, Share> by_group_;
    std::array<Share, 2> plain_, named_;
};

struct Row {
    bool imitates = false;
    std::string handle, brand, kind;
};

std::vector<Row> read_rows(const TextOptions& options) {
    std::vector<Row> rows;
    for (const Labelled& line : read_labelled(options.corpora + "/impostors/handles_labelled.tsv")) {
        Row row;
        row.imitates = line.label == "1";
        std::vector<std::string> fields;
        for (std::size_t at = 0; at <= line.text.size();) {
            const std::size_t tab = std::min(line.text.find('\t', at), line.text.size());
            fields.push_back(line.text.substr(at, tab - at));
            at = tab + 1;
        }
        if (fields.size() < 3) continue;
        row.handle = fields[0];
        row.brand = fields[1];
        row.kind = fields[2];
        rows.push_back(std::move(row));
    }
    return rows;
}

// Handles that posts mention.
std::vector<std::string> read_mentions(const TextOptions& options) {
    std::set<std::string> all;
    std::vector<Labelled> posts = read_labelled(options.corpora + "/sentiment/semeval.tsv");
    for (Labelled& post : read_posts(options)) posts.push_back(std::move(post));
    for (const Labelled& post : posts) {
        for (std::size_t at = post.text.find('@'); at != std::string::npos; at = post.text.find('@', at + 1)) {
            std::size_t end = at + 1;
            while (end < post.text.size() && (std::isalnum(static_cast<unsigned char>(post.text[end])) != 0 || post.text[end] == '_'))
                ++end;
            const bool address = at > 0 && std::isalnum(static_cast<unsigned char>(post.text[at - 1])) != 0;
            if (!address && end - at >= 3 && end - at <= 16 && post.text.substr(at, end - at) != "@user")
                all.insert(post.text.substr(at + 1, end - at - 1));
        }
    }
    return {all.begin(), all.end()};
}

std::vector<std::string> brands_of(const std::vector<Row>& rows) {
    std::set<std::string> all;
    for (const Row& row : rows)
        if (row.imitates) all.insert(row.brand);
    return {all.begin(), all.end()};
}

void report_false(const Lookalikes& index, const std::vector<std::string>& handles, std::string_view set, std::string_view what,
                  bool show) {
    Share flagged;
    std::string seen;
    for (const std::string& handle : handles) {
        const std::vector<Lookalike> found = index.find(account(handle));
        const bool hit = std::any_of(found.begin(), found.end(), [](const Lookalike& one) { return one.score >= 0.5; });
        flagged.add(hit);
        if (hit && show) seen += fmt::format(" @{} ({:.2f})", handle, found.front().score);
    }
    print_share(set, what, flagged.hits, flagged.of);
    if (!seen.empty()) fmt::print("    flagged:{}\n", seen);
}

void measure_file(const std::vector<Row>& rows, const std::vector<std::string>& mentions) {
    const std::vector<std::string> brands = brands_of(rows);
    std::vector<LookalikeTarget> targets;
    for (const std::string& brand : brands) {
        LookalikeTarget target;
        target.names = {brand};
        target.official["x"] = {brand};
        targets.push_back(std::move(target));
    }
    const Lookalikes index = Lookalikes::build(targets);
    std::map<std::string, Share> by_kind;
    Share all;
    for (const Row& row : rows) {
        if (!row.imitates) continue;
        const auto brand = static_cast<std::size_t>(std::lower_bound(brands.begin(), brands.end(), row.brand) - brands.begin());
        const bool hit = index.judge(account(row.handle), brand).score >= 0.5;
        if (std::getenv("VIGIE_MISSES") != nullptr && !hit)
            fmt::print(stderr, "file missed\t{}\t{}\t{}\n", row.kind, row.brand, row.handle);
        all.add(hit);
        by_kind[row.kind.starts_with("pattern") ? "affix patterns" : row.kind].add(hit);
    }
    print_share("file (regression only)", "all positives", all.hits, all.of);
    for (const auto& [kind, share] : by_kind) print_share("file (regression only)", kind, share.hits, share.of);
    std::vector<std::string> authors;
    for (const Row& row : rows)
        if (!row.imitates) authors.push_back(row.handle);
    report_false(index, authors, "ordinary authors", fmt::format("flagged, {} brands at once", brands.size()), true);
    report_false(index, mentions, "mentioned handles", fmt::format("flagged, {} brands at once", brands.size()), true);
}

// Ten thousand names that nobody bears, of syllables, as real names are: each with an alias and two handles.
std::vector<LookalikeTarget> many_targets(std::size_t count) {
    std::mt19937 random(7);
    constexpr std::string_view heads = "bcdfghjklmnpqrstvwz";
    constexpr std::string_view vowels = "aeiou";
    const auto syllable = [&] {
        std::string out{heads[random() % heads.size()], vowels[random() % vowels.size()]};
        if (random() % 3 == 0) out.push_back("nrlstx"[random() % 6]);
        return out;
    };
    std::vector<LookalikeTarget> all;
    while (all.size() < count) {
        std::string name;
        const std::size_t syllables = 2 + random() % 4;
        for (std::size_t i = 0; i < syllables; ++i) name += syllable();
        LookalikeTarget target;
        target.names = {name, name + " " + syllable() + syllable()};
        target.official["x"] = {name};
        target.official["instagram"] = {name + "_" + syllable()};
        target.official["domain"] = {name + ".example"};
        all.push_back(std::move(target));
    }
    return all;
}

void measure_speed(const TextOptions& options, const std::vector<std::string>& mentions) {
    const std::vector<LookalikeTarget> targets = many_targets(10000);
    const double build = microseconds(1, options.rounds, [&](std::size_t) { (void)Lookalikes::build(targets); });
    const Lookalikes index = Lookalikes::build(targets);
    std::size_t found = 0;
    const double bare =
        microseconds(mentions.size(), options.rounds, [&](std::size_t i) { found += index.find(account(mentions[i])).size(); });
    const double named = microseconds(mentions.size(), options.rounds, [&](std::size_t i) {
        found += index.find(account(mentions[i], mentions[(i + 1) % mentions.size()])).size();
    });
    print_time("mentioned handles", "10,000 brands: find", bare);
    print_time("mentioned handles", "10,000 brands: find, with a display name", named);
    print_time("", "10,000 brands: build", build);
    fmt::print("  {:<34} {:<44} {:.1f} MB\n", "", "10,000 brands: memory", static_cast<double>(index.bytes()) / 1e6);
    report_false(index, mentions, "mentioned handles", "flagged, 10,000 made-up brands at once", false);
}

}  // namespace

void bench_lookalikes(const TextOptions& options) {
    const Lookalikes own = Lookalikes::build(targets_of_names());
    Recall(own).measure();
    const std::vector<Row> rows = read_rows(options);
    const std::vector<std::string> mentions = read_mentions(options);
    report_false(own, mentions, "mentioned handles", fmt::format("flagged, {} own brands at once", std::size(names)), true);
    measure_file(rows, mentions);
    measure_speed(options, mentions);
}

}  // namespace vigie::bench
