#include "vigie/text/near_copies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "vigie/core/hash.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

const Time t0 = from_millis(1'772'000'000'000);

Item post(std::string text, std::string author = "@ana", std::string id = "") {
    Item item;
    item.id = id.empty() ? text : std::move(id);
    item.platform = "x";
    item.published = t0;
    item.text = Untrusted(std::move(text));
    item.author.handle = Untrusted(std::move(author));
    return item;
}

Item article(std::string title, std::string url = "https://www.paper.example/1", std::string text = "") {
    Item item = post(std::move(text), "", url);
    item.kind = Kind::article;
    item.platform = "news";
    item.title = Untrusted(std::move(title));
    item.url = Untrusted(std::move(url));
    return item;
}

/// Places posts with ids of their own and tells what became of them.
struct Stream {
    CopyIndex index;
    int next = 0;
    explicit Stream(CopyIndex::Options options = {}) : index(options) {}

    CopyPlace add(Item item) {
        item.id = "x/" + std::to_string(++next);
        return index.place(sketch_copy(item), copy_post_of(item));
    }
    CopyPlace add(const std::string& text, const std::string& author) { return add(post(text, author)); }
    std::uint64_t id(int number) const { return hash64("x/" + std::to_string(number)); }
};

const std::string campaign = "Boycott Aurora Air now, they cancel flights and never refund anybody. Sign here: https://petition.example/42";

/// A text of `count` words that no other number gives.
std::string words_of(std::mt19937& random, std::size_t count, std::uint32_t vocabulary = 1U << 30) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "w" + std::to_string(random() % vocabulary) + " ";
    return text;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}
std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += word + " ";
    return text;
}

/// One random word replaced, taken out, or put in.
void edit(std::vector<std::string>& words, std::mt19937& random) {
    const auto at = static_cast<std::ptrdiff_t>(random() % words.size());
    const std::string word = "e" + std::to_string(random());
    switch (random() % 3) {
        case 0:
            words[static_cast<std::size_t>(at)] = word;
            break;
        case 1:
            if (words.size() > 1) words.erase(words.begin() + at);
            break;
        default:
            words.insert(words.begin() + at, word);
    }
}

}  // namespace

TEST_CASE("what makes no difference to a copy") {
    const std::string base = "Aurora Air lost my bag and nobody answers the phone";
    const char* same[] = {
        "AURORA AIR LOST MY BAG AND NOBODY ANSWERS THE PHONE!!!",
        "@help @you Aurora Air lost my bag, and nobody answers the phone...",
        "Aurora Air lost my bag and nobody answers the phone https://t.co/abc",
        "Aurora Air lost my bag \U0001F621\U0001F621 and nobody answers the phone \U0001F621",
        "Auro\u200Bra A\u00ADir lost my bag and nobody answers the phone",
        "\uFF21urora Air lost my bag and n\u00F3body answers the phone",
        "Aurora Air lost my bag and nobody answers the phone #fail #NeverAgain",
        "#fail #NeverAgain Aurora Air lost my bag and nobody answers the phone",
        "Aurora Air lost my #bag and nobody answers the phone",
    };
    const CopySketch a = sketch_copy(post(base));
    REQUIRE(a.words != 0);
    REQUIRE_FALSE(a.shingles.empty());
    for (const char* text : same) {
        CAPTURE(text);
        const CopySketch b = sketch_copy(post(text));
        CHECK(b.words == a.words);
        CHECK(copy_similarity(a, b) == 1);
    }
    for (const char* text : {"Aurora Air lost her bag and nobody answers the phone", "lost my bag and nobody answers the phone Aurora Air",
                             "@ben #AuroraAir lost my bag, and still nobody answers the phone"}) {
        CAPTURE(text);
        const CopySketch b = sketch_copy(post(text));
        CHECK(b.words != a.words);
        CHECK(copy_similarity(a, b) >= copy_threshold);
        CHECK(copy_similarity(a, b) < 1);
    }
    CHECK(copy_similarity(a, sketch_copy(post("The weather in the Alps will be fine all week, says the office"))) < 0.1);
}

