// RecordReader and to_json: what is read, what is refused and how, and that both agree.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "vigie/core/record_json.hpp"

using namespace vigie;

namespace {

const std::string item_start = R"({"type":"item","id":"m/1","platform":"mastodon","published":"2026-03-01T09:30:00Z","text":"hello")";

std::string item_with(const std::string& more) {
    return item_start + (more.empty() ? "" : ",") + more + "}";
}

Record accept(std::string_view json) {
    RecordReader reader;
    auto result = reader.parse(json, 7);
    const auto* rejection = std::get_if<Rejection>(&result);
    REQUIRE_MESSAGE(rejection == nullptr, (rejection ? rejection->field + ": " + rejection->found + " / " + rejection->expected : ""));
    return std::get<Record>(std::move(result));
}

Rejection refuse(std::string_view json) {
    RecordReader reader;
    auto result = reader.parse(json, 7);
    REQUIRE_MESSAGE(std::holds_alternative<Rejection>(result), std::string(json.substr(0, 200)));
    auto rejection = std::get<Rejection>(std::move(result));
    CHECK(rejection.line == 7);
    CHECK(rejection.found.size() <= 60);
    CHECK(is_utf8(rejection.found));
    CHECK(rejection.found.find('\n') == std::string::npos);
    CHECK_FALSE(rejection.found.empty());
    CHECK_FALSE(rejection.expected.empty());
    return rejection;
}

Item accept_item(const std::string& more) {
    return std::get<Item>(accept(item_with(more)));
}

Time at(const char* text) {
    return *parse_time(text);
}

struct Seen {
    std::vector<std::int64_t> records;
    std::vector<Rejection> rejections;
};

Seen read_lines(std::string_view body) {
    Seen seen;
    RecordReader reader;
    reader.parse_lines(
        body, [&](Record&&, std::int64_t line) { seen.records.push_back(line); },
        [&](Rejection&& rejection) { seen.rejections.push_back(std::move(rejection)); });
    return seen;
}

Seen read_array(std::string_view body) {
    Seen seen;
    RecordReader reader;
    reader.parse_array(
        body, [&](Record&&, std::int64_t line) { seen.records.push_back(line); },
        [&](Rejection&& rejection) { seen.rejections.push_back(std::move(rejection)); });
    return seen;
}

using Lines = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("the contract's item is read whole") {
    const auto item = std::get<Item>(accept(
        R"({"type":"item","id":"mastodon/110","platform":"mastodon","kind":"reply","url":"https://mas.to/110",)"
        R"("published":"2026-03-01T09:30:00Z",)"
        R"("observed":"2026-03-01T09:31:10Z","title":"T","text":"smoke","language":"fr",)"
        R"("author":{"handle":"@ana@mas.to","name":"Ana","followers":1200,"created":"2024-01-01T00:00:00Z","verified":false},)"
        R"("engagement":{"likes":3,"reposts":1,"replies":0,"shares":0,"views":0},"rating":4.5,)"
        R"("parent":"mastodon/1","repost_of":"mastodon/2","links":["https://a.example","https://b.example"],"source":"mas-search"})"));
    CHECK(item.id == "mastodon/110");
    CHECK(item.platform == "mastodon");
    CHECK(item.kind == Kind::reply);
    CHECK(item.url.bytes() == "https://mas.to/110");
    CHECK(item.published == at("2026-03-01T09:30:00Z"));
    CHECK(item.observed == at("2026-03-01T09:31:10Z"));
    CHECK(item.title.bytes() == "T");
    CHECK(item.text.bytes() == "smoke");
    CHECK(item.language == "fr");
    CHECK(item.author.handle.bytes() == "@ana@mas.to");
    CHECK(item.author.name.bytes() == "Ana");
    CHECK(item.author.followers == 1200);
    CHECK(item.author.created == at("2024-01-01T00:00:00Z"));
    CHECK(item.author.verified == false);
    CHECK(item.engagement.likes == 3);
    CHECK(item.engagement.views == 0);
    CHECK(item.rating == 4.5);
    CHECK(item.parent == "mastodon/1");
    CHECK(item.repost_of == "mastodon/2");
    REQUIRE(item.links.size() == 2);
    CHECK(item.links[1].bytes() == "https://b.example");
    CHECK(item.source == "mas-search");
}

TEST_CASE("what is absent or null stays absent") {
    const auto bare = accept_item("");
    CHECK(bare.kind == Kind::post);
    CHECK_FALSE(bare.observed);
    CHECK_FALSE(bare.rating);
    CHECK_FALSE(bare.author.followers);
    CHECK_FALSE(bare.engagement.likes);
    CHECK(bare.links.empty());
    CHECK(accept_item(R"("rating":null,"parent":null,"repost_of":null,"observed":null,"author":null,"links":null,"kind":null)") == bare);
    CHECK(accept_item(R"("author":{"followers":null},"engagement":{"likes":null})") == bare);
    CHECK(accept_item(R"("title":"","author":{},"engagement":{},"links":[])") == bare);
}

TEST_CASE("the other records") {
    const auto count =
        std::get<Count>(accept(R"({"type":"count","series":"pageviews","brand":"aurora-air","start":"2026-03-01T09:00:00Z","span":"1h",)"
                               R"("value":512,"source":"wikipedia"})"));
    CHECK(count == Count{"pageviews", "aurora-air", at("2026-03-01T09:00:00Z"), std::chrono::hours(1), 512, "wikipedia"});
    const auto takedown = std::get<Takedown>(
        accept(R"({"type":"takedown","brand":"aurora-air","at":"2026-03-01T08:00:00Z","platform":"x","target":"@AuroraPilots",)"
               R"("url":"https://x","reason":"trademark","by":"legal"})"));
    CHECK(takedown.target.bytes() == "@AuroraPilots");
    CHECK(takedown.reason == "trademark");
    const auto account = std::get<AccountSeen>(
        accept(R"({"type":"account","platform":"x","handle":"@AuroraPilots2","name":"Aurora Pilots","followers":12})"));
    CHECK(account.followers == 12);
    CHECK_FALSE(account.created);
    const auto deletion = std::get<Delete>(accept(R"({"type":"delete","id":"mastodon/110","at":"2026-03-02T00:00:00Z"})"));
    CHECK(deletion.id == "mastodon/110");
}

TEST_CASE("a refusal names the field, what was found and what was expected") {
    struct Case {
        std::string json, field, found, expected;
    };
    const std::string number = "a whole number, 0 or more";
    const std::string kinds = "one of post, repost, reply, quote, article, comment, review, video";
    const std::vector<Case> cases{
        {R"({"id":"a"})", "type", "nothing", "one of item, count, takedown, account, delete"},
        {R"({"type":"mention"})", "type", "\"mention\"", "one of item, count, takedown, account, delete"},
        {R"({"type":7})", "type", "7", "one of item, count, takedown, account, delete"},
        {R"({"type":"item","platform":"x","published":"2026-03-01T09:30:00Z","text":""})", "id", "nothing", "a string (required)"},
        {R"({"type":"item","id":null})", "id", "null", "a string (required)"},
        {R"({"type":"item","id":110})", "id", "110", "a string"},
        {R"({"type":"item","id":18446744073709551615})", "id", "18446744073709551615", "a string"},
        {R"({"type":"item","id":""})", "id", "\"\"", "a string that is not empty"},
        {item_with(R"("kind":"Post")"), "kind", "\"Post\"", kinds},
        {item_with(R"("kind":3)"), "kind", "3", kinds},
        {item_with(R"("title":["a"])"), "title", "a list", "a string"},
        {item_with(R"("author":"Ana")"), "author", "\"Ana\"", "an object"},
        {item_with(R"("author":{"followers":"many"})"), "author.followers", "\"many\"", number},
        {item_with(R"("author":{"followers":-1})"), "author.followers", "-1", number},
        {item_with(R"("author":{"followers":1.5})"), "author.followers", "1.5", number},
        {item_with(R"("author":{"followers":1e300})"), "author.followers", "1e+300", number},
        {item_with(R"("author":{"verified":"yes"})"), "author.verified", "\"yes\"", "true or false"},
        {item_with(R"("author":{"verified":1})"), "author.verified", "1", "true or false"},
        {item_with(R"("engagement":[])"), "engagement", "a list", "an object"},
        {item_with(R"("engagement":{"likes":{}})"), "engagement.likes", "an object", number},
        {item_with(R"("engagement":{"views":9223372036854775808})"), "engagement.views", "9223372036854775808", number},
        {item_with(R"("rating":"5")"), "rating", "\"5\"", "a number"},
        {item_with(R"("rating":5.01)"), "rating", "5.01", "a number from 0 to 5"},
        {item_with(R"("rating":-1)"), "rating", "-1", "a number from 0 to 5"},
        {item_with(R"("links":"https://a")"), "links", "\"https://a\"", "a list"},
        {item_with(R"("links":["https://a",null])"), "links[1]", "null", "a string"},
        {item_with(R"("parent":12)"), "parent", "12", "a string"},
        {item_with(R"("title":"a","title":"b")"), "title", "the field twice", "each field once"},
        {R"({"type":"count","series":"p","brand":"b","start":"2026-03-01T09:00:00Z","span":"1h","value":"512"})", "value", "\"512\"",
         "a number"},
        {R"({"type":"count","series":"p","brand":"b","start":"2026-03-01T09:00:00Z","span":"0s","value":1})", "span", "\"0s\"",
         "a duration above zero, such as 1h or 5m"},
        {R"({"type":"count","series":"p","brand":"b","start":"2026-03-01T09:00:00Z","span":3600,"value":1})", "span", "3600",
         "a duration above zero, such as 1h or 5m"},
        {R"({"type":"takedown","brand":"b","at":"2026-03-01T09:00:00Z"})", "target", "nothing", "a string (required)"},
        {R"({"type":"account","platform":"x"})", "handle", "nothing", "a string (required)"},
        {R"({"type":"delete","id":"a"})", "at", "nothing", "a time such as 2026-03-01T09:30:00Z (required)"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.json);
        const auto rejection = refuse(c.json);
        CHECK(rejection.field == c.field);
        CHECK(rejection.found == c.found);
        CHECK(rejection.expected == c.expected);
    }
}

TEST_CASE("times that cannot be") {
    for (const char* time :
         {"\"hier\"", "\"0000-01-01T00:00:00Z\"", "\"1969-12-31T23:59:59.999Z\"", "\"2026-03-01T25:61:00Z\"", "0", "1772357400",
          "\"-001-01-01T00:00:00Z\"", "\"1970-01-01T00:00:00+00:01\"", "\"9999-12-31T23:59:59-01:00\"", "true", "\"\""}) {
        CAPTURE(time);
        const auto rejection = refuse(std::string(R"({"type":"item","id":"a","platform":"x","text":"","published":)") + time + "}");
        CHECK(rejection.field == "published");
    }
    CHECK(refuse(item_with(R"("author":{"created":"1000-01-01T00:00:00Z"})")).field == "author.created");
    accept(R"({"type":"item","id":"a","platform":"x","text":"","published":"1970-01-01T00:00:00Z"})");
    accept(R"({"type":"item","id":"a","platform":"x","text":"","published":"9999-12-31T23:59:59.999Z"})");
}

TEST_CASE("platforms have a syntax") {
    for (const char* platform : {"", "Mastodon", "a b", "é", "a/b", "a\\u0000b"}) {
        CAPTURE(platform);
        const auto json = std::string(R"({"type":"account","handle":"h","platform":")") + platform + "\"}";
        if (std::string_view(platform) == "a\\u0000b") {
            CHECK(std::get<AccountSeen>(accept(json)).platform == "ab");
        } else {
            CHECK(refuse(json).field == "platform");
        }
    }
    const auto named = [](std::size_t length) {
        return R"({"type":"account","handle":"h","platform":")" + std::string(length, 'a') + "\"}";
    };
    CHECK(std::get<AccountSeen>(accept(named(64))).platform.size() == 64);
    CHECK(refuse(named(65)).field == "platform");
    CHECK(refuse(named(500)).field == "platform");
}

TEST_CASE("ids and names are bounded, texts are cut") {
    const auto with_id = [](const std::string& id) { return R"({"type":"delete","at":"2026-03-01T09:30:00Z","id":")" + id + "\"}"; };
    CHECK(std::get<Delete>(accept(with_id(std::string(1024, 'i')))).id.size() == 1024);
    CHECK(refuse(with_id(std::string(1025, 'i'))).expected == "at most 1024 bytes");
    std::string accents;
    for (int i = 0; i < 513; ++i) accents += "é";
    CHECK(refuse(with_id(accents)).field == "id");
    CHECK(refuse(item_with("\"source\":\"" + std::string(257, 's') + "\"")).field == "source");

    const auto post = [](std::size_t length) {
        return R"({"type":"item","id":"a","platform":"x","published":"2026-03-01T09:30:00Z","text":")" + std::string(length, 't') + "\"}";
    };
    CHECK(std::get<Item>(accept(post(1'000'000))).text.size() == max_text_bytes);
    const auto huge = refuse(post(max_record_bytes));
    CHECK(huge.field == "");
    CHECK(huge.expected == "at most 1048576 bytes in one record");
}

TEST_CASE("links that are too long or too many are left out, the item stays") {
    std::string links = "\"https://first\",\"" + std::string(max_short_text_bytes + 1, 'l') + "\",\"https://last\"";
    const auto item = accept_item("\"links\":[" + links + "]");
    REQUIRE(item.links.size() == 2);
    CHECK(item.links[1].bytes() == "https://last");
    links.clear();
    for (int i = 0; i < 1000; ++i) links += std::string(i ? "," : "") + "\"l\"";
    CHECK(accept_item("\"links\":[" + links + "]").links.size() == max_links);
}

TEST_CASE("damaged text is mended, not refused") {
    const std::string fffd = "\xEF\xBF\xBD";
    const auto text = [](const std::string& raw) {
        return std::string(
            std::get<Item>(accept(R"({"type":"item","id":"a","platform":"x","published":"2026-03-01T09:30:00Z","text":")" + raw + "\"}"))
                .text.bytes());
    };
    CHECK(text("a\xFF\xFE"
               "b") == "a" + fffd + fffd + "b");
    CHECK(text("\xC0\xAF") == fffd + fffd);
    CHECK(text("\xED\xA0\x80") == fffd + fffd + fffd);
    CHECK(text("cut \xE2\x82") == "cut " + fffd);
    CHECK(text(std::string("a\0b", 3)) == "ab");
    CHECK(text("a\\u0000b") == "ab");
    CHECK(text("\\ud800") == fffd);
    CHECK(text("\\udc00") == fffd);
    CHECK(text("\\ud83d\\ude00") == "😀");
    CHECK(text("\\uD83D\\uDE00") == "😀");
    CHECK(text("\\ud83d\\ud83d\\ude00") == fffd + "😀");
    CHECK(text("\\ud83dx") == fffd + "x");
    CHECK(text("\\ud83d\\n") == fffd + "\n");
    CHECK(text("\\\\ud800") == "\\ud800");
    CHECK(text("\\\\\\ud800") == "\\" + fffd);
    CHECK(text("\\u00e9\\/\\\"") == "é/\"");
    std::string zalgo;
    for (int i = 0; i < 100'000; ++i) zalgo += "\u0301";
    CHECK(text("e" + zalgo).size() == 1 + 8 * 2);
}

TEST_CASE("what is no JSON object is refused, and nothing throws") {
    for (const std::string& json : {std::string(""),
                                    std::string(" "),
                                    std::string("null"),
                                    std::string("[]"),
                                    std::string("\"x\""),
                                    std::string("12"),
                                    std::string("{"),
                                    std::string("}"),
                                    std::string("{}{}"),
                                    item_with("") + "x",
                                    item_with(R"("rating":1e400)"),
                                    item_with(R"("rating":NaN)"),
                                    item_with(R"("rating":Infinity)"),
                                    item_with(R"("rating":01)"),
                                    item_with(R"("x":18446744073709551616)"),
                                    item_with(R"("title":"a)"),
                                    item_with("\"title\":\"a\tb\""),
                                    item_with(R"("title":"\x")"),
                                    item_with(R"("title":"\u12")"),
                                    item_with(R"("title":"\ud8)"),
                                    std::string(1'000'000, '['),
                                    std::string(500'000, '{'),
                                    std::string("\xEF\xBB\xBF"),
                                    std::string(1000, '\0'),
                                    std::string("\\")}) {
        CAPTURE(json.substr(0, 100));
        CHECK(refuse(json).field == "");
    }
    std::string deep;
    for (int i = 0; i < 200'000; ++i) deep += "{\"a\":";
    CHECK(refuse(deep).field == "");
    const auto nested = [](std::size_t depth) { return item_with("\"x\":" + std::string(depth, '[') + std::string(depth, ']')); };
    accept(nested(max_record_depth - 2));
    CHECK(refuse(nested(max_record_depth)).expected == "lists and objects nested at most 32 deep");
    CHECK(refuse(item_with(R"("rating":1e400)")).expected == "numbers that are finite, and whole ones of at most 64 bits");
}

TEST_CASE("unknown fields are counted and kept out") {
    RecordReader reader;
    CHECK(std::holds_alternative<Record>(
        reader.parse(item_with(R"("mood":1,"author":{"handle":"a","age":7},"engagement":{"boosts":1,"likes":2},"te\u0000xt":"no")"), 1)));
    CHECK(reader.unknown_fields() == 4);
    CHECK(std::holds_alternative<Record>(reader.parse(item_with(""), 2)));
    CHECK(reader.unknown_fields() == 4);
    CHECK(std::holds_alternative<Record>(reader.parse(R"({"type":"delete","id":"a","at":"2026-03-02T00:00:00Z","text":"x"})", 3)));
    CHECK(reader.unknown_fields() == 5);
}

TEST_CASE("a reader goes on after anything") {
    RecordReader reader;
    for (int i = 0; i < 3; ++i) {
        CHECK(std::holds_alternative<Rejection>(reader.parse(std::string(100'000, '['), 1)));
        CHECK(std::holds_alternative<Record>(reader.parse(item_with(""), 2)));
        CHECK(std::holds_alternative<Rejection>(reader.parse("{", 3)));
    }
    RecordReader moved = std::move(reader);
    CHECK(std::holds_alternative<Record>(moved.parse(item_with(""), 1)));
}

TEST_CASE("lines: one bad line harms no other") {
    const std::string good = item_with("");
    const auto seen =
        read_lines("\xEF\xBB\xBF" + good + "\r\n\n  \n{broken\n" + good + "\n" + std::string(max_record_bytes + 1, 'x') + "\n" + good);
    CHECK(seen.records == Lines{1, 5, 7});
    REQUIRE(seen.rejections.size() == 2);
    CHECK(seen.rejections[0].line == 4);
    CHECK(seen.rejections[0].found == "{broken");
    CHECK(seen.rejections[1].line == 6);
    CHECK(read_lines("").records.empty());
    CHECK(read_lines("\n\r\n\t\n").rejections.empty());
    CHECK(read_lines(good + "\n").records == Lines{1});
}

TEST_CASE("an array is read element by element") {
    const std::string good = item_with(R"("title":"tricky ] } , [ { \" \\")");
    CHECK(read_array("[" + good + "," + good + "]").records == Lines{1, 2});
    CHECK(read_array(" [ " + good + " ,\n" + good + " ]\n").records == Lines{1, 2});
    CHECK(read_array("\xEF\xBB\xBF" + good).records == Lines{1});
    CHECK(read_array("[]").records.empty());
    CHECK(read_array("[]").rejections.empty());

    const auto mixed = read_array("[" + good + R"(,{"type":"item"},7,)" + item_with(R"("rating":1e400)") + "," + good + "]");
    CHECK(mixed.records == Lines{1, 5});
    REQUIRE(mixed.rejections.size() == 3);
    CHECK(mixed.rejections[0].line == 2);
    CHECK(mixed.rejections[0].field == "id");
    CHECK(mixed.rejections[1].line == 3);
    CHECK(mixed.rejections[1].found == "7");
    CHECK(mixed.rejections[2].line == 4);
}

TEST_CASE("a broken array tells where it breaks, once, and keeps what stood before") {
    const std::string good = item_with("");
    for (const std::string& tail : {std::string(","), std::string(",]"), std::string(",,") + good + "]", std::string(" ") + good + "]",
                                    std::string(",{\"a\":"), std::string(",{\"a\" 1},") + good + "]", std::string("} ,") + good + "]",
                                    std::string("]]"), std::string("] x"), std::string(""), std::string(",\"open")}) {
        CAPTURE(tail);
        const auto seen = read_array("[" + good + tail);
        REQUIRE(seen.rejections.size() == 1);
        // Without a comma between, the first element is what breaks.
        const bool first_breaks = tail.starts_with(" ") || tail.empty();
        CHECK(seen.records == (first_breaks ? Lines{} : Lines{1}));
        CHECK(seen.rejections[0].line == (first_breaks ? 1 : 2));
        CHECK(seen.rejections[0].found.size() <= 60);
    }
    for (const std::string& body :
         {std::string(""), std::string("  "), std::string("["), std::string("[] x"), std::string("[,]"), std::string("x")}) {
        CAPTURE(body);
        const auto seen = read_array(body);
        CHECK(seen.records.empty());
        CHECK(seen.rejections.size() == 1);
        CHECK(seen.rejections[0].line == 1);
    }
}

TEST_CASE("JSON strings are escaped so that they stay on one line and in one script") {
    std::string out;
    append_json_string(out, "a\"b\\c/\n\r\t\b\f\x01\x1f\x7f\u2028\u2029é\u2027\u202A😀");
    CHECK(out == R"("a\"b\\c/\n\r\t\b\f\u0001\u001f\u007f\u2028\u2029é)"
                 "\u2027\u202A"
                 R"(😀")");
    out.clear();
    append_json_string(out, "");
    CHECK(out == "\"\"");
    out.clear();
    append_json_string(out, "\xE2\x80");  // not valid, but must not be read beyond
    CHECK(out.size() == 4);
}

TEST_CASE("records are written with the fields that they have") {
    CHECK(to_json(accept(item_with(""))) ==
          R"({"type":"item","id":"m/1","platform":"mastodon","kind":"post","published":"2026-03-01T09:30:00.000Z","text":"hello"})");
    CHECK(to_json(Count{"pageviews", "b", at("2026-03-01T09:00:00Z"), std::chrono::minutes(90), 0.1, ""}) ==
          R"({"type":"count","series":"pageviews","brand":"b","start":"2026-03-01T09:00:00.000Z","span":"1h30m","value":0.1})");
    CHECK(to_json(Delete{"a", at("2026-03-02T00:00:00Z")}) == R"({"type":"delete","id":"a","at":"2026-03-02T00:00:00.000Z"})");
}

namespace {

/// Records of every type with hostile contents, each as parse could have read it.
class Maker {
public:
    explicit Maker(unsigned seed) : random_(seed) {}

    Record record() {
        switch (random_() % 5) {
            case 0:
                return item();
            case 1:
                return Count{word(), word(),      time(), Duration{1 + static_cast<std::int64_t>(random_() % (1ULL << 40))},
                             real(), maybe_text()};
            case 2:
                return Takedown{word(), time(), "x", Untrusted(word()), text(), maybe_text(), maybe_text()};
            case 3:
                return AccountSeen{"x", Untrusted(word()), text(), whole(), maybe_time(), maybe_time()};
            default:
                return Delete{word(), time()};
        }
    }

private:
    Record item() {
        Item item;
        item.id = word();
        item.platform = "re.d-d_it0";
        item.kind = static_cast<Kind>(random_() % 8);
        item.url = text();
        item.published = time();
        item.observed = maybe_time();
        item.title = text();
        item.text = text();
        item.language = maybe_text();
        item.author = {text(), text(), whole(), maybe_time(), coin() ? std::optional(coin()) : std::nullopt};
        item.engagement = {whole(), whole(), whole(), whole(), whole()};
        if (coin()) item.rating = static_cast<double>(random_() % 5001) / 1000;
        item.parent = maybe_text();
        item.repost_of = maybe_text();
        for (auto n = random_() % 4; n > 0; --n) item.links.push_back(text());
        item.source = maybe_text();
        return item;
    }
    bool coin() { return random_() % 2 == 0; }
    std::string word() { return "w" + maybe_text(); }
    Untrusted text() { return Untrusted(maybe_text()); }
    std::string maybe_text() {
        std::string bytes(random_() % 12, ' ');
        constexpr std::string_view likely = "\"\\\n\t\r\x01\x1F\x7F\xE2\x80\xA8\xC3\xA9/<";
        for (char& c : bytes) c = coin() ? static_cast<char>(random_()) : likely[random_() % likely.size()];
        return clean_utf8(bytes);
    }
    Time time() { return from_millis(static_cast<std::int64_t>(random_() % 253402300800000ULL)); }
    std::optional<Time> maybe_time() { return coin() ? std::optional(time()) : std::nullopt; }
    std::optional<std::int64_t> whole() {
        return coin() ? std::optional(static_cast<std::int64_t>(random_() >> (1 + random_() % 63))) : std::nullopt;
    }
    double real() {
        constexpr double some[] = {0, 1, -1, 0.1, 1e300, 5e-324, 512, 1e15, 123456789.123456789, -0.5, 1e21};
        return some[random_() % std::size(some)];
    }
    std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("what is written reads back the same") {
    Maker maker(5);
    for (int i = 0; i < 5000; ++i) {
        const auto record = maker.record();
        const auto json = to_json(record);
        CAPTURE(json);
        CHECK(is_utf8(json));
        CHECK(json.find('\n') == std::string::npos);
        CHECK(accept(json) == record);
    }
}

TEST_CASE("flipped bytes never crash the reader, and what it accepts it reads back") {
    Maker maker(9);
    std::mt19937 random(13);
    RecordReader reader;
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto json = to_json(maker.record());
        for (auto flips = 1 + random() % 3; flips > 0; --flips) json[random() % json.size()] = static_cast<char>(random());
        auto result = reader.parse(json, 1);
        const auto* record = std::get_if<Record>(&result);
        if (record == nullptr) continue;
        ++accepted;
        const auto back = accept(to_json(*record));
        CHECK(back == *record);
    }
    CHECK(accepted > 1000);
}

TEST_CASE("whatever is read fits into one record when it is written again") {
    // Line separators and ill-formed bytes grow the most on the way through.
    for (const std::string& piece :
         {std::string("\u2028"), std::string("\xFF"), std::string("\\u0001"), std::string("\\u007f"), std::string("\\\"")}) {
        std::string links;
        for (std::size_t i = 0; i < max_links; ++i) {
            links += i > 0 ? ",\"" : "\"";
            for (std::size_t bytes = 0; bytes < 2500; bytes += piece.size()) links += piece;
            links += '"';
        }
        std::string text;
        while (text.size() < 200'000) text += piece;
        const auto json = item_with("\"title\":\"" + text + "\",\"links\":[" + links + "]");
        REQUIRE(json.size() <= max_record_bytes);
        const auto record = accept(json);
        const auto written = to_json(record);
        CHECK(written.size() <= max_record_bytes);
        CHECK(accept(written) == record);
    }
}
