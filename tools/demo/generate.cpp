// Writes the demonstration: three weeks of a fictional airline as NDJSON, in the order in which they were seen.
//   vigie_demo [--seed N] > aurora-air.ndjson
// The story (UTC): 7 March, the baggage system of Lyon fails. 12 March, a presenter with 2.4 million followers complains. 15 March, a news
// source falls silent. 19 March, 8:00, the airline has the account of its pilots' union closed; by the evening everybody has heard of it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "phrases.hpp"
#include "random.hpp"
#include "vigie/core/record_json.hpp"

namespace {

using namespace vigie;
using namespace vigie::demo;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Time story_begin = from_millis(1772409600000);  // 2026-03-02T00:00:00Z, a Monday
const Time story_end = story_begin + hours{24 * 21};
const Time baggage_begin = story_begin + hours{24 * 5 + 13};
const Time baggage_end = baggage_begin + hours{5};
const Time celebrity_at = story_begin + hours{24 * 10 + 18} + minutes{20};
const Time silence_begin = story_begin + hours{24 * 13 + 6};
const Time silence_end = silence_begin + hours{15};
const Time takedown_at = story_begin + hours{24 * 17 + 8};

double hours_between(Time from, Time to) {
    return static_cast<double>((to - from).count()) / 3.6e6;
}

/// Mentions an hour on an ordinary day: two humps in the day of Paris, a quieter week-end.
double everyday_rate(Time t) {
    const double local = std::fmod(hours_between(story_begin, t) + 1, 24);
    const double morning = std::exp(-std::pow(local - 9, 2) / 8);
    const double evening = std::exp(-std::pow(local - 19, 2) / 14);
    const int day = static_cast<int>(hours_between(story_begin, t) / 24) % 7;
    return (3 + 45 * morning + 62 * evening) * (day >= 5 ? 0.7 : 1.0);
}

double baggage_rate(Time t) {
    if (t < baggage_begin || t > baggage_end) return 0;
    const double h = hours_between(baggage_begin, t);
    return 210 * std::sin(3.14159265 * h / 5);
}

double celebrity_rate(Time t) {
    const double h = hours_between(celebrity_at, t);
    return h <= 0 || h > 6 ? 0 : 190 * std::exp(-h / 1.2);
}

/// A slow start, a wave, and a decay with a half-life of 14 hours that breathes with the day.
double backlash_rate(Time t) {
    const double h = hours_between(takedown_at, t) - 0.6;
    if (h <= 0) return 0;
    const double wave = h < 9 ? 380 * std::pow(h / 9, 1.6) : 380 * std::exp2(-(h - 9) / 14);
    return wave * (0.35 + 0.65 * everyday_rate(t) / 62);
}

struct Voice {
    std::string handle, name, platform;
    std::int64_t followers;
    Time created;
};

class Story {
public:
    explicit Story(std::uint64_t seed) : random_(seed) { invent_voices(); }

    std::vector<Record> tell() {
        for (Time t = story_begin; t < story_end; t += minutes{1}) {
            say(t, everyday_rate(t), &Story::everyday);
            say(t, baggage_rate(t), &Story::baggage);
            say(t, celebrity_rate(t), &Story::celebrity_echo);
            say(t, backlash_rate(t), &Story::backlash);
        }
        celebrity();
        takedown();
        successors();
        std::stable_sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) { return seen_at(a) < seen_at(b); });
        return std::move(records_);
    }

