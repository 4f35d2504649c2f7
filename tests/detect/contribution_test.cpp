#include "vigie/detect/contribution.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "vigie/core/hash.hpp"

using namespace vigie;
using namespace vigie::detect;

namespace {

AnalysedItem post() {
    AnalysedItem made;
    made.item.id = "mastodon/1";
    made.item.platform = "mastodon";
    made.item.source = "mas-search";
    made.item.author.handle = Untrusted("@Ana@mas.to");
    made.item.language = "en-GB";
    made.language = "en";
    return made;
}

const std::vector<std::string> functions{"safety", "hr", "legal"};

}  // namespace

TEST_CASE("a mention's labels come from intake, its functions are sorted names") {
    const Contribution made = contribution_of(post(), BrandMatch{0, 0b011}, functions, false);
    CHECK(made.key.platform == "mastodon");
    CHECK(made.key.language == "en");
    CHECK(made.key.source == "mas-search");
    CHECK(made.key.functions == std::vector<std::string>{"hr", "safety"});
    CHECK(made.sums.mentions == 1);
    CHECK(made.author == hash64(account_key("mastodon", "@Ana@mas.to")));
    CHECK(contribution_of(post(), BrandMatch{0, ~std::uint64_t{0}}, functions, false).key.functions.size() == 3);
}

TEST_CASE("sentiment counts once, and polarity is rounded to a ten-thousandth") {
    AnalysedItem item = post();
    item.sentiment = Sentiment{SentimentLabel::negative, {0.75F, 0.2F, 0.05F}};
    const Counters sums = contribution_of(item, {}, {}, false).sums;
    CHECK(sums.negative == 1);
    CHECK(sums.neutral + sums.positive == 0);
    CHECK(sums.polarity == -7000);
    item.sentiment = Sentiment{SentimentLabel::positive, {0, 0.33333F, 0.66667F}};
    CHECK(contribution_of(item, {}, {}, false).sums.polarity == 6667);
    item.sentiment.p[2] = std::numeric_limits<float>::quiet_NaN();
    CHECK(contribution_of(item, {}, {}, false).sums.polarity == 0);
    item.sentiment.p[2] = 1e30F;
    CHECK(contribution_of(item, {}, {}, false).sums.polarity == 10000);
}

TEST_CASE("reach is the followers, unknown is none, and nobody has more than ten thousand million") {
    AnalysedItem item = post();
    CHECK(contribution_of(item, {}, {}, false).sums.reach == 0);
    item.item.author.followers = 1200;
    CHECK(contribution_of(item, {}, {}, false).sums.reach == 1200);
    CHECK(contribution_of(item, {}, {}, false).sums.max_reach == 1200);
    item.item.author.followers = std::numeric_limits<std::int64_t>::max();
    CHECK(contribution_of(item, {}, {}, false).sums.reach == max_followers);
}

TEST_CASE("a repost is the kind, or an item that names what it repeats") {
    AnalysedItem item = post();
    CHECK(contribution_of(item, {}, {}, false).sums.reposts == 0);
    item.item.repost_of = "mastodon/0";
    CHECK(contribution_of(item, {}, {}, false).sums.reposts == 1);
    item.item.kind = Kind::repost;
    CHECK(contribution_of(item, {}, {}, false).sums.reposts == 1);
    item.item.repost_of.clear();
    CHECK(contribution_of(item, {}, {}, false).sums.reposts == 1);
}

TEST_CASE("two stars are low, two and a half are not, and no rating is none") {
    AnalysedItem item = post();
    CHECK(contribution_of(item, {}, {}, false).sums.ratings == 0);
    const auto rated = [&](double stars) {
        item.item.rating = stars;
        return contribution_of(item, {}, {}, false).sums;
    };
    CHECK(rated(2).low_ratings == 1);
    CHECK(rated(2).rating_sum == 200);
    CHECK(rated(0).low_ratings == 1);
    CHECK(rated(2.5).low_ratings == 0);
    CHECK(rated(4.56).rating_sum == 456);
    CHECK(rated(9).rating_sum == 500);
    CHECK(rated(std::numeric_limits<double>::quiet_NaN()).ratings == 0);
}

TEST_CASE("an item without a handle has no author, so never a new one") {
    AnalysedItem item = post();
    CHECK(contribution_of(item, {}, {}, true).sums.new_authors == 1);
    CHECK(contribution_of(item, {}, {}, false).sums.new_authors == 0);
    item.item.author.handle = {};
    CHECK(contribution_of(item, {}, {}, true).author == 0);
    CHECK(contribution_of(item, {}, {}, true).sums.new_authors == 0);
}

TEST_CASE("a mention weighs what its author weighs, within bounds; unless told, one") {
    const AnalysedItem item = post();
    CHECK(contribution_of(item, {}, {}, false).sums.weighted == ordinary_weight);
    CHECK(contribution_of(item, {}, {}, false, 20).sums.weighted == 20);
    CHECK(contribution_of(item, {}, {}, false, -1).sums.weighted == 0);
    CHECK(contribution_of(item, {}, {}, false, std::numeric_limits<std::int64_t>::max()).sums.weighted == max_weight);
    CHECK(removal_of(contribution_of(item, {}, {}, false, 20)).sums.weighted == -20);
}

TEST_CASE("a removal undoes a contribution") {
    AnalysedItem item = post();
    item.item.engagement.likes = 12;
    item.item.rating = 1;
    item.item.kind = Kind::repost;
    const Contribution made = contribution_of(item, {}, {}, true, 2345);
    Bucket bucket;
    bucket.add(made);
    bucket.add(removal_of(made));
    REQUIRE(bucket.cells().size() == 1);  // the author stays
    CHECK(bucket.cells().begin()->second.sums == Counters{});
    CHECK(removal_of(made).author == 0);
}

TEST_CASE("engagement seen again adds what it gained, and never takes away") {
    Engagement stored, seen;
    stored.likes = 5;
    stored.replies = 2;
    seen.likes = 8;
    seen.reposts = 1;
    seen.views = 1000;
    const CellKey key = cell_key_of(post(), {}, {});
    const Contribution gain = engagement_correction(key, stored, seen);
    CHECK(gain.sums.engagement == 4);
    CHECK(gain.sums.mentions == 0);
    CHECK(gain.author == 0);
    CHECK(gain.key == key);
    const Engagement merged = merged_engagement(stored, seen);
    CHECK(merged.likes == 8);
    CHECK(merged.replies == 2);
    CHECK(merged.reposts == 1);
    CHECK(merged.views == 1000);
    CHECK_FALSE(merged.shares.has_value());
    CHECK(engagement_correction(key, merged, stored).sums.engagement == 0);
    CHECK(engagement_correction(key, merged, seen).sums.engagement == 0);
    seen.likes = std::numeric_limits<std::int64_t>::max();
    CHECK(engagement_correction(key, stored, seen).sums.engagement == max_engagement - 7);
}
