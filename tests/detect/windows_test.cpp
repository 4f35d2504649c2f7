#include "vigie/detect/windows.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "vigie/detect/contribution.hpp"

using namespace vigie;
using namespace vigie::detect;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr Minute noon = 60 * 490'000;  // a full hour

Selector ask(Metric metric, Duration window, Duration offset = Duration{0}, std::vector<std::string> by = {}) {
    Selector made;
    made.metric = metric;
    made.window = window;
    made.offset = offset;
    made.by = std::move(by);
    return made;
}

Bucket mention(std::uint64_t author = 0, const std::string& platform = "x", std::vector<std::string> functions = {}) {
    Contribution made;
    made.key.platform = platform;
    made.key.functions = std::move(functions);
    made.sums.mentions = 1;
    made.author = author;
    Bucket bucket;
    bucket.add(made);
    return bucket;
}

Bucket count(const std::string& series, double value) {
    Bucket bucket;
    bucket.set_count({series, "wikipedia", 0, 3'600'000}, value);
    return bucket;
}

Windows at_noon(std::vector<Selector> selectors, std::size_t brands = 1) {
    Windows windows(brands, std::move(selectors));
    windows.advance(end_of_minute(noon));
    return windows;
}

}  // namespace

TEST_CASE("a window is (now - w, now]: the minute of its edge is out, the minute of its end is in") {
    Windows windows = at_noon({ask(Metric::mentions, hours{1})});
    windows.add(0, noon - 60, mention());
    CHECK(windows.read(0, 0) == 0);
    windows.add(0, noon - 59, mention());
    windows.add(0, noon, mention());
    CHECK(windows.read(0, 0) == 2);
    windows.advance(end_of_minute(noon) + Duration{1});
    CHECK(windows.read(0, 0) == 1);
    windows.advance(end_of_minute(noon + 60));
    CHECK(windows.read(0, 0) == 0);
}

TEST_CASE("now never goes back") {
    Windows windows = at_noon({ask(Metric::mentions, minutes{1})});
    windows.add(0, noon, mention());
    windows.advance(end_of_minute(noon) - hours{5});
    CHECK(windows.now() == end_of_minute(noon));
    CHECK(windows.read(0, 0) == 1);
}

TEST_CASE("what is still to come waits, also before the first advance") {
    Windows windows(1, {ask(Metric::mentions, hours{1}), ask(Metric::authors, hours{1})});
    windows.add(0, noon + 5, mention(7));
    windows.add(0, noon, mention(7));
    CHECK(windows.read(0, 0) == 0);
    windows.advance(end_of_minute(noon));
    CHECK(windows.read(0, 0) == 1);
    windows.advance(end_of_minute(noon + 4));
    CHECK(windows.read(0, 0) == 1);
    windows.advance(end_of_minute(noon + 5));
    CHECK(windows.read(0, 0) == 2);
    CHECK(windows.read(0, 1) == 1);
}

TEST_CASE("beyond 48 h the far edge keeps its whole hour until all of it is out") {
    Windows windows = at_noon({ask(Metric::mentions, days{7})});
    const Minute week = 7 * 24 * 60;
    windows.add(0, noon - week, mention());
    CHECK(windows.read(0, 0) == 0);
    windows.add(0, noon - week + 1, mention());
    CHECK(windows.read(0, 0) == 1);
    windows.advance(end_of_minute(noon + 59));
    CHECK(windows.read(0, 0) == 1);
    windows.advance(end_of_minute(noon + 60));
    CHECK(windows.read(0, 0) == 0);
}

