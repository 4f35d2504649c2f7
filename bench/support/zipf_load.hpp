// A made-up public: 80 % of the brands get 0.1 mentions an hour, 18 % get 10, 2 % get 1,000; authors and platforms as they come.
// Thread-safety: one owner.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "vigie/detect/windows.hpp"

namespace vigie::bench {

/// What a brand with the rules that ship is asked for.
inline std::vector<detect::Selector> usual_selectors() {
    using detect::Metric;
    using std::chrono::hours;
    const std::vector<std::pair<Metric, Duration>> asked{
        {Metric::mentions, hours{1}},  {Metric::mentions, hours{24}}, {Metric::negative, hours{1}},
        {Metric::negative, hours{24}}, {Metric::authors, hours{1}},   {Metric::new_authors, hours{1}},
        {Metric::max_reach, hours{1}}, {Metric::reposts, hours{1}},   {Metric::mentions, hours{168}}};
    std::vector<detect::Selector> selectors;
    for (const auto& [metric, window] : asked) {
        selectors.emplace_back();
        selectors.back().metric = metric;
        selectors.back().window = window;
    }
    return selectors;
}

/// Ten metrics, whole and on four platforms, each over an hour, a day and a week: 50 series, 150 selectors.
inline std::vector<detect::Selector> fifty_series() {
    using detect::Metric;
    std::vector<detect::Selector> selectors;
    for (const Metric metric : {Metric::mentions, Metric::negative, Metric::positive, Metric::neutral, Metric::reach, Metric::max_reach,
                                Metric::engagement, Metric::reposts, Metric::originals, Metric::new_authors}) {
        for (const std::string platform : {"", "x", "mastodon", "reddit", "news"}) {
            for (const int hours : {1, 24, 168}) {
                selectors.emplace_back();
                selectors.back().metric = metric;
                selectors.back().window = std::chrono::hours{hours};
                if (!platform.empty()) selectors.back().matchers.push_back({"platform", detect::MatchOp::equal, platform});
            }
        }
    }
    return selectors;
}

class ZipfLoad {
public:
    /// The busy brands come first. `per_hour` in place of the 2/18/80 mix: one volume for all.
    explicit ZipfLoad(std::size_t brands, const std::vector<double>& per_hour = {}) {
        for (std::size_t b = 0; b < brands; ++b) {
            const double usual = b * 100 < brands * 2 ? 1000 : b * 100 < brands * 20 ? 10 : 0.1;
            per_minute_.emplace_back((per_hour.empty() ? usual : per_hour[0]) / 60);
            total_ += per_minute_.back();
        }
        if (total_ > 0) brand_ = std::discrete_distribution<std::uint32_t>(per_minute_.begin(), per_minute_.end());
    }

    std::size_t brands() const { return per_minute_.size(); }
    void tick(detect::Windows& windows) { windows.advance(end_of_minute(++minute_)); }

    /// So many minutes of mentions for all brands. Returns how many mentions they were.
    std::size_t minutes(detect::Windows& windows, int count) {
        std::size_t mentions = 0;
        for (int i = 0; i < count; ++i) {
            tick(windows);
            if (total_ <= 0) continue;
            for (auto n = std::poisson_distribution<int>(total_)(random_); n > 0; --n, ++mentions)
                windows.add(brand_(random_), minute_, mention());
        }
        return mentions;
    }
    /// A rebuild: five days of stored hours, then two days minute by minute, every brand read once an hour, as rules do at least that
    /// often.
    void fill(detect::Windows& windows) {
        minute_ += 7 * 24 * 60;
        tick(windows);
        const Hour now = hour_of_minute(minute_);
        for (Hour hour = now - 7 * 24; hour < now - 48; ++hour) {
            for (BrandIndex b = 0; b < brands(); ++b) windows.add_hour(b, hour, hour_of_mentions(per_minute_[b] * 60));
        }
        for (int done = 0; done < 48; ++done) {
            minutes(windows, 60);
            for (BrandIndex b = 0; b < brands(); ++b) read_ += windows.read(b, 0).value_or(0);
        }
    }

private:
    detect::Bucket mention() {
        static const std::vector<std::string> platforms{"x", "mastodon", "bluesky", "reddit", "news"};
        detect::Contribution made;
        made.key.platform = platforms[random_() % platforms.size()];
        made.key.language = random_() % 3 == 0 ? "en" : "fr";
        made.key.source = "push";
        made.author = random_() | 1U;
        made.sums.mentions = 1;
        made.sums.negative = random_() % 4 == 0 ? 1 : 0;
        made.sums.neutral = 1 - made.sums.negative;
        made.sums.reach = made.sums.max_reach = static_cast<std::int64_t>(random_() % 5000);
        made.sums.reposts = random_() % 2 == 0 ? 1 : 0;
        made.sums.new_authors = random_() % 3 == 0 ? 1 : 0;
        detect::Bucket bucket;
        bucket.add(made);
        return bucket;
    }

    detect::Bucket hour_of_mentions(double expected) {
        detect::Bucket bucket;
        const int n = expected > 0 ? std::poisson_distribution<int>(expected)(random_) : 0;
        if (n == 0) return bucket;
        detect::Contribution made;
        made.key.platform = "x";
        made.sums.mentions = n;
        made.sums.negative = n / 4;
        bucket.add(made);
        return bucket;
    }

    std::vector<double> per_minute_;
    double total_ = 0;
    double read_ = 0;
    std::mt19937_64 random_{20260301};
    std::discrete_distribution<std::uint32_t> brand_;
    Minute minute_ = 29'000'000;
};

}  // namespace vigie::bench