TEST_CASE("a sketch is pure, and bounded whatever the text") {
    const Item item = post(campaign);
    CHECK(sketch_copy(item) == sketch_copy(item));
    std::mt19937 random(1);
    for (const std::string& text :
         {std::string(), std::string("   \n\t "), std::string("@ana @ben https://a.example"), std::string("\U0001F600\U0001F600\U0001F600"),
          std::string(64 * 1024, 'a'), std::string("\xFF\xFE\xC0\xAF"), std::string("#"), std::string("via @x"), std::string("| - |")}) {
        const CopySketch sketch = sketch_copy(post(text, "@a", "id"));
        CHECK(sketch.words == 0);
        CHECK(sketch.shingles.empty());
    }
    std::string one_word;
    while (one_word.size() < 64 * 1024) one_word += "no ";
    const CopySketch repeated = sketch_copy(post(one_word, "@a", "id"));
    CHECK(repeated.words != 0);        // its equal is a copy...
    CHECK(repeated.shingles.empty());  // ...but half of nothing is no near copy
    const CopySketch big = sketch_copy(post(words_of(random, 9000), "@a", "id"));
    CHECK(big.shingles.size() == CopySketch::max_shingles);
    CHECK(big.cut_short);
    CHECK(std::is_sorted(big.shingles.begin(), big.shingles.end()));
}

TEST_CASE("short texts: equal ones from four words on, near ones from six") {
    Stream s;
    CHECK(s.add("Aurora Air strike", "@a").role == CopyRole::none);
    CHECK(s.add("Aurora Air strike", "@b").role == CopyRole::none);
    CHECK(s.add("I hate Aurora Air", "@a").role == CopyRole::original);
    CHECK(s.add("i HATE aurora air!!", "@b").role == CopyRole::copy);
    CHECK(s.add("I love Aurora Air", "@c").role == CopyRole::original);
    CHECK(s.add("Aurora Air cancelled my flight today again", "@a").role == CopyRole::original);
    CHECK(s.add("Aurora Air cancelled my flight again", "@b").role == CopyRole::copy);
    // Hashtags are no words: many who say different things share one.
    CHECK(s.add("#AuroraAirStrikeOfThePilots what a show", "@a").role == CopyRole::none);
    CHECK(s.add("#one #two #three #four #five #six #seven", "@a").role == CopyRole::none);
    // A character of a script without blanks is half a word.
    CHECK(s.add("\u98DE\u673A\u665A\u70B9\u4E86\u5417", "@a").role == CopyRole::none);
    CHECK(s.add("\u98DE\u673A\u665A\u70B9\u4E86\u5341\u4E2A\u5C0F\u65F6\u6CA1\u4EBA\u7BA1", "@a").role == CopyRole::original);
    CHECK(s.add("\u98DE\u673A\u665A\u70B9\u4E86\u4E5D\u4E2A\u5C0F\u65F6\u6CA1\u4EBA\u7BA1", "@b").role == CopyRole::copy);
}

TEST_CASE("a title counts with the text, once") {
    Item review = post("I waited for two hours and then they sent me away without a word", "@a", "r1");
    review.kind = Kind::review;
    Item titled = review;
    titled.title = Untrusted("Never again");
    Item doubled = titled;
    doubled.text = Untrusted("Never again. " + std::string(review.text.bytes()));
    CHECK(sketch_copy(titled).words == sketch_copy(doubled).words);
    CHECK(sketch_copy(titled).words != sketch_copy(review).words);
    CHECK(copy_similarity(sketch_copy(titled), sketch_copy(review)) > 0.7);
}

TEST_CASE("a campaign is counted by its distinct authors, although each post carries the same link") {
    Stream s;
    const CopyPlace first = s.add(campaign, "@u0");
    CHECK(first.role == CopyRole::original);
    CHECK(first.authors == 1);
    CHECK(first.nearest == 0);
    CHECK(first.first == s.id(1));
    for (int i = 1; i < 200; ++i) {
        const CopyPlace place = s.add(campaign, "@u" + std::to_string(i));
        CHECK(place.role == CopyRole::copy);
        CHECK(place.cluster == first.cluster);
        CHECK(place.first == s.id(1));
        CHECK(place.similarity == 1);
        CHECK(place.authors == static_cast<std::uint32_t>(i + 1));
    }
    CHECK(s.index.most_authors() == 200);
    // One who repeats himself is one.
    for (int i = 0; i < 50; ++i) CHECK(s.add(campaign, "@u7").authors == 200);
    // A near copy joins, and is told what it is nearest to.
    const CopyPlace near =
        s.add("Please boycott Aurora Air now, they cancel flights and never ever refund anybody. Sign: https://x.example", "@v");
    CHECK(near.role == CopyRole::copy);
    CHECK(near.cluster == first.cluster);
    CHECK(near.nearest == s.id(1));
    CHECK(near.similarity > copy_threshold);
    CHECK(near.similarity < 1);
    CHECK(near.authors == 201);
    CHECK(s.add("Aurora Air has new seats in its long haul fleet, and they look good", "@w").cluster != first.cluster);
    const std::vector<CopyCluster> largest = s.index.largest(10);
    REQUIRE(largest.size() == 1);
    CHECK(largest[0] == CopyCluster{first.cluster, s.id(1), 201});
}