TEST_CASE("an offset window follows the present one without gap or overlap") {
    for (const Duration span : {Duration{hours{1}}, Duration{hours{48}}, Duration{days{7}}, Duration{minutes{2881}}}) {
        Windows windows = at_noon({ask(Metric::mentions, span), ask(Metric::mentions, span, span), ask(Metric::mentions, 2 * span)});
        for (Minute m = noon - 30'000; m <= noon; m += 7) windows.add(0, m, mention());
        for (const int step : {0, 1, 13, 60, 1000}) {
            windows.advance(windows.now() + minutes{step});
            CHECK(*windows.read(0, 0) + *windows.read(0, 1) == *windows.read(0, 2));
        }
    }
}

TEST_CASE("an author counts once, in the minute of the last mention, in whatever order they come") {
    Windows windows = at_noon({ask(Metric::authors, minutes{10}), ask(Metric::authors, hours{1})});
    windows.add(0, noon - 3, mention(1));
    windows.add(0, noon - 30, mention(1));
    windows.add(0, noon - 40, mention(2));
    windows.add(0, noon - 20, mention(2));
    windows.add(0, noon - 1, mention(0));
    CHECK(windows.read(0, 0) == 1);
    CHECK(windows.read(0, 1) == 2);
    windows.advance(end_of_minute(noon + 39));
    CHECK(windows.read(0, 0) == 0);
    CHECK(windows.read(0, 1) == 2);
    windows.advance(end_of_minute(noon + 40));
    CHECK(windows.read(0, 1) == 1);
}

TEST_CASE("a mean of nothing and counts that nobody sent have no value, sums are zero") {
    Windows windows = at_noon({ask(Metric::sentiment, hours{1}), ask(Metric::rating, hours{1}), ask(Metric::counts, hours{1}),
                               ask(Metric::mentions, hours{1}), ask(Metric::max_reach, hours{1})});
    const auto nothing = [&] {
        for (const SelectorId mean : {0U, 1U, 2U, 99U}) CHECK_FALSE(windows.read(0, mean).has_value());
        CHECK(windows.read(0, 3) == 0);
        CHECK(windows.read(0, 4) == 0);
    };
    nothing();
    windows.add(0, noon, mention());
    CHECK(windows.read(0, 0) == 0);
    CHECK(windows.read(0, 3) == 1);
    CHECK_FALSE(windows.read(0, 1).has_value());
    windows.advance(end_of_minute(noon + 60));
    nothing();
}

TEST_CASE("a count is replaced, taken out, or never seen; zero is a value") {
    Windows windows = at_noon({ask(Metric::counts, hours{2})});
    const Bucket::CountKey key{"views", "wikipedia", 0, 3'600'000};
    windows.add(0, noon - 60, count("views", 0.1));
    CHECK(windows.read(0, 0) == doctest::Approx(0.1));
    windows.remove_count(0, noon - 60, key, 0.1);
    CHECK_FALSE(windows.read(0, 0).has_value());
    windows.add(0, noon - 60, count("views", 0));
    CHECK(windows.read(0, 0) == 0);
    windows.add(0, noon + 5, count("views", 3));
    windows.remove_count(0, noon + 5, key, 3);
    windows.remove_count(0, noon + 9, key, 3);
    windows.remove_count(7, noon, key, 3);
    windows.advance(end_of_minute(noon + 10));
    CHECK(windows.read(0, 0) == 0);
    windows.add(0, noon, count("search", 1e300));
    CHECK(windows.read(0, 0) == 1e12);
}

TEST_CASE("a mention is in the group of each of its functions, and in none without") {
    Windows windows = at_noon({ask(Metric::mentions, hours{1}, {}, {"function"}), ask(Metric::mentions, hours{1}),
                               ask(Metric::mentions, hours{1}, {}, {"function", "platform"})});
    windows.add(0, noon, mention(1, "x", {"hr", "safety"}));
    windows.add(0, noon, mention(2, "y", {"hr"}));
    windows.add(0, noon, mention(3, "y"));
    CHECK(windows.read(0, 1) == 3);
    CHECK(windows.read(0, 0, {"hr"}) == 2);
    CHECK(windows.read(0, 0, {"safety"}) == 1);
    CHECK(windows.read(0, 0, {"legal"}) == 0);
    CHECK(windows.groups(0, 0) == std::vector<GroupValues>{{"hr"}, {"safety"}});
    CHECK(windows.groups(0, 2) == std::vector<GroupValues>{{"hr", "x"}, {"hr", "y"}, {"safety", "x"}});
    windows.advance(end_of_minute(noon + 60));
    CHECK(windows.groups(0, 0).empty());
    CHECK(windows.groups(5, 0).empty());
    CHECK(windows.groups(0, 77).empty());
}

TEST_CASE("groups are bounded, and a flood of them harms neither the sum nor the first ones") {
    Windows windows = at_noon({ask(Metric::mentions, hours{1}, {}, {"platform"}), ask(Metric::mentions, hours{1})});
    windows.add(0, noon, mention(0, "first"));
    for (int i = 0; i < 5000; ++i) windows.add(0, noon, mention(0, "p" + std::to_string(i)));
    CHECK(windows.groups(0, 0).size() == 1024);
    windows.add(0, noon, mention(0, "first"));
    CHECK(windows.read(0, 0, {"first"}) == 2);
    CHECK(windows.read(0, 1) == 5002);
    windows.advance(end_of_minute(noon + 60));
    windows.add(0, noon + 60, mention(0, "later"));
    CHECK(windows.read(0, 0, {"later"}) == 1);
}

TEST_CASE("memory comes back when everything has expired") {
    Windows windows = at_noon({ask(Metric::mentions, hours{48}), ask(Metric::authors, hours{48}), ask(Metric::max_reach, hours{48})});
    const std::size_t before = windows.memory();
    for (Minute m = noon - 2800; m <= noon; ++m) windows.add(0, m, mention(static_cast<std::uint64_t>(m) * 977));
    CHECK(windows.memory() > before + 20'000);
    windows.advance(end_of_minute(noon + 3000));
    CHECK(windows.read(0, 0) == 0);
    CHECK(windows.memory() < before + 500);
}

TEST_CASE("absurd minutes, hours and brands are ignored or wait, and break nothing") {
    Windows windows = at_noon({ask(Metric::mentions, days{90})}, 2);
    for (const Minute m : {std::numeric_limits<Minute>::min(), std::numeric_limits<Minute>::max(), 0, -1}) {
        windows.add(0, m, mention());
        windows.add_hour(0, m, mention());
    }
    windows.add(2, noon, mention());
    windows.add(std::numeric_limits<BrandIndex>::max(), noon, mention());
    CHECK(windows.read(0, 0) == 0);
    CHECK(windows.read(2, 0) == 0);
    windows.add(1, noon, mention());
    CHECK(windows.read(1, 0) == 1);
    CHECK(windows.read(0, 0) == 0);
}

TEST_CASE("times before 1970 count like any others") {
    Windows windows(1, {ask(Metric::mentions, hours{1}), ask(Metric::mentions, days{7})});
    const Minute end = -1'000'007;
    windows.advance(end_of_minute(end));
    for (Minute m = end - 20'000; m <= end; ++m) windows.add(0, m, mention());
    CHECK(windows.read(0, 0) == 60);
    const double week = *windows.read(0, 1);
    CHECK(week >= 7 * 1440);
    CHECK(week < 7 * 1440 + 60);
}

TEST_CASE("a snapshot is refused when anything about it is another") {
    const std::vector<Selector> selectors{ask(Metric::mentions, hours{1}), ask(Metric::authors, days{7}), ask(Metric::counts, days{60})};
    Windows windows = at_noon(selectors, 3);
    windows.add(1, noon - 5, mention(4));
    windows.add(1, noon - 5000, count("views", 3));
    windows.add(2, noon + 5, mention(4));
    const std::string bytes = windows.snapshot(42);
    const auto refused = [](const Result<Windows>& restored) { return !restored.ok() && restored.error().code() == Errc::corrupt; };
    CHECK(Windows::restore(bytes, 3, selectors, 42).ok());
    CHECK(refused(Windows::restore(bytes, 3, selectors, 43)));
    CHECK(refused(Windows::restore(bytes, 4, selectors, 42)));
    CHECK(refused(Windows::restore(bytes, 3, {selectors[0], selectors[1]}, 42)));
    auto split = selectors;
    split[0].by = {"platform"};
    CHECK(refused(Windows::restore(bytes, 3, split, 42)));
    CHECK(refused(Windows::restore("", 3, selectors, 42)));
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        CHECK(refused(Windows::restore(bytes.substr(0, n), 3, selectors, 42)));
        std::string changed = bytes;
        changed[n] = static_cast<char>(changed[n] ^ 4);
        CHECK(refused(Windows::restore(changed, 3, selectors, 42)));
    }
}

TEST_CASE("a snapshot of windows that never began restores as such") {
    const std::vector<Selector> selectors{ask(Metric::mentions, hours{1})};
    Windows windows(1, selectors);
    windows.add(0, noon, mention());
    auto restored = Windows::restore(windows.snapshot(1), 1, selectors, 1);
    REQUIRE(restored.ok());
    CHECK(restored->now() == windows.now());
    restored->advance(end_of_minute(noon));
    CHECK(restored->read(0, 0) == 1);
}
