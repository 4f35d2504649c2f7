#include "detect/track.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>

using namespace vigie;
using namespace vigie::detect;

TEST_CASE("a track equals an ordinary map, whatever is added, raised and dropped") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
        Track track;
        std::map<Minute, std::int64_t> truth;
        Minute now = below(2) == 0 ? 1'000'000 : -50;
        for (int i = 0; i < 300; ++i) {
            now += below(3);
            const Minute key = below(5) == 0 ? now - below(100) : now;
            const std::int64_t value = std::int64_t{below(1000) - 300} << (below(40) == 0 ? below(50) : 0);
            switch (below(8)) {
                case 0:
                    track.drop(now - 60);
                    truth.erase(truth.begin(), truth.upper_bound(now - 60));
                    break;
                case 1:
                    track.raise(key, value);
                    truth[key] = std::max(truth[key], value);
                    break;
                default:
                    track.add(key, value);
                    truth[key] += value;
            }
            const Minute after = now - below(90), until = after + below(80);
            std::int64_t sum = 0, largest = 0;
            for (auto at = truth.upper_bound(after); at != truth.end() && at->first <= until; ++at) {
                sum += at->second;
                largest = std::max(largest, at->second);
            }
            REQUIRE(track.sum(after, until) == sum);
            REQUIRE(track.largest(after, until) == largest);
            REQUIRE(track.size() == truth.size());
        }
        std::size_t i = 0;
        for (const auto& [key, value] : truth) {
            REQUIRE(track.key(i) == key);
            REQUIRE(track.value(i++) == value);
        }
    }
}

TEST_CASE("small numbers take five bytes an entry, and dropped ones give their memory back") {
    Track track;
    for (Minute m = 0; m < 2880; ++m) track.add(m, 17);
    CHECK(track.memory() < 2880 * 5 * 3 / 2 + 100);
    track.drop(2850);
    CHECK(track.size() == 29);
    CHECK(track.memory() < 400);
    track.add(2860, std::numeric_limits<std::int64_t>::max());
    CHECK(track.value(9) == std::numeric_limits<std::int64_t>::min() + 16);
    track.drop(5000);
    CHECK(track.empty());
    CHECK(track.memory() == 0);
}
