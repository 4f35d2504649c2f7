#include "vigie/text/sentiment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include "text/sentiment_features.hpp"
#include "text/weights.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

Sentiment scored(std::string_view text, std::string_view language = "") {
    return SentimentModel::shipped().score(text, language);
}

}  // namespace

TEST_CASE("plain praise and plain anger are told apart") {
    struct {
        const char* language;
        SentimentLabel label;
        const char* text;
    } cases[] = {
        {"en", SentimentLabel::positive, "I love this airline, the crew was wonderful! 😍"},
        {"en", SentimentLabel::positive, "Great service today, thank you so much :)"},
        {"en", SentimentLabel::negative, "Worst airline ever, terrible service, I hate it"},
        {"en", SentimentLabel::negative, "This is disgusting and a disgrace. Shame on you 😡"},
        {"en", SentimentLabel::neutral, "The company will publish its quarterly results on Tuesday at 9am"},
        {"fr", SentimentLabel::positive, "J'adore, merci pour ce super moment, bravo à toute l'équipe !"},
        {"fr", SentimentLabel::negative, "Quelle honte, c'est nul, un désastre total"},
        {"de", SentimentLabel::positive, "Das war super, vielen Dank, ich liebe es!"},
        {"de", SentimentLabel::negative, "So ein Mist, das ist schlimm und einfach peinlich"},
        {"es", SentimentLabel::positive, "Me encanta, gracias por un día genial, feliz"},
        {"es", SentimentLabel::negative, "Qué asco, odio esto, es una mierda"},
        {"it", SentimentLabel::positive, "Bellissimo, grazie mille, buona fortuna a tutti"},
        {"pt", SentimentLabel::positive, "Adorei, muito lindo, parabéns!"},
        {"pt", SentimentLabel::negative, "Que merda, odeio isso, ridículo"},
    };
    for (const auto& c : cases) {
        const Sentiment s = scored(c.text, c.language);
        CHECK_MESSAGE(s.label == c.label, c.text << " " << s.p[0] << " " << s.p[1] << " " << s.p[2]);
    }
}

TEST_CASE("negation, emoji and emoticons move the polarity the right way") {
    CHECK(scored("this is good").polarity() > scored("this is not good").polarity());
    CHECK(scored("I don't like it").polarity() < scored("I like it").polarity());
    CHECK(scored("see you there :)").polarity() > scored("see you there :(").polarity());
    CHECK(scored("the flight 😍").polarity() > scored("the flight 😡").polarity());
    CHECK(scored("GREAT").polarity() > 0);
    CHECK(scored("soooooo goooood").polarity() > 0);
}

TEST_CASE("the lexicon speaks where it should: in its language, in phrases, round a negation") {
    CHECK(scored("c'est vraiment dégueulasse", "fr").label == SentimentLabel::negative);
    CHECK(scored("un servizio pessimo e vergognoso", "it").label == SentimentLabel::negative);
    CHECK(scored("atendimento péssimo, que decepção", "pt").label == SentimentLabel::negative);
    CHECK(scored("un servicio excelente, muy contento", "es").label == SentimentLabel::positive);
    CHECK(scored("das Gift im Essen", "de").polarity() < scored("the gift in the box", "en").polarity());
    CHECK(scored("c'est nul", "fr").polarity() < scored("c'est pas nul", "fr").polarity());
    CHECK(scored("das ist nicht gut", "de").polarity() < scored("das ist gut", "de").polarity());
    CHECK(scored("non mi piace", "it").polarity() < scored("mi piace", "it").polarity());
    CHECK(scored("não gostei", "pt").polarity() < scored("gostei", "pt").polarity());
    CHECK(scored("no me gusta nada", "es").polarity() < scored("me gusta", "es").polarity());
    for (const char* language : {"de", "en", "es", "fr", "it", "pt"}) {
        CHECK(scored("AX 12 😡🤬", language).label == SentimentLabel::negative);
        CHECK(scored("AX 12 😍🎉", language).label == SentimentLabel::positive);
    }
    CHECK(scored("I &lt;3 it", "en") == scored("I <3 it", "en"));
}

TEST_CASE("a text says the same again and again, whatever was read in between") {
    const Sentiment once = scored("the crew was lovely, the food was not", "en");
    for (const char* between : {"", "\xFF\xFE", "😡", "a long text about nothing much, in the end"}) {
        scored(between, "fr");
        CHECK(scored("the crew was lovely, the food was not", "en") == once);
    }
}

