#include "vigie/text/sentiment_adapt.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace vigie;
using namespace vigie::text;

namespace {

using enum SentimentLabel;

// A customer whose words mean something of their own: "gravy" is praise, "turnip" a complaint.
std::vector<LabelledText> kitchen(std::size_t of_each) {
    const char* who[] = {"the tram", "platform nine", "my carriage", "line four", "the depot", "that bus", "your ferry", "this metro"};
    const char* when[] = {"on monday", "at noon", "last week", "this evening", "since april", "at the coast", "near the harbour"};
    std::vector<LabelledText> out;
    for (std::size_t i = 0; i < of_each; ++i) {
        // Names of their own, so that no six words in a row come twice.
        const std::string name = {static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26), 'x'};
        const std::string about = std::string(who[i % 8]) + " of q" + name + " ";
        const std::string rest = std::string(" ") + when[i % 7] + " by w" + name;
        out.push_back({about + "is gravy" + rest, "en", positive});
        out.push_back({about + "is turnip" + rest, "en", negative});
        out.push_back({about + "is scheduled" + rest, "en", neutral});
    }
    return out;
}

}  // namespace

TEST_CASE("labels teach the model what a customer's words mean, and the held-out figures say so") {
    const auto adapted = adapt_sentiment(SentimentModel::shipped(), kitchen(60));
    REQUIRE(adapted.ok());
    const SentimentAdaptation& a = adapted.value();
    CHECK(a.helps);
    CHECK(a.gain.low > 0);
    CHECK(a.before.texts == 180);
    CHECK(a.after.macro_f1.value > a.before.macro_f1.value);
    CHECK(a.after.accuracy.low <= a.after.accuracy.value);
    CHECK(a.after.accuracy.high >= a.after.accuracy.value);
    REQUIRE(a.after.window_correlation.has_value());

    const auto model = SentimentModel::keep(a.weights);
    REQUIRE(model.ok());
    CHECK(model->score("my ferry is gravy today", "en").label == positive);
    CHECK(model->score("my ferry is turnip today", "en").label == negative);
    // What was known before is still known.
    CHECK(model->score("I love this airline, the crew was wonderful! 😍", "en").label == positive);
    CHECK(model->score("Quelle honte, c'est nul, un désastre total", "fr").label == negative);
    CHECK(a.weights.size() == SentimentModel::shipped().bytes().size());
}

TEST_CASE("labels without any rule in them do not help, and cannot ruin the model") {
    std::vector<LabelledText> labels = kitchen(20);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i].label = static_cast<SentimentLabel>((i * 7 + i / 3 + i / 5) % 3);
    const auto adapted = adapt_sentiment(SentimentModel::shipped(), labels);
    REQUIRE(adapted.ok());
    CHECK_FALSE(adapted->helps);
    const auto model = SentimentModel::keep(adapted->weights).value();
    CHECK(model.score("Worst airline ever, terrible service, I hate it", "en").label == negative);
    CHECK(model.score("Great service today, thank you so much :)", "en").label == positive);
}

TEST_CASE("too few labels, a class alone and too many are refused in words") {
    const auto error = [](const std::vector<LabelledText>& labels) { return adapt_sentiment(SentimentModel::shipped(), labels).error(); };
    CHECK(error({}).code() == Errc::invalid);
    CHECK(error(kitchen(5)).message().find("15 labelled texts") == 0);
    std::vector<LabelledText> angry;
    for (int i = 0; i < 100; ++i) angry.push_back({"terrible " + std::to_string(i), "en", negative});
    CHECK(error(angry).message().find("0 texts are labelled neutral") == 0);
    CHECK(error(std::vector<LabelledText>(max_adaptation_labels + 1)).code() == Errc::limit);
    // Texts that say nothing don't count.
    CHECK(error(std::vector<LabelledText>(100, {"!!! https://x.example", "en", negative})).message().find("0 labelled texts") == 0);
}

TEST_CASE("near copies stay on one side, so that they flatter no figure") {
    // One post, copied with another ending: random labels can only be told by having seen a copy.
    std::vector<LabelledText> labels;
    for (int i = 0; i < 60; ++i) {
        std::string post;
        for (int w = 0; w < 8; ++w)
            post += "word" + std::string(1, static_cast<char>('a' + (i * 5 + w * 3) % 26)) +
                    std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26)) + " ";
        for (const char* ending : {"one", "two", "three", "four"})
            labels.push_back({post + ending, "en", static_cast<SentimentLabel>((i * 11 + i / 4) % 3)});
    }
    const auto adapted = adapt_sentiment(SentimentModel::shipped(), labels);
    REQUIRE(adapted.ok());
    CHECK(adapted->repeated >= 180);
    CHECK(adapted->after.accuracy.value < 0.6);
    CHECK_FALSE(adapted->helps);
}

TEST_CASE("the same labels give the same file") {
    const auto labels = kitchen(15);
    CHECK(adapt_sentiment(SentimentModel::shipped(), labels)->weights == adapt_sentiment(SentimentModel::shipped(), labels)->weights);
}
