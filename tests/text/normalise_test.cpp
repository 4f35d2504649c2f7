#include "vigie/text/normalise.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

// "first-last kind:folded ..." in the order of emission; w word, @ handle, # tag, e emoji.
std::string shown(std::string_view text, TokenStream::Elision elision = TokenStream::Elision::apart) {
    TokenStream stream;
    stream.add(text, elision);
    std::string out;
    for (const Token& token : stream.tokens()) {
        if (!out.empty()) out += ' ';
        out += std::to_string(token.first);
        if (token.last != token.first) out += "-" + std::to_string(token.last);
        constexpr char marks[] = {'w', '@', '#', 'e'};
        out += marks[static_cast<std::size_t>(token.kind)];
        out += ':';
        out += stream.folded(token);
    }
    return out;
}

}  // namespace

TEST_CASE("accents, case, ligatures, widths and fancy letters fold away") {
    struct {
        const char* text;
        const char* folded;
    } cases[] = {
        {"Aurora Air", "aurora air"},
        {"  Société   Générale! ", "societe generale"},
        {"ŒUVRE straße Łódź", "oeuvre strasse lodz"},
        {"e\xCC\x81te\xCC\x81", "ete"},  // NFD
        {"ﬁnance ofﬁce", "finance office"},
        {"Ａｕｒｏｒａ", "aurora"},
        {"𝐀𝐮𝐫𝐨𝐫𝐚 𝓐𝓲𝓻", "aurora air"},
        {"Au\u00ADro\u200Bra\u202E \u2066Air\u2069", "aurora air"},
        {"İstanbul IŞIK ışık", "istanbul isik isik"},
        {"Ελλάς ΕΛΛΑΣ", "ελλασ ελλασ"},
        {"МОСКВА Ёлка", "москва елка"},
        {"٣ مُحَمَّد", "٣ محمد"},
        {"कुत्ता", "कुत्ता"},
        {"Aurora™ Air®", "aurora air"},
        {"日本語", "日本語"},
        {"½ ⑳", "12 20"},
        {"", ""},
        {"\xFF\xFE \xC0\xAF ok \xED\xA0\x80 \xE2\x82", "ok"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        CHECK(fold(c.text) == c.folded);
    }
}

TEST_CASE("words stand at positions; punctuation leaves no gap") {
    CHECK(shown("Aurora-Air: late, again.") == "0w:aurora 1w:air 2w:late 3w:again");
    CHECK(shown("see https://aurora.example/air?x=1 now") == "0w:see 2w:now");
    CHECK(shown("WWW.aurora.example") == "");
    CHECK(shown("a\0b") == "0w:a");
    CHECK(shown(std::string_view("a\0b", 3)) == "0w:a 1w:b");
}

TEST_CASE("apostrophes cut and join, but not where the join would be another word") {
    CHECK(shown("L'Oréal") == "0w:l 1w:oreal 0-1w:loreal");
    CHECK(shown("L’Oréal") == "0w:l 1w:oreal 0-1w:loreal");
    CHECK(shown("l'air d’Aurora") == "0w:l 1w:air 2w:d 3w:aurora 2-3w:daurora");
    CHECK(shown("qu'orange") == "0w:qu 1w:orange");
    CHECK(shown("l'oreal", TokenStream::Elision::joined) == "0w:l 1w:oreal 0-1w:loreal");
    CHECK(shown("McDonald's") == "0w:mcdonald 1w:s 0-1w:mcdonalds");
    CHECK(shown("she'll I'd we're") == "0w:she 1w:ll 2w:i 3w:d 4w:we 5w:re");
    CHECK(shown("rock'n'roll'") == "0w:rock 1w:n 2w:roll 0-2w:rocknroll");
    CHECK(shown("'quoted' ''") == "0w:quoted");
}

TEST_CASE("elided words of French and Italian stay apart, whatever the apostrophe") {
    for (const char* text : {"dell'aurora", "dell’aurora", "dell`aurora", "dell´aurora", "dell′aurora", "dell＇aurora", "dellʼaurora"}) {
        CAPTURE(text);
        CHECK(shown(text) == "0w:dell 1w:aurora");
    }
    CHECK(shown("quell'aurora un'aurora sull'aurora") == "0w:quell 1w:aurora 2w:un 3w:aurora 4w:sull 5w:aurora");
    CHECK(shown("quelqu’un") == "0w:quelqu 1w:un");
    CHECK(shown("`code` 5´ '") == "0w:code 1w:5");
}

TEST_CASE("a word of mixed scripts is also read in the one that it looks like") {
    CHECK(shown("Аurоra") == "0w:аurоra 0w:aurora");             // Cyrillic А and о
    CHECK(shown("Αurοra air") == "0w:αurοra 0w:aurora 1w:air");  // Greek Α and ο
    CHECK(shown("Cбербанк") == "0w:cбербанк 0w:сбербанк");       // Latin C
    CHECK(shown("#АirFrаnce") == "0w:аir 0w:air 1w:frаnce 1w:france 0-1w:аirfrаnce 0-1w:airfrance 0-1#:аirfrаnce 0-1#:airfrance");
    CHECK(shown("@аurora_Air") == "0w:аurora 0w:aurora 1w:air 0-1w:аuroraair 0-1w:auroraair 0-1@:аurora_air 0-1@:aurora_air");
    CHECK(shown("L’Оréal") == "0w:l 1w:оreal 1w:oreal 0-1w:lоreal 0-1w:loreal");
    CHECK(shown("Москва Αθήνα") == "0w:москва 1w:αθηνα");
    CHECK(shown("Жlorda") == "0w:жlorda");
    CHECK(shown("β2 2а") == "0w:β2 1w:2а");
    CHECK(shown("Аurora", TokenStream::Elision::joined) == "0w:аurora");
}

TEST_CASE("tags are whole, cut by capitals, digits and underscores, and a kind of their own") {
    CHECK(shown("#AirFranceGreve") == "0w:air 1w:france 2w:greve 0-2w:airfrancegreve 0-2#:airfrancegreve");
    CHECK(shown("#AFStrike2026") == "0w:af 1w:strike 2w:2026 0-2w:afstrike2026 0-2#:afstrike2026");
    CHECK(shown("#aurora_AirNow") == "0w:aurora 1w:air 2w:now 1-2w:airnow 0-2w:auroraairnow 0-2#:aurora_airnow");
    CHECK(shown("#grève") == "0w:greve 0#:greve");
    CHECK(shown("#ÉtéAÀvelo") == "0w:ete 1w:a 2w:avelo 0-2w:eteaavelo 0-2#:eteaavelo");
    CHECK(shown("C# # x") == "0w:c 1w:x");
    CHECK(shown("#ソニー") == "0w:ソ 1w:ニ 2w:ー 0-2w:ソニー 0-2#:ソニー");
}

TEST_CASE("handles are given short and in full; an address is not a handle") {
    CHECK(shown("@AirFrance_FR hi") == "0w:air 1w:france 0-1w:airfrance 2w:fr 0-2w:airfrancefr 0-2@:airfrance_fr 3w:hi");
    CHECK(shown("@ana@mas.to!") == "0w:ana 0@:ana 0@:ana@mas.to 1w:mas 2w:to");
    CHECK(shown("@ana.bsky.social") == "0w:ana 0@:ana 0@:ana.bsky.social 1w:bsky 2w:social");
    CHECK(shown("@ryanair.") == "0w:ryanair 0@:ryanair");
    CHECK(shown("press@aurora.example") == "0w:press 1w:aurora 2w:example");
    CHECK(shown("@___ @ @@x") == "0@:___ 1w:x 1@:x");
    CHECK(shown("＠aurora ＃air") == "0w:aurora 0@:aurora 1w:air 1#:air");
}

TEST_CASE("emoji are tokens, without skin and presentation") {
    CHECK(shown("bad 😡 day") == "0w:bad 1e:😡 2w:day");
    CHECK(shown("👍🏽❤️") == "0e:👍 1e:❤");
    CHECK(shown("👩🏽‍✈️ 👨‍👩‍👧") == "0e:👩‍✈ 1e:👨‍👩‍👧");
    CHECK(shown("🇫🇷🇩🇪") == "0e:🇫🇷 1e:🇩🇪");
    CHECK(shown("Aurora™ ©") == "0w:aurora");
}

TEST_CASE("scripts without blanks are one token a character, joined marks or not") {
    CHECK(shown("東京ガス") == "0w:東 1w:京 2w:ガ 3w:ス");
    CHECK(shown("ｶﾞｽ") == "0w:ガ 1w:ス");                                   // half width
    CHECK(shown("\u30AB\u3099\u30B9") == "0w:ガ 1w:ス");                    // NFD
    CHECK(shown("\u1112\u1161\u11AB\u1100\u116E\u11A8") == shown("한국"));  // conjoining jamo
    CHECK(shown("Aurora航空") == "0w:aurora 1w:航 2w:空");
}

TEST_CASE("tokens know where they came from") {
    TokenStream stream;
    stream.add("Été");
    stream.add("à l'Été");
    const std::vector<Token>& tokens = stream.tokens();
    REQUIRE(tokens.size() == 5);
    CHECK(tokens[0].source_begin == 0);
    CHECK(tokens[0].source_end == 5);
    CHECK(tokens[0].text == 0);
    CHECK(tokens[3].text == 1);
    CHECK(tokens[3].source_begin == 5);
    CHECK(tokens[3].source_end == 10);
    CHECK(tokens[1].first > tokens[0].last + 1);
    CHECK(tokens[0].hash == tokens[3].hash);
    CHECK(token_hash(TokenKind::word, "ete") != token_hash(TokenKind::tag, "ete"));
    stream.clear();
    CHECK(stream.tokens().empty());
}

TEST_CASE("hostile texts cost linear time and memory, and give valid UTF-8") {
    std::vector<std::string> texts;
    const auto repeat = [](std::string_view unit, std::size_t bytes) {
        std::string s;
        while (s.size() < bytes) s += unit;
        return s;
    };
    constexpr std::size_t megabyte = 1 << 20;
    for (const char* unit :
         {"a", "aB",        "#a",       "@a",     "@a.",     "@a-@b", "a'",  "d'",     "_a",   "#aB_",         "👩‍",
          "🇫", "e\xCC\x81", "\xCC\x81", "\u200B", "http://", "www.",  "ガ",  "\u3099", "\xFF", "\xED\xA0\x80", "\xF0\x9F",
          "ﷺ", "#",         "\u202E",   "ﬃ",      " ",       "aА",    "#aА", "@aА",    "aА'",  "l'l'",         "`"})
        texts.push_back(repeat(unit, megabyte));
    texts.push_back("#" + repeat("aB", megabyte));
    texts.push_back("@" + repeat("a_", megabyte));
    texts.push_back("@" + repeat("a.", megabyte));
    for (const std::string& text : texts) {
        CAPTURE(text.substr(0, 8));
        TokenStream stream;
        stream.add(text);
        CHECK(stream.tokens().size() <= 3 * max_text_bytes);
        for (const Token& token : stream.tokens()) {
            if (!is_utf8(stream.folded(token))) FAIL("not UTF-8");
            if (token.source_end > max_text_bytes || token.source_begin > token.source_end || token.first > token.last) FAIL("bad place");
        }
        CHECK(is_utf8(fold(text)));
    }
}

TEST_CASE("any bytes give valid tokens") {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (int i = 0; i < 200; ++i) text.push_back(static_cast<char>(random()));
        TokenStream stream;
        stream.add(text);
        for (const Token& token : stream.tokens())
            if (!is_utf8(stream.folded(token)) || token.source_end > text.size()) FAIL("bad token");
        CHECK(is_utf8(fold(text)));
        CHECK(fold(fold(text)) == fold(text));
    }
}
