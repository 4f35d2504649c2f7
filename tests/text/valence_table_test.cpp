#include "text/valence_table.hpp"

#include <doctest/doctest.h>

#include <string>

#include "vigie/core/hash.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

std::uint64_t phrase(std::initializer_list<std::string_view> words) {
    std::uint64_t key = 0;
    for (const std::string_view word : words) key = next_word(key, hash64(word));
    return key;
}

}  // namespace

TEST_CASE("a valence belongs to its language; without one, what the languages agree on counts") {
    const int de = sentiment_language("de"), en = sentiment_language("en"), fr = sentiment_language("fr");
    REQUIRE(de >= 0);
    CHECK(sentiment_language("tr") == -1);
    CHECK(sentiment_language("") == -1);
    const ValenceTable::Entries entries = {{{de, phrase({"gift"})}, -4},
                                           {{en, phrase({"gift"})}, 3},
                                           {{en, phrase({"super"})}, 4},
                                           {{fr, phrase({"super"})}, 6},
                                           {{fr, phrase({"pas", "mal"})}, 2}};
    const std::string slots = ValenceTable::build(entries);
    const ValenceTable table(slots);
    CHECK(table.find(phrase({"gift"}), de) == -4);
    CHECK(table.find(phrase({"gift"}), en) == 3);
    CHECK(table.find(phrase({"gift"}), fr) == 0);
    CHECK(table.find(phrase({"gift"}), -1) == 0);
    CHECK(table.find(phrase({"super"}), -1) == 5);
    CHECK(table.find(phrase({"pas", "mal"}), fr) == 2);
    CHECK(table.find(phrase({"mal", "pas"}), fr) == 0);
    CHECK(table.find(phrase({"mal"}), fr) == 0);
    CHECK(ValenceTable().find(phrase({"gift"}), de) == 0);
}

TEST_CASE("every entry of a large table is found, and hardly anything else") {
    ValenceTable::Entries entries;
    for (int i = 0; i < 20'000; ++i) entries[{i % 6, hash64(std::to_string(i))}] = i % 6 + 1;
    const std::string slots = ValenceTable::build(entries);
    CHECK(slots.size() == 4 * 65536);
    const ValenceTable table(slots);
    int wrong = 0, strangers = 0;
    for (int i = 0; i < 20'000; ++i) {
        wrong += table.find(hash64(std::to_string(i)), i % 6) != i % 6 + 1 ? 1 : 0;
        strangers += table.find(hash64("x" + std::to_string(i)), i % 6) != 0 ? 1 : 0;
    }
    CHECK(wrong <= 1);
    CHECK(strangers <= 1);
}

TEST_CASE("a made-up table that is full ends every search, within the bounds") {
    const std::string full(4 * 1024, '\x7F');
    const int found = ValenceTable(full).find(phrase({"any"}), 0);
    CHECK(found >= -max_valence);
    CHECK(found <= max_valence);
}