TEST_CASE("one author alone, and the unknown together, are one author") {
    Stream s;
    for (int i = 0; i < 30; ++i) CHECK(s.add(campaign, "@same").authors == 1);
    for (int i = 0; i < 30; ++i) CHECK(s.add(campaign, "").authors == 2);
    Item other = post(campaign, "@Same");
    CHECK(s.add(other).authors == 2);
    other.platform = "mastodon";
    CHECK(s.add(other).authors == 3);
    CHECK(s.index.most_authors() == 3);
}

TEST_CASE("placing an id again changes nothing") {
    Stream s;
    Item a = post(campaign, "@a", "x/a"), b = post(campaign + " please", "@b", "x/b");
    const CopyPlace first = s.index.place(sketch_copy(a), copy_post_of(a));
    const CopyPlace second = s.index.place(sketch_copy(b), copy_post_of(b));
    const std::size_t memory = s.index.memory();
    for (int i = 0; i < 10; ++i) {
        CHECK(s.index.place(sketch_copy(b), copy_post_of(b)) == second);
        b.author.handle = Untrusted("@changed");
        b.text = Untrusted("something else that has nothing to do with it at all");
    }
    CHECK(s.index.find(hash64("x/b")) == second);
    CHECK(s.index.find(hash64("x/a")).cluster == first.cluster);
    CHECK(s.index.find(hash64("x/a")).authors == 2);
    CHECK(s.index.find(hash64("x/none")).role == CopyRole::none);
    CHECK(s.index.size() == 2);
    CHECK(s.index.memory() == memory);
}

TEST_CASE("reposts are no campaign") {
    Stream s;
    s.add(campaign, "@a");
    for (int i = 0; i < 20; ++i) {
        Item item = post(campaign, "@r" + std::to_string(i));
        if (i % 3 == 0) item.kind = Kind::repost;
        if (i % 3 == 1) item.repost_of = "x/1";
        if (i % 3 == 2) item.text = Untrusted((i % 2 == 0 ? "RT @a: " : "Yes! MT @a: ") + campaign);
        const CopyPlace place = s.add(item);
        CHECK(place.role == CopyRole::repeat);
        CHECK(place.cluster == 0);
    }
    CHECK(s.index.size() == 1);
    CHECK(s.index.most_authors() == 1);
    Item quote = post(campaign, "@q");
    quote.kind = Kind::quote;
    quote.repost_of = "x/1";
    CHECK(s.add(quote).role == CopyRole::repeat);
    // Who writes the same words in a quote of his own posts them himself.
    quote.repost_of.clear();
    CHECK(s.add(quote).role == CopyRole::copy);
}

