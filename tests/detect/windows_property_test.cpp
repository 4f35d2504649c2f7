// Each window equals a recount: random histories against the model that counts everything again. A failure prints its seed.
#include <doctest/doctest.h>

#include <array>
#include <random>

#include "support/detect_model.hpp"

using namespace vigie;
using namespace vigie::detect;
using vigie::detect::test::Counted;
using vigie::detect::test::Mentioned;
using vigie::detect::test::Model;

namespace {

constexpr Minute start = 29'000'000 + 17;  // early 2025, not on a full hour
constexpr BrandIndex brand_count = 2;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
    bool once_in(int n) { return below(n) == 0; }
    template <class T>
    const T& of(const std::vector<T>& list) {
        return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
    }

private:
    std::mt19937_64 random_;
};

Selector random_selector(Dice& dice) {
    static const std::vector<Duration> spans{std::chrono::minutes{1},    std::chrono::minutes{5},     std::chrono::minutes{59},
                                             std::chrono::hours{1},      std::chrono::minutes{61},    std::chrono::hours{24},
                                             std::chrono::minutes{2879}, std::chrono::hours{48},      std::chrono::minutes{2881},
                                             std::chrono::days{7},       std::chrono::minutes{30017}, std::chrono::days{44}};
    static const std::vector<std::string> labels{"platform", "language", "function", "source", "kind"};
    static const std::map<std::string, std::vector<std::string>> values{{"platform", {"x", "y", "[xz]", "x|y", ".*"}},
                                                                        {"language", {"fr", "en", "f.", "und"}},
                                                                        {"function", {"hr", "safety", "", "h.*", "hr|safety"}},
                                                                        {"source", {"push", "feed", "p.sh"}},
                                                                        {"kind", {"post", "repost", "re.*"}},
                                                                        {"series", {"views", "search", "v.*"}}};
    Selector selector;
    selector.metric = static_cast<Metric>(dice.below(17));
    selector.window = dice.of(spans);
    const bool shifts = selector.metric != Metric::authors && selector.metric != Metric::copies;
    if (shifts && dice.once_in(3)) selector.offset = dice.of(spans);
    const std::vector<std::string> known = selector.metric == Metric::counts ? std::vector<std::string>{"series", "source"} : labels;
    for (int n = dice.below(3); n > 0; --n) {
        LabelMatcher matcher;
        matcher.label = dice.of(known);
        matcher.op = static_cast<MatchOp>(dice.below(4));
        const bool regex = matcher.op == MatchOp::regex || matcher.op == MatchOp::not_regex;
        matcher.value = dice.of(values.at(matcher.label));
        if (!regex && matcher.value.find_first_of("[]|*.") != std::string::npos) matcher.value = values.at(matcher.label).front();
        selector.matchers.push_back(matcher);
    }
    std::sort(selector.matchers.begin(), selector.matchers.end());
    if (dice.once_in(2)) {
        std::set<std::string> by;
        for (int n = dice.below(2) + 1; n > 0; --n) by.insert(dice.of(known));
        selector.by.assign(by.begin(), by.end());
    }
    return selector;
}