private:
    static Time seen_at(const Record& record) {
        if (const auto* item = std::get_if<Item>(&record)) return item->observed.value_or(item->published);
        if (const auto* account = std::get_if<AccountSeen>(&record)) return account->observed.value_or(story_begin);
        return std::get<Takedown>(record).at;
    }

    void invent_voices() {
        static const std::vector<std::string> first{"lea",  "ana",  "marc", "julie", "tom",   "sofia", "hugo", "emma",
                                                    "noah", "ines", "paul", "zoe",   "karim", "lucie", "ben",  "chloe",
                                                    "sam",  "nina", "max",  "alice", "yann",  "maud",  "eric", "jade"};
        static const std::vector<std::string> last{"martin",  "voyage", "lyon",   "dubois", "flies", "smith", "photo",
                                                   "garcia",  "tech",   "moreau", "paris",  "jones", "b",     "leroy",
                                                   "travels", "klein",  "rossi",  "actu",   "petit", "mtl"};
        static const std::vector<std::string> networks{"mastodon", "bluesky", "x", "x", "reddit", "bluesky"};
        for (int i = 0; i < 6000; ++i) {
            const std::string given = random_.pick(first);
            const std::string family = random_.pick(last);
            const auto followers = static_cast<std::int64_t>(std::min(90000.0, random_.lognormal(5.1, 1.5)));
            voices_.push_back({"@" + given + "_" + family + std::to_string(random_.below(900)), given + " " + family,
                               random_.pick(networks), followers, story_begin - hours{24 * (30 + static_cast<int>(random_.below(3000)))}});
        }
    }

    const Language& language() { return random_.chance(0.62) ? french() : english(); }

    std::string fill(std::string text) {
        static const std::vector<std::string> routes{"Paris-Lisbonne", "Lyon-Rome",   "Nantes-Londres",
                                                     "Paris-Montréal", "Nice-Berlin", "Toulouse-Madrid"};
        static const std::vector<std::string> cities{"Lyon", "Nice", "Paris", "Nantes", "Montréal", "Toulouse", "Lisbonne"};
        const auto put = [&](std::string_view slot, const std::string& value) {
            for (std::size_t at = text.find(slot); at != std::string::npos; at = text.find(slot, at + value.size()))
                text.replace(at, slot.size(), value);
        };
        put("{r}", random_.pick(routes));
        put("{c}", random_.pick(cities));
        put("{h}", std::to_string(2 + random_.below(7)));
        put("{n}", std::to_string(3 + random_.below(57)));
        put("{f}", "AU" + std::to_string(1000 + random_.below(800)));
        return text;
    }

    void say(Time minute, double hourly, void (Story::*say_one)(Time)) {
        const int n = hourly > 0 ? random_.poisson(hourly / 60) : 0;
        for (int i = 0; i < n; ++i) (this->*say_one)(minute + Duration{static_cast<std::int64_t>(random_.below(60000))});
    }

    Item item(Time at, const Voice& voice, const std::string& code, std::string text) {
        Item item;
        item.platform = voice.platform;
        item.id = voice.platform + "/" + std::to_string(++serial_);
        item.url = Untrusted("https://" + voice.platform + ".example/p/" + std::to_string(serial_));
        item.published = at;
        item.observed = at + seconds{4 + static_cast<int>(random_.below(80))};
        item.text = Untrusted(std::move(text));
        item.language = code;
        item.author.handle = Untrusted(voice.handle);
        item.author.name = Untrusted(voice.name);
        item.author.followers = voice.followers;
        item.author.created = voice.created;
        item.engagement.likes = static_cast<std::int64_t>(random_.lognormal(0.8, 1.2));
        item.engagement.reposts = static_cast<std::int64_t>(random_.lognormal(-0.4, 1.1));
        item.engagement.replies = static_cast<std::int64_t>(random_.lognormal(-0.6, 0.9));
        item.source = voice.platform + "-search";
        return item;
    }

    void article(Time at, const std::string& code, const std::string& title) {
        const std::string source = "news-" + code;
        if (source == "news-fr" && at > silence_begin && at < silence_end) return;
        static const std::vector<std::string> papers{"La Dépêche du Rhône", "Le Quotidien de l'Air", "The Harbour Post", "Transport Weekly",
                                                     "Infos Voyage"};
        const Voice paper{"", random_.pick(papers), "news", 0, story_begin};
        Item entry = item(at, paper, code, title + ".");
        entry.kind = Kind::article;
        entry.title = Untrusted(title);
        entry.author = Author{};
        entry.author.name = Untrusted(paper.name);
        entry.engagement = Engagement{};
        entry.source = source;
        records_.push_back(std::move(entry));
    }

    void review(Time at, const Language& words) {
        const bool good = random_.chance(0.6);
        Voice voice = random_.pick(voices_);
        voice.platform = "reviews";
        Item entry = item(at, voice, words.code, fill(random_.pick(good ? words.reviews_good : words.reviews_bad)) + " Aurora Air.");
        entry.kind = Kind::review;
        entry.rating = good ? 4 + static_cast<double>(random_.below(2)) : 1 + static_cast<double>(random_.below(2));
        records_.push_back(std::move(entry));
    }

    void everyday(Time at) {
        const Language& words = language();
        const double kind = random_.uniform();
        if (kind < 0.07) return article(at, words.code, fill(random_.pick(words.press)));
        if (kind < 0.11) return review(at, words);
        const double mood = random_.uniform();
        const Phrases& phrases = mood < 0.24 ? words.positive : mood < 0.76 ? words.neutral : words.negative;
        Item post = item(at, random_.pick(voices_), words.code, fill(random_.pick(phrases)));
        if (random_.chance(0.12)) post.kind = Kind::reply;
        records_.push_back(std::move(post));
    }

    void baggage(Time at) {
        const Language& words = language();
        records_.push_back(item(at, random_.pick(voices_), words.code, fill(random_.pick(words.baggage))));
    }

    void repost(Time at, const std::string& of, const std::string& code, const std::string& text) {
        Item post = item(at, random_.pick(voices_), code, text);
        post.kind = Kind::repost;
        post.repost_of = of;
        post.engagement = Engagement{};
        records_.push_back(std::move(post));
    }

    static constexpr const char* complaint =
        "Trois mails, deux appels, zéro réponse : @auroraair a perdu le matériel de toute mon équipe. Quelle honte.";

    void celebrity() {
        const Voice presenter{"@camillevasseur", "Camille Vasseur", "x", 2400000, story_begin - hours{24 * 4000}};
        Item post = item(celebrity_at, presenter, "fr", complaint);
        post.id = "x/camille-1";
        post.author.verified = true;
        post.engagement.likes = 18200;
        post.engagement.reposts = 5100;
        post.engagement.replies = 2300;
        records_.push_back(std::move(post));
    }

    void celebrity_echo(Time at) {
        if (random_.chance(0.6)) return repost(at, "x/camille-1", "fr", complaint);
        const Language& words = language();
        records_.push_back(item(at, random_.pick(voices_), words.code, fill(random_.pick(words.celebrity_echo))));
    }

    void takedown() {
        Takedown record;
        record.brand = "aurora-air";
        record.at = takedown_at;
        record.platform = "x";
        record.target = Untrusted("@AuroraPilots");
        record.url = Untrusted("https://x.example/AuroraPilots");
        record.reason = "trademark";
        record.by = "legal";
        records_.push_back(std::move(record));
    }

    void backlash(Time at) {
        const Language& words = language();
        const double kind = random_.uniform();
        if (kind < 0.025) return article(at, words.code, fill(random_.pick(words.press_backlash)));
        const std::string text = fill(random_.pick(words.backlash));
        if (kind < 0.44 && !shared_.empty()) {
            const auto& [id, code, said] = shared_[random_.below(shared_.size())];
            return repost(at, id, code, said);
        }
        Item post = item(at, random_.pick(voices_), words.code, text);
        if (shared_.size() < 40) shared_.push_back({post.id, words.code, text});
        records_.push_back(std::move(post));
    }

    void successors() {
        static const std::vector<std::string> handles{"@AuroraPilots2",  "@Aurora_Pilots",    "@AuroraPilotsLive", "@RealAuroraPilots",
                                                      "@AuroraAirTruth", "@AuroraPilotes",    "@auroraa1r",        "@AuroraAir_Support",
                                                      "@AuroraCensure",  "@FreeAuroraPilots", "@AuroraPilotsFR",   "@AuroraPilots_bis"};
        for (std::size_t i = 0; i < handles.size(); ++i) {
            AccountSeen account;
            account.platform = i % 3 == 0 ? "bluesky" : "x";
            account.handle = Untrusted(handles[i]);
            account.name = Untrusted("Aurora Pilots");
            account.followers = static_cast<std::int64_t>(random_.lognormal(4, 1.4));
            account.created = takedown_at + minutes{40 + static_cast<int>(i * i * 11)};
            account.observed = *account.created + minutes{6};
            records_.push_back(std::move(account));
        }
    }

    struct Shared {
        std::string id, code, text;
    };
    Random random_;
    std::vector<Voice> voices_;
    std::vector<Shared> shared_;
    std::vector<Record> records_;
    std::uint64_t serial_ = 100000;
};

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t seed = 7;
    if (argc == 3 && std::strcmp(argv[1], "--seed") == 0)
        seed = std::strtoull(argv[2], nullptr, 10);
    else if (argc != 1) {
        std::fputs("usage: vigie_demo [--seed N]\n", stderr);
        return 2;
    }
    for (const Record& record : Story(seed).tell()) std::printf("%s\n", to_json(record).c_str());
    return std::ferror(stdout) == 0 ? 0 : 1;
}