TEST_CASE("who shares the headline of an article that is known is a reader") {
    const char* shares[] = {
        "Aurora Air grounds its fleet after smoke in a cabin https://t.co/1",
        "Aurora Air grounds its fleet after smoke in a cabin https://t.co/1 via @paper",
        "Aurora Air grounds its fleet after smoke in a cabin | Le Monde https://www.lemonde.fr/x",
        "Aurora Air grounds its fleet after smoke in a cabin - The Paper https://t.co/2",
        "AURORA AIR GROUNDS ITS FLEET AFTER SMOKE IN A CABIN",
        "Aurora Air grounds its fleet after smoke in a cabin https://t.co/1 #aviation #AuroraAir",
        "@ana @ben Aurora Air grounds its fleet after smoke in a cabin",
        "Aurora Air grounds its fleet after smo... https://t.co/3",
        "Aurora Air grounds its fleet after smoke in\u2026 https://t.co/3",
    };
    SUBCASE("the article first") {
        for (const char* title :
             {"Aurora Air grounds its fleet after smoke in a cabin", "Aurora Air grounds its fleet after smoke in a cabin - The Paper"}) {
            Stream s;
            s.add(article(title, "https://www.thepaper.example/news/1"));
            for (int i = 0; i < 9; ++i) {
                CAPTURE(shares[i]);
                CHECK(s.add(shares[i], "@u" + std::to_string(i)).role == CopyRole::headline);
            }
            CHECK(s.index.most_authors() == 0);
        }
    }
    SUBCASE("the article later") {
        Stream s;
        for (int i = 0; i < 50; ++i) s.add(shares[0], "@u" + std::to_string(i));
        CHECK(s.index.most_authors() == 50);
        s.add(article("Aurora Air grounds its fleet after smoke in a cabin"));
        CHECK(s.index.most_authors() == 0);
        CHECK(s.index.largest(5).empty());
        CHECK(s.index.find(s.id(1)).role == CopyRole::headline);
    }
    SUBCASE("who adds to a headline says something of his own") {
        Stream s;
        s.add(article("Aurora Air grounds its fleet after smoke in a cabin"));
        for (int i = 0; i < 30; ++i)
            s.add("Aurora Air grounds its fleet after smoke in a cabin. BOYCOTT them, sign: https://t.co/1", "@u" + std::to_string(i));
        CHECK(s.index.most_authors() == 30);
        for (int i = 0; i < 30; ++i)
            s.add("Aurora Air grounds its fleet after smoke in a cabin - BOYCOTT them https://t.co/1", "@v" + std::to_string(i));
        CHECK(s.index.most_authors() == 60);
    }
    SUBCASE("a post with a title is no article") {
        Stream s;
        Item reddit = post("", "@r");
        reddit.platform = "reddit";
        reddit.title = Untrusted("Boycott Aurora Air until they refund us all");
        s.add(reddit);
        for (int i = 0; i < 10; ++i) s.add("Boycott Aurora Air until they refund us all", "@u" + std::to_string(i));
        CHECK(s.index.most_authors() == 11);
    }
}

TEST_CASE("share buttons tell themselves") {
    struct {
        const char* text;
        bool headline;
    } cases[] = {
        {"Why your next flight may be cancelled https://t.co/1 via @paper", true},
        {"Why your next flight may be cancelled via @paper https://t.co/1", true},
        {"Why your next flight may be cancelled (via @paper) https://t.co/1 #travel", true},
        {"Why your next flight may be cancelled | Le Monde https://lemonde.fr/1", true},
        {"Why your next flight may be cancelled - BBC News https://www.bbc.co.uk/1", true},
        {"I liked a @YouTube video https://youtu.be/1 Aurora Air landing in a storm", true},
        {"J'aime une vid\u00E9o @YouTube : https://youtu.be/1 Aurora Air atterrit dans la temp\u00EAte", true},
        {"Why your next flight may be cancelled via @paper", false},       // no link
        {"We fly to Rome via @auroraair tomorrow https://t.co/1", false},  // not at its end
        {"Why your next flight may be cancelled | Sign here https://t.co/1", false},
        {"Boycott Aurora Air until they refund us! https://chng.it/1 via @Change", false},
        {"Boycott Aurora Air until they refund us | Change https://www.change.org/p/1", false},
        {"Why your next flight may be cancelled - it hurts https://t.co/1", false},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        Stream s;
        CHECK((s.add(one.text, "@a").role == CopyRole::headline) == one.headline);
        CHECK((s.add(one.text, "@b").role == CopyRole::headline) == one.headline);
        CHECK(s.index.most_authors() == (one.headline ? 0 : 2));
    }
    SUBCASE("readers who share beside those who pressed the button") {
        Stream s;
        for (int i = 0; i < 40; ++i)
            s.add(std::string("Why your next flight may be cancelled https://t.co/1") + (i % 2 == 0 ? " via @paper" : ""),
                  "@u" + std::to_string(i));
        CHECK(s.index.most_authors() == 0);
    }
    SUBCASE("a mark on a few copies hides no campaign") {
        Stream s;
        for (int i = 0; i < 5; ++i) s.add(campaign + " via @paper", "@m" + std::to_string(i));
        for (int i = 0; i < 100; ++i) s.add(campaign, "@u" + std::to_string(i));
        CHECK(s.index.most_authors() == 105);
        CHECK(s.index.find(s.id(1)).role == CopyRole::original);
    }
}

