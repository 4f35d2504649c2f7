#include "vigie/text/analyse.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigie;
using namespace vigie::text;

namespace {

Item item(std::string title, std::string text, std::string language = "") {
    Item i;
    i.id = "x/1";
    i.title = Untrusted(std::move(title));
    i.text = Untrusted(std::move(text));
    i.language = std::move(language);
    return i;
}

Analyser analyser() {
    Brand brand;
    brand.name = "aurora-air";
    brand.query = "\"aurora air\" OR @auroraair";
    brand.functions = {{"hr", "pilot* OR strike"}};
    return Analyser(std::make_shared<const Matcher>(Matcher::build({brand}).value()));
}

}  // namespace

TEST_CASE("what matches is read in full, title included") {
    const Item in = item("Aurora Air est une honte", "Les pilotes en colère, un désastre pour les voyageurs");
    const AnalysedItem out = analyser().analyse(in);
    CHECK(out.item == in);
    CHECK(out.matches == std::vector<BrandMatch>{{0, 1}});
    CHECK(out.language == "fr");
    CHECK(out.sentiment.label == SentimentLabel::negative);
}

TEST_CASE("what does not match is not read, unless that is asked for") {
    const Item in = item("", "I love this wonderful day, thank you all so much");
    const AnalysedItem out = analyser().analyse(in);
    CHECK(out.matches.empty());
    CHECK(out.language == "und");
    CHECK(out.sentiment == Sentiment{});
    const AnalysedItem always = analyser().analyse_always(in);
    CHECK(always.matches.empty());
    CHECK(always.language == "en");
    CHECK(always.sentiment.label == SentimentLabel::positive);
    CHECK(Analyser(nullptr).analyse_always(in).language == "en");
}

TEST_CASE("the source's language stands in where the text leaves it open") {
    CHECK(analyser().analyse_always(item("", "欠航になりました", "ja")).language == "ja");
    CHECK(analyser().analyse_always(item("", "ok", "pt-BR")).language == "pt");
    CHECK(analyser().analyse_always(item("", "Encore un vol annulé, personne ne répond", "en")).language == "fr");
    for (const char* nonsense : {"", "x", "English", "FR", "e1", "-fr", "<b>"})
        CHECK(analyser().analyse_always(item("", "ok", nonsense)).language == "und");
}
