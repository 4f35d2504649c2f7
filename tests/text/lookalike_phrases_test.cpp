#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "vigie/core/untrusted.hpp"
#include "vigie/text/lookalike.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

using Phrase = Announcement::Kind;

std::vector<std::string> handles(std::string_view text) {
    std::vector<std::string> out;
    for (const Announcement& one : announced_handles(text)) out.push_back(one.handle);
    return out;
}

}  // namespace

TEST_CASE("announced addresses in six languages") {
    const struct {
        const char* text;
        Phrase kind;
    } cases[] = {
        {"Our new address is @pilots2, please share", Phrase::new_account},
        {"NEW ACCOUNT: @pilots2", Phrase::new_account},
        {"We have moved to @pilots2!", Phrase::new_account},
        {"@pilots2 is our new account", Phrase::new_account},
        {"They closed us down. Find us at https://x.com/Pilots2?s=20 from today", Phrase::new_account},
        {"Nouveau compte : @pilots2", Phrase::new_account},
        {"Notre nouvelle adresse est désormais @pilots2.", Phrase::new_account},
        {"Retrouvez-nous sur @pilots2", Phrase::new_account},
        {"Unser neuer Account ist @pilots2", Phrase::new_account},
        {"Esta es nuestra nueva cuenta: @pilots2", Phrase::new_account},
        {"Il nostro nuovo account è @pilots2", Phrase::new_account},
        {"Nossa nova conta é @pilots2", Phrase::new_account},
        {"my backup account is @pilots2", Phrase::backup},
        {"Compte de secours @pilots2 au cas où", Phrase::backup},
        {"Ancien compte suspendu, c'est ici maintenant @pilots2", Phrase::old_one_gone},
        {"Our account has been suspended. Follow @pilots2", Phrase::old_one_gone},
        {"Suivez-nous sur @pilots2", Phrase::follow_us},
        {"Follow us on @pilots2", Phrase::follow_us},
    };
    for (const auto& c : cases) {
        const std::vector<Announcement> found = announced_handles(c.text);
        REQUIRE_MESSAGE(found.size() == 1, std::string(c.text));
        CHECK_MESSAGE(found[0].handle == "pilots2", std::string(c.text));
        CHECK_MESSAGE(found[0].kind == c.kind, std::string(c.text));
        CHECK_FALSE(found[0].phrase.empty());
    }
}

TEST_CASE("what does not announce") {
    for (const char* text :
         {"I love @pilots2", "@pilots2 what is your address?", "This is not our new account: @pilots2",
          "Attention, @pilots2 n'est pas notre nouveau compte", "Beware: @pilots2 claims to be our new account",
          "Nouveau compte frauduleux, un faux: @pilots2", "write to new account team at help@pilots2.example",
          "Our old account @pilots2 was suspended", "A new account of the war was published. It is long. I sent it to @pilots2",
          "new account", "follow us", "@", "@@@@", ""})
        CHECK_MESSAGE(announced_handles(text).empty(), std::string(text));
}

TEST_CASE("the handle that went is not the one announced") {
    CHECK(handles("Our account @pilots was suspended, new account @pilots2") == std::vector<std::string>{"pilots2"});
    CHECK(handles("Compte @pilots suspendu ! Suivez-nous sur @pilots2") == std::vector<std::string>{"pilots2"});
}

TEST_CASE("handles with servers and hosts; each once, with its strongest phrase") {
    CHECK(handles("We moved to @Pilots@Mas.To.") == std::vector<std::string>{"pilots@mas.to"});
    CHECK(handles("find us on https://bsky.app/profile/pilots.example.") == std::vector<std::string>{"pilots.example"});
    const std::vector<Announcement> one = announced_handles("Follow us on @p2! Our new account is @p2.");
    REQUIRE(one.size() == 1);
    CHECK(one[0].kind == Phrase::new_account);
    CHECK(one[0].phrase == "new account");
    CHECK(handles("new account @p1. Backup account: @p2") == std::vector<std::string>{"p1", "p2"});
}

TEST_CASE("hostile texts announce little and end soon") {
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "new account @p" + std::to_string(i) + " ";
    CHECK(announced_handles(many).size() == 16);
    std::string words;
    for (int i = 0; i < 12000; ++i) words += "new ";
    CHECK(announced_handles(words + "@p").empty());
    for (const std::string& text : {std::string("new account @\xFF\xFE\xC0"), std::string("new account @") + std::string(70000, 'a'),
                                    std::string(64 * 1024, '@'), std::string("new\u200B account @p\u200B2")}) {
        for (const Announcement& one : announced_handles(text)) {
            CHECK(is_utf8(one.handle));
            CHECK(one.handle.size() <= 256);
            CHECK(is_utf8(one.phrase));
        }
    }
}