TEST_CASE("articles are compared among themselves") {
    Stream s;
    const std::string wire = "The airline said on Monday that it would ground all its planes until the cause of the smoke is known";
    const CopyPlace first = s.add(article("Aurora Air grounds fleet", "https://a.example/1", wire));
    const CopyPlace second = s.add(article("Airline grounds its fleet", "https://b.example/1", wire));
    CHECK(first.press);
    CHECK(second.cluster == first.cluster);
    CHECK(second.role == CopyRole::copy);
    const CopyPlace reader = s.add(wire, "@ana");
    CHECK_FALSE(reader.press);
    CHECK(reader.cluster != first.cluster);
    CHECK(reader.role == CopyRole::original);
    CHECK(s.index.most_authors() == 1);
}

TEST_CASE("what is older than the window is gone, bucket by bucket, in whatever order it came") {
    using namespace std::chrono_literals;
    Stream s({1000, 10min, 0});
    std::mt19937 random(7);
    std::vector<int> minutes;
    for (int i = 0; i < 120; ++i) minutes.push_back(i);
    std::shuffle(minutes.begin(), minutes.end(), random);
    const Time begin{std::chrono::floor<std::chrono::hours>(t0)};
    CopyPlace last;
    for (const int minute : minutes) {
        Item item = post(campaign, "@u" + std::to_string(minute));
        item.published = begin + std::chrono::minutes(minute);
        last = s.add(item);
    }
    CHECK(last.authors == 120);
    CHECK(s.index.largest(1, begin + 99min).at(0).authors == 20);
    s.index.drop_before(begin + 65min);
    CHECK(s.index.size() == 60);
    CHECK(s.index.most_authors() == 60);
    CHECK(s.index.find(s.id(120)).cluster == (minutes[119] >= 60 ? last.cluster : 0));
    // Time does not go back, and what is too late is not taken in.
    s.index.drop_before(begin);
    Item late = post(campaign, "@late");
    late.published = begin + 59min;
    CHECK(s.add(late).role == CopyRole::none);
    late.published = begin + 60min;
    CHECK(s.add(late).cluster == last.cluster);
    s.index.drop_before(begin + 24h);
    CHECK(s.index.size() == 0);
    CHECK(s.index.most_authors() == 0);
    late.published = begin + 25h;
    CHECK(s.add(late).role == CopyRole::original);
}

TEST_CASE("a cluster outlives the text that founded it, and the first is the first that is left") {
    using namespace std::chrono_literals;
    Stream s({1000, 1min, 0});
    const std::string variants[] = {"Boycott Aurora Air now, they cancel flights and never refund anybody",
                                    "Boycott Aurora Air today, they cancel flights and never refund anybody",
                                    "Boycott Aurora Air today, they cancel planes and never refund anybody"};
    std::uint64_t cluster = 0;
    for (int i = 0; i < 3; ++i) {
        Item item = post(variants[i], "@u" + std::to_string(i));
        item.published = t0 + i * 5min;
        const CopyPlace place = s.add(item);
        if (i == 0) cluster = place.cluster;
        CHECK(place.cluster == cluster);
    }
    s.index.drop_before(t0 + 3min);
    CHECK(s.index.find(s.id(2)).first == s.id(2));
    CHECK(s.index.find(s.id(2)).role == CopyRole::original);
    CHECK(s.index.find(s.id(3)).cluster == cluster);
    CHECK(s.index.find(s.id(3)).authors == 2);
    Item again = post(variants[0], "@new");
    again.published = t0 + 20min;
    CHECK(s.add(again).cluster == cluster);
    CHECK(s.index.forget(s.id(2)));
    CHECK_FALSE(s.index.forget(s.id(2)));
    CHECK_FALSE(s.index.contains(s.id(2)));
    CHECK(s.index.find(s.id(3)).first == s.id(3));
    CHECK(s.index.forget(s.id(3)));
    CHECK(s.index.forget(s.id(4)));
    CHECK(s.index.size() == 0);
    CHECK(s.index.most_authors() == 0);
}

