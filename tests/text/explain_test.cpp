#include "vigie/text/explain.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigie;
using namespace vigie::text;

namespace {

using Part = ExplainedPart;

Item item(std::string title, std::string text) {
    Item i;
    i.title = Untrusted(std::move(title));
    i.text = Untrusted(std::move(text));
    return i;
}

Part explained(const std::string& query, const Item& of, const LanguageOf& language = {}) {
    Result<Explainer> explainer = Explainer::make(query, QueryUse::function);
    REQUIRE_MESSAGE(explainer.ok(), query);
    return explainer->explain(of, language);
}

std::string piece(const Place& place, const Item& of) {
    return std::string((place.in_title ? of.title.bytes() : of.text.bytes()).substr(place.begin, place.end - place.begin));
}

}  // namespace

TEST_CASE("a term is told with the pieces of text that it found, as they are written") {
    const Item of = item("L’Oréal on strike", "#LoréalStrike: Été à l'Oréal; LOREAL");
    const Part part = explained("l'oreal", of);
    CHECK(part.kind == Part::Kind::term);
    CHECK(part.query == "l'oreal");
    CHECK(part.holds);
    CHECK(part.found == 4);
    REQUIRE(part.places.size() == 4);
    CHECK(part.places[0].in_title);
    CHECK(part.places[0].from == 1);
    CHECK(part.places[0].to == 7);
    CHECK(part.places[2].from == 22);
    CHECK(part.places[2].to == 28);
    CHECK(part.places[2].text == Untrusted("l'Oréal"));
    CHECK(piece(part.places[0], of) == "L’Oréal");
    CHECK(piece(part.places[1], of) == "Loréal");
    CHECK(piece(part.places[2], of) == "l'Oréal");
    CHECK(piece(part.places[3], of) == "LOREAL");
    CHECK(piece(explained("\"oreal on strike\"", of).places.at(0), of) == "Oréal on strike");
    CHECK(piece(explained("\"strike oreal\"~2", item("", "an Oréal big strike")).places.at(0), item("", "an Oréal big strike")) ==
          "Oréal big strike");
    const Part missing = explained("airport", of);
    CHECK_FALSE(missing.holds);
    CHECK(missing.places.empty());
    CHECK(missing.found == 0);
    std::string often;
    for (int i = 0; i < 50; ++i) often += "aurora ";
    const Part many = explained("aurora", item("", often));
    CHECK(many.found == 50);
    CHECK(many.places.size() == max_places);
}

TEST_CASE("each part of a query tells how it went") {
    const Item of = item("Strike at Aurora", "pilots of Aurora Air say no");
    const Part part = explained("(\"aurora air\" OR @auroraair) AND NOT (airport OR game*) AND in:title (strike AND pilot*)", of);
    CHECK_FALSE(part.holds);
    REQUIRE(part.parts.size() == 3);
    CHECK(part.kind == Part::Kind::all);
    CHECK(part.parts[0].kind == Part::Kind::any);
    CHECK(part.parts[0].holds);
    CHECK(part.parts[0].parts.at(0).holds);
    CHECK_FALSE(part.parts[0].parts.at(1).holds);
    CHECK(part.parts[1].kind == Part::Kind::none);
    CHECK(part.parts[1].holds);
    CHECK_FALSE(part.parts[1].parts.at(0).holds);
    const Part& title = part.parts[2];
    CHECK(title.kind == Part::Kind::in_title);
    CHECK_FALSE(title.holds);
    CHECK(title.parts.at(0).parts.at(0).holds);
    CHECK_FALSE(title.parts.at(0).parts.at(1).holds);  // pilots stand in the text only
    CHECK(title.parts.at(0).parts.at(1).found == 0);
}

TEST_CASE("a NEAR tells how many words lie between") {
    CHECK(explained("aurora NEAR/2 strike", item("", "strike, says Aurora")).gap == 1);
    const Part wide = explained("aurora NEAR/2 strike", item("", "strike a b c d e aurora f g h strike"));
    CHECK_FALSE(wide.holds);
    CHECK(wide.gap == 3);
    CHECK(wide.parts.at(0).found == 1);
    CHECK(wide.parts.at(1).found == 2);
    CHECK(explained("aurora ONEAR/2 strike", item("", "strike aurora")).gap == std::nullopt);
    CHECK(explained("aurora NEAR/2 strike", item("strike", "aurora")).gap == std::nullopt);
    CHECK(explained("aurora NEAR/2 strike", item("", "aurora")).gap == std::nullopt);
}

TEST_CASE("a field tells what the item has there") {
    Item of = item("", "aurora");
    of.platform = "x";
    of.kind = Kind::review;
    of.url = Untrusted("https://www.sport.lemonde.fr/a");
    of.author.handle = Untrusted("@ana");
    const Part part =
        explained("from:@bob AND site:lemonde.fr AND lang:de AND platform:x AND kind:post", of, [] { return std::string("fr"); });
    REQUIRE(part.parts.size() == 5);
    CHECK(part.parts[0].actual.bytes() == "@ana");
    CHECK_FALSE(part.parts[0].holds);
    CHECK(part.parts[1].actual.bytes() == "sport.lemonde.fr");
    CHECK(part.parts[1].holds);
    CHECK(part.parts[2].actual.bytes() == "fr");
    CHECK(part.parts[3].actual.bytes() == "x");
    CHECK(part.parts[3].holds);
    CHECK(part.parts[4].actual.bytes() == "review");
    CHECK(part.parts[4].kind == Part::Kind::field);
}

TEST_CASE("a wrong query is no explainer") {
    const Result<Explainer> explainer = Explainer::make("a b");
    REQUIRE(!explainer.ok());
    CHECK(explainer.error().where() == "column 3");
    CHECK_FALSE(Explainer::make("kind:post").ok());
    CHECK(Explainer::make("kind:post", QueryUse::function).ok());
}