/// Mostly near the end, sometimes long ago, sometimes still to come.
Minute random_minute(Dice& dice, Minute end) {
    switch (dice.below(8)) {
        case 0:
            return end - dice.below(130'000);
        case 1:
            return end - dice.below(12'000);
        case 2:
            return end - 2880 + dice.below(121) - 60;
        case 3:
            return end + dice.below(90);
        case 4:
            return end - dice.below(3000);
        default:
            return end - dice.below(90);
    }
}

Contribution random_contribution(Dice& dice) {
    Contribution made;
    made.key.platform = dice.of<std::string>({"x", "y", "zz"});
    made.key.language = dice.of<std::string>({"fr", "en"});
    made.key.source = dice.of<std::string>({"push", "feed"});
    made.key.kind = dice.of<Kind>({Kind::post, Kind::repost, Kind::review});
    if (dice.once_in(2)) made.key.functions = dice.of<std::vector<std::string>>({{"hr"}, {"hr", "safety"}, {"legal"}});
    made.author = static_cast<std::uint64_t>(dice.below(9)) * 0x100000001U;  // 0: none
    if (dice.once_in(3)) made.cluster = static_cast<std::uint64_t>(dice.below(4) + 1) * 0x300000007U;
    Counters& sums = made.sums;
    if (dice.once_in(8)) {
        sums.engagement = dice.below(50);
        return made;
    }
    sums.mentions = 1;
    const int mood = dice.below(3);
    (mood == 0 ? sums.negative : mood == 1 ? sums.neutral : sums.positive) = 1;
    sums.polarity = dice.below(20001) - 10000;
    sums.reach = std::int64_t{dice.below(4)} * dice.below(4) * dice.below(4) * 700'000'000;
    sums.max_reach = sums.reach;
    sums.engagement = dice.below(300);
    sums.weighted = dice.below(5000);
    sums.reposts = made.key.kind == Kind::repost ? 1 : 0;
    sums.new_authors = dice.below(2);
    if (made.key.kind == Kind::review) {
        sums.ratings = 1;
        sums.rating_sum = dice.below(501);
        sums.low_ratings = sums.rating_sum <= 200 ? 1 : 0;
    }
    return made;
}

struct History {
    explicit History(std::uint64_t seed, int selector_count) : dice(seed), windows(0, {}) {
        for (int i = 0; i < selector_count; ++i) {
            Selector selector = random_selector(dice);
            REQUIRE(check_selector(selector).ok());
            selectors.push_back(std::move(selector));
        }
        windows = Windows(brand_count, selectors);
        windows.advance(end_of_minute(end));
    }

    void step() {
        switch (dice.below(6)) {
            case 0:
                advance();
                break;
            case 1:
                count();
                break;
            default:
                mention();
                break;
        }
    }

    void advance() {
        static const std::vector<int> steps{1, 1, 3, 29, 60, 61, 700, 2880, 9000, 40'000};
        end += dice.of(steps);
        // Anywhere in the minute: all windows end with the minute that runs.
        windows.advance(end_of_minute(end) - Duration{dice.below(60'000)});
    }

    void mention() {
        Mentioned made;
        made.brand = static_cast<BrandIndex>(dice.below(brand_count));
        made.minute = random_minute(dice, end);
        Bucket bucket;
        for (int n = dice.below(3) + 1; n > 0; --n) {
            made.what = random_contribution(dice);
            bucket.add(made.what);
            model.mentions.push_back(made);
        }
        windows.add(made.brand, made.minute, bucket);
        if (dice.once_in(12)) take_out();
    }

    /// A deleted mention; its author, copy and largest reach stay, in the model too.
    void take_out() {
        Mentioned undo = dice.of(model.mentions);
        if (undo.what.sums.mentions != 1) return;
        undo.what.author = 0;
        undo.what.cluster = 0;
        Counters& sums = undo.what.sums;
        for (const auto field : {&Counters::mentions, &Counters::negative, &Counters::neutral, &Counters::positive, &Counters::polarity,
                                 &Counters::reach, &Counters::engagement, &Counters::reposts, &Counters::new_authors, &Counters::ratings,
                                 &Counters::rating_sum, &Counters::low_ratings, &Counters::weighted}) {
            sums.*field = -(sums.*field);
        }
        sums.max_reach = 0;
        Bucket bucket;
        bucket.add(undo.what);
        windows.add(undo.brand, undo.minute, bucket);
        model.mentions.push_back(undo);
    }

    void count() {
        Counted made;
        made.brand = static_cast<BrandIndex>(dice.below(brand_count));
        made.value = dice.below(4000) / 8.0;
        if (!model.counts.empty() && dice.once_in(2)) {
            Counted& old = model.counts[static_cast<std::size_t>(dice.below(static_cast<int>(model.counts.size())))];
            windows.remove_count(old.brand, old.minute, old.key, old.value);
            old.value = made.value;
            put(old);
            return;
        }
        made.minute = random_minute(dice, end);
        made.key.series = dice.of<std::string>({"views", "search"});
        made.key.source = dice.of<std::string>({"push", "feed"});
        made.key.start_ms = static_cast<std::int64_t>(model.counts.size());  // distinct
        made.key.span_ms = 60'000;
        put(made);
        model.counts.push_back(made);
    }

    void put(const Counted& counted) {
        Bucket bucket;
        bucket.set_count(counted.key, counted.value);
        windows.add(counted.brand, counted.minute, bucket);
    }

    /// Every selector and group of one brand. Returns how many reads were compared.
    int compare(const Windows& with) {
        int reads = 0;
        const auto brand = static_cast<BrandIndex>(dice.below(brand_count));
        for (SelectorId id = 0; id < selectors.size(); ++id) {
            const Selector& selector = selectors[id];
            std::vector<GroupValues> living;
            std::set<GroupValues> groups = model.all_groups(brand, selector);
            groups.insert(GroupValues(selector.by.size(), "never"));
            if (selector.by.empty()) groups = {{}};
            for (const GroupValues& group : groups) {
                const auto expected = model.read(brand, selector, end, group);
                const auto found = with.read(brand, id, group);
                CAPTURE(format_selector(selector));
                CAPTURE(end);
                REQUIRE(found.has_value() == expected.has_value());
                if (found) REQUIRE(*found == doctest::Approx(*expected).epsilon(1e-12));
                ++reads;
                const bool mean =
                    selector.metric == Metric::sentiment || selector.metric == Metric::rating || selector.metric == Metric::counts;
                if (expected && (mean || *expected != 0)) living.push_back(group);
            }
            const auto found = with.groups(brand, id);
            REQUIRE(found == living);
        }
        return reads;
    }

    Dice dice;
    Windows windows;
    std::vector<Selector> selectors;
    Model model;
    Minute end = start;
};

}  // namespace

TEST_CASE("each window equals a recount of everything that came") {
    int reads = 0;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        History history(seed, 8);
        for (int i = 0; i < 40; ++i) {
            history.step();
            if (i % 4 == 3) reads += history.compare(history.windows);
        }
    }
    MESSAGE("seeds 1 to 2000, " << reads << " reads compared");
    CHECK(reads > 100'000);
}

TEST_CASE("a restored snapshot goes on like the original, at any point of a history") {
    for (std::uint64_t seed = 5001; seed <= 5300; ++seed) {
        CAPTURE(seed);
        History history(seed, 6);
        for (int i = 0; i < 20; ++i) history.step();
        const std::string bytes = history.windows.snapshot(77);
        auto restored = Windows::restore(bytes, brand_count, history.selectors, 77);
        REQUIRE(restored.ok());
        CHECK(restored->now() == history.windows.now());
        const std::string again = restored->snapshot(77);
        CHECK(Windows::restore(again, brand_count, history.selectors, 77)->snapshot(77) == again);
        history.windows = std::move(restored).value();
        history.compare(history.windows);
        for (int i = 0; i < 20; ++i) {
            history.step();
            if (i % 4 == 3) history.compare(history.windows);
        }
    }
}

TEST_CASE("a rebuild from stored minutes and hours equals the live windows") {
    for (std::uint64_t seed = 9001; seed <= 9300; ++seed) {
        CAPTURE(seed);
        History history(seed, 6);
        for (int i = 0; i < 40; ++i) history.step();
        std::map<std::pair<BrandIndex, Minute>, Bucket> minutes;
        std::map<std::pair<BrandIndex, Hour>, Bucket> hours;
        const auto place = [&](BrandIndex brand, Minute m, const Bucket& bucket) {
            const Hour hour = hour_of_minute(m);
            if (hour * 60 <= history.end - 2880) {
                hours[{brand, hour}].merge(bucket);
            } else {
                minutes[{brand, m}].merge(bucket);
            }
        };
        for (const Mentioned& m : history.model.mentions) {
            Bucket bucket;
            bucket.add(m.what);
            place(m.brand, m.minute, bucket);
        }
        for (const Counted& c : history.model.counts) {
            Bucket bucket;
            bucket.set_count(c.key, c.value);
            place(c.brand, c.minute, bucket);
        }
        Windows rebuilt(brand_count, history.selectors);
        const bool advance_first = history.dice.once_in(2);
        if (advance_first) rebuilt.advance(end_of_minute(history.end));
        for (const auto& [at, bucket] : hours) rebuilt.add_hour(at.first, at.second, bucket);
        for (const auto& [at, bucket] : minutes) rebuilt.add(at.first, at.second, bucket);
        rebuilt.advance(end_of_minute(history.end));
        history.compare(rebuilt);
    }
}