TEST_CASE("small changes that add up do not join what has nothing in common") {
    Stream s;
    std::mt19937 random(3);
    std::vector<std::string> words = split(words_of(random, 20));
    const CopySketch origin = sketch_copy(post(join(words)));
    std::map<std::uint64_t, CopySketch> founders;
    std::set<std::uint64_t> clusters;
    for (int i = 0; i < 200; ++i) {
        const std::string text = join(words);
        const CopySketch sketch = sketch_copy(post(text));
        const CopyPlace place = s.add(text, "@u" + std::to_string(i));
        clusters.insert(place.cluster);
        founders.emplace(place.cluster, sketch);
        // Whoever is in a cluster is like the one that founded it.
        CHECK(copy_similarity(sketch, founders.at(place.cluster)) >= copy_centre_threshold);
        words[static_cast<std::size_t>(i) % words.size()] = "n" + std::to_string(i);
    }
    CHECK(copy_similarity(origin, sketch_copy(post(join(words)))) == 0);
    CHECK(clusters.size() >= 10);
}

TEST_CASE("three random edits of a post of twelve words or more are found among others") {
    Stream s;
    std::mt19937 random(5);
    std::vector<std::string> originals;
    for (int i = 0; i < 3000; ++i) originals.push_back(words_of(random, 12 + random() % 15, 2000));
    std::vector<std::uint64_t> clusters;
    for (const std::string& text : originals) clusters.push_back(s.add(text, "@a").cluster);
    std::size_t found = 0;
    for (std::size_t i = 0; i < originals.size(); ++i) {
        std::vector<std::string> words = split(originals[i]);
        for (int k = 0; k < 3; ++k) edit(words, random);
        found += s.add(join(words), "@b").cluster == clusters[i] ? 1U : 0U;
    }
    CHECK(found >= originals.size() * 95 / 100);
    CHECK(std::set<std::uint64_t>(clusters.begin(), clusters.end()).size() == originals.size());
}

TEST_CASE("long texts are compared by a sample") {
    std::mt19937 random(9);
    std::vector<std::string> words = split(words_of(random, 400));
    const CopySketch a = sketch_copy(post(join(words)));
    for (int k = 0; k < 20; ++k) edit(words, random);
    const CopySketch b = sketch_copy(post(join(words)));
    CHECK(a.cut_short);
    CHECK(copy_similarity(a, b) > 0.7);
    CHECK(copy_similarity(a, b) == copy_similarity(b, a));
    CHECK(copy_similarity(a, sketch_copy(post(words_of(random, 400)))) < 0.05);
}

TEST_CASE("the same calls give the same answers, whatever the salt") {
    std::vector<std::vector<CopyPlace>> runs;
    for (const std::uint64_t salt : {0ULL, 0ULL, 0x123456789ABCDEFULL}) {
        Stream s({500, std::chrono::minutes(1), salt});
        std::mt19937 random(11);
        std::vector<CopyPlace> places;
        for (int i = 0; i < 3000; ++i) {
            Item item = post(words_of(random, 7, 6), "@u" + std::to_string(random() % 50));
            item.published = t0 + std::chrono::seconds(i * 3 + static_cast<int>(random() % 600));
            places.push_back(s.add(item));
            if (i % 100 == 0) s.index.drop_before(t0 + std::chrono::seconds(i * 3 - 600));
        }
        runs.push_back(std::move(places));
    }
    CHECK(runs[0] == runs[1]);
    CHECK(runs[0] == runs[2]);
}