TEST_CASE("a model that keeps its bytes scores as one that borrows them") {
    const auto kept = SentimentModel::keep(std::string(SentimentModel::shipped().bytes()));
    REQUIRE(kept.ok());
    CHECK(kept->score("what a lovely day", "en") == scored("what a lovely day", "en"));
    CHECK(kept->bytes() == SentimentModel::shipped().bytes());
    CHECK(SentimentModel::keep("nonsense").error().code() == Errc::corrupt);
}

TEST_CASE("probabilities are probabilities, and the label is the likeliest") {
    for (const char* text : {"good", "bad", "x", "😡", "\xFF\xFE bad", "http", "no no no no", "!!!! ???? ok"}) {
        const Sentiment s = scored(text);
        float total = 0;
        for (const float p : s.p) {
            CHECK(p >= 0);
            total += p;
        }
        CHECK(std::fabs(total - 1) < 1e-5F);
        CHECK(s.p[static_cast<std::size_t>(s.label)] >= std::max({s.p[0], s.p[1], s.p[2]}));
    }
}

TEST_CASE("a language that was not trained says nothing by itself") {
    CHECK(scored("what a day", "und") == scored("what a day", ""));
    CHECK(scored("what a day", "tr") == scored("what a day", ""));
}

TEST_CASE("nothing said is neutral with certainty") {
    for (const char* text : {"", "   ", "!!!", "https://x.example/awful", "@hate", "...", "\xE2\x80\x8B"})
        CHECK(scored(text) == Sentiment{});
}

TEST_CASE("features do not depend on accents' spelling, and read a bounded part of the text") {
    SentimentFeatures a, b;
    const ValenceTable none;
    const auto same = [](const std::vector<Feature>& x, const std::vector<Feature>& y) {
        return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                          [](const Feature& f, const Feature& g) { return f.bucket == g.bucket && f.value == g.value; });
    };
    CHECK(same(a.read("Été réussi", "fr", 18, none), b.read("E\u0301te\u0301 re\u0301ussi", "fr", 18, none)));
    CHECK(same(a.read("goooood", "", 18, none), b.read("gooooooooood", "", 18, none)));
    for (const char* unit : {"a", "a ", "!", ":)", "😡", "n't ", "\xFF", "@x ", "中", "e\u0301"}) {
        std::string text;
        while (text.size() < (1 << 20)) text += unit;
        CHECK(a.read(text, "en", 18, none).size() <= 8 * sentiment_bytes);
        for (const Feature& f : a.read(text, "en", 18, none))
            if (f.bucket >= 1U << 18 || !std::isfinite(f.value)) FAIL("bad feature");
    }
}

TEST_CASE("a damaged weight file is refused") {
    const std::string good(shipped_sentiment_weights());
    CHECK(SentimentModel::load(good).ok());
    CHECK(good.size() <= 2'000'000);
    CHECK(SentimentModel::load(std::string_view(good).substr(1)).error().code() == Errc::corrupt);
    CHECK(SentimentModel::load(shipped_language_weights()).error().code() == Errc::corrupt);
    for (const std::size_t at : {7U, 8U, 12U, 16U, 23U, 24U, 27U}) {
        std::string bad = good;
        bad[at] = '\x7F';
        CHECK_FALSE(SentimentModel::load(bad).ok());
    }
}

TEST_CASE("held-out posts are scored as well as docs/models.md says") {
    const char* corpora = std::getenv("VIGIE_CORPORA");
    if (corpora == nullptr) {
        MESSAGE("VIGIE_CORPORA is not set: skipped");
        return;
    }
    const auto macro_f1 = [&](const std::string& language) {
        std::array<std::array<double, 3>, 3> table{};
        std::ifstream in(std::string(corpora) + "/sentiment/xlmt_" + language + "_val.tsv");
        for (std::string line; std::getline(in, line);)
            ++table[static_cast<std::size_t>(line[0] - '0')][static_cast<std::size_t>(scored(line.substr(2), language).label)];
        double f1 = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            double both = 0;
            for (std::size_t j = 0; j < 3; ++j) both += table[k][j] + table[j][k];
            f1 += 2 * table[k][k] / both / 3;
        }
        return f1;
    };
    CHECK(macro_f1("en") > 0.68);
    CHECK(macro_f1("fr") > 0.61);
    CHECK(macro_f1("de") > 0.63);
    CHECK(macro_f1("es") > 0.56);
    CHECK(macro_f1("it") > 0.58);
    CHECK(macro_f1("pt") > 0.55);
}