TEST_CASE("memory and time stay bounded, whatever comes") {
    std::mt19937 random(13);
    CopyIndex::Options options;
    options.capacity = 5000;
    SUBCASE("all posts equal") {
        Stream s(options);
        CopyPlace place;
        for (int i = 0; i < 50'000; ++i) place = s.add(campaign, "@u" + std::to_string(i));
        CHECK(s.index.size() == options.capacity);
        CHECK(place.authors == options.capacity);
        CHECK(s.index.memory() < options.capacity * 300 + 100'000);
    }
    SUBCASE("all posts empty") {
        Stream s(options);
        for (int i = 0; i < 50'000; ++i) CHECK(s.add("", "@u").role == CopyRole::none);
        CHECK(s.index.size() == 0);
        CHECK(s.index.memory() < 10'000);
    }
    SUBCASE("all posts different and long") {
        Stream s(options);
        for (int i = 0; i < 12'000; ++i) s.add(words_of(random, 60), "@u" + std::to_string(i));
        CHECK(s.index.size() == options.capacity);
        CHECK(s.index.memory() < options.capacity * 1'200);
    }
    SUBCASE("all in one band, none alike") {
        Stream s(options);
        CopyPost where;
        where.published = t0;
        for (std::uint32_t i = 0; i < 20'000; ++i) {
            CopySketch sketch;
            sketch.words = i + 1;
            sketch.keys.fill(42);
            for (std::uint32_t k = 0; k < CopySketch::max_shingles; ++k) sketch.shingles.push_back(i * 64 + k);
            where.id = where.author = i + 1;
            CHECK(s.index.place(sketch, where).role == CopyRole::original);
        }
        CHECK(s.index.size() == options.capacity);
        // Of those that share a key with many, the latest are found.
        CopySketch again;
        again.words = 1'000'000;
        again.keys.fill(42);
        for (std::uint32_t k = 1; k < CopySketch::max_shingles; ++k) again.shingles.push_back(19'999 * 64 + k);
        where.id = 1'000'000;
        CHECK(s.index.place(again, where).nearest == 20'000);
    }
    SUBCASE("times that make no sense") {
        Stream s(options);
        for (int i = 0; i < 12'000; ++i) {
            Item item = post(words_of(random, 8), "@u");
            item.published = i % 3 == 0   ? Time::max()
                             : i % 3 == 1 ? Time::min()
                                          : from_millis(static_cast<std::int64_t>(random()) * 1'000'003 - 1);
            s.add(item);
        }
        CHECK(s.index.size() <= options.capacity);
        s.index.drop_before(Time::max());
        s.index.drop_before(Time::min());
        CHECK(s.index.size() <= options.capacity);
    }
    SUBCASE("headlines without end") {
        Stream s(options);
        for (int i = 0; i < 12'000; ++i) s.add(article(words_of(random, 39), "https://paper.example/" + std::to_string(i)));
        CHECK(s.index.memory() < options.capacity * 1'200);
    }
}

TEST_CASE("a random stream keeps its books") {
    std::mt19937 random(17);
    CopyIndex::Options options;
    options.capacity = 300;
    options.bucket = std::chrono::minutes(1);
    CopyIndex index(options);
    std::map<std::uint64_t, CopyPost> alive;  // by id, as we believe
    for (int step = 0; step < 20'000; ++step) {
        Item item = post(words_of(random, 6, 3), "@u" + std::to_string(random() % 20), "x/" + std::to_string(random() % 2000));
        if (random() % 4 == 0) item.text = Untrusted(std::string(item.text.bytes()) + "https://a.example via @paper");
        item.published = t0 + std::chrono::seconds(step) + std::chrono::seconds(random() % 900);
        const CopyPost where = copy_post_of(item);
        const bool known = index.contains(where.id);
        const CopyPlace place = index.place(sketch_copy(item), where);
        if (place.cluster != 0 && !known) alive[where.id] = where;
        CHECK(index.contains(where.id) == (place.cluster != 0));
        if (random() % 10 == 0) index.forget(hash64("x/" + std::to_string(random() % 2000)));
        if (random() % 50 == 0) index.drop_before(t0 + std::chrono::seconds(step - 300));
        CHECK(index.size() <= options.capacity);
        if (step % 500 != 0) continue;
        // Count anew from what is there.
        std::map<std::uint64_t, std::set<std::uint64_t>> authors;
        std::map<std::uint64_t, std::uint32_t> told;
        std::size_t size = 0;
        for (const auto& [id, one] : alive) {
            if (!index.contains(id)) continue;
            ++size;
            const CopyPlace now = index.find(id);
            REQUIRE(now.cluster != 0);
            CHECK(index.contains(now.first));
            told[now.cluster] = now.authors;
            if (now.role != CopyRole::headline) authors[now.cluster].insert(one.author);
        }
        CHECK(size == index.size());
        std::size_t most = 0;
        for (const auto& [cluster, count] : told) {
            CHECK(authors[cluster].size() == count);
            most = std::max(most, authors[cluster].size());
        }
        CHECK(index.most_authors() == most);
        const std::vector<CopyCluster> largest = index.largest(1);
        CHECK((largest.empty() ? most <= 1 : largest[0].authors == most));
    }
}
