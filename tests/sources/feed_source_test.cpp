#include "sources/feed_source.hpp"

#include <doctest/doctest.h>

#include "sources/fake_http.hpp"

using namespace vigie;
using namespace vigie::sources;
using namespace std::chrono_literals;

namespace {

const Time now = from_millis(1'772'500'000'000);  // 2026-03-03T01:06:40Z

struct Bench {
    fake::HttpClient client;
    ManualClock clock{now};
    SourceSettings settings;
    std::unique_ptr<Source> source;
    std::string cursor;

    explicit Bench(const std::string& url = "https://site.example/feed?token=s3cret") {
        settings.name = "news";
        settings.url = Secret(url);
        settings.language = "fr";
        make({});
    }
    void make(const std::vector<BrandNames>& brands) {
        auto made = make_source(settings, brands, client, clock);
        if (made) source = std::move(*made);
    }
    Batch good() {
        PollResult result = fake::poll(*source, cursor);
        if (const auto* failure = std::get_if<Failure>(&result)) FAIL(failure->error.text());
        Batch batch = std::get<Batch>(std::move(result));
        cursor = batch.cursor;
        return batch;
    }
    Failure bad() {
        PollResult result = fake::poll(*source, cursor);
        REQUIRE(std::holds_alternative<Failure>(result));
        return std::get<Failure>(std::move(result));
    }
};

std::string item(const std::string& id, const std::string& more = {}) {
    return "<item><guid isPermaLink='false'>" + id + "</guid><title>Title " + id + "</title><link>https://site.example/" + id + "</link>" +
           more + "</item>";
}

std::string rss(const std::string& items) {
    return "<rss version='2.0'><channel><title>T</title>" + items + "</channel></rss>";
}

std::string items(int from, int to) {
    std::string out;
    for (int i = from; i < to; ++i) out += item(std::to_string(i));
    return rss(out);
}

const Item& item_of(const Batch& batch, std::size_t i = 0) {
    REQUIRE(batch.records.size() > i);
    return std::get<Item>(batch.records[i]);
}

}  // namespace

TEST_CASE("a request is conditional, verbatim, bounded") {
    Bench bench;
    auto& first = bench.client.answer(200, items(0, 3));
    CHECK(first.headers.set("ETag", "W/\"a b\"").ok());
    CHECK(first.headers.set("Last-Modified", "Tue, 3 Mar 2026 01:00:00 +0000 (odd)").ok());
    CHECK(bench.good().records.size() == 3);
    bench.client.answer(304);
    const Batch second = bench.good();
    CHECK(second.not_modified);
    CHECK(second.records.empty());
    REQUIRE(bench.client.asked.size() == 2);
    const auto& before = bench.client.asked[0];
    const auto& after = bench.client.asked[1];
    CHECK_FALSE(before.headers.has("If-None-Match"));
    CHECK(before.headers.get("Accept").find("application/rss+xml") != std::string_view::npos);
    CHECK(after.headers.get("If-None-Match") == "W/\"a b\"");
    CHECK(after.headers.get("If-Modified-Since") == "Tue, 3 Mar 2026 01:00:00 +0000 (odd)");
    CHECK(after.limits.redirects == 5);
    CHECK(after.limits.total == bench.settings.timeout);
    CHECK(after.limits.body_bytes == max_feed_bytes);
    CHECK_FALSE(after.allow_private);
    // A restart: a new source goes on from the cursor.
    bench.make({});
    bench.client.answer(304);
    CHECK(bench.good().not_modified);
    CHECK(bench.client.asked[2].headers.get("If-None-Match") == "W/\"a b\"");
    // Validators that disappear are forgotten.
    bench.client.answer(200, items(0, 3));
    CHECK(bench.good().records.empty());
    bench.client.answer(304);
    (void)bench.good();
    CHECK_FALSE(bench.client.asked[4].headers.has("If-None-Match"));
}

TEST_CASE("only unseen items come out, and their ids do not depend on the feed") {
    Bench bench;
    bench.client.answer(200, items(0, 3));
    const Batch first = bench.good();
    bench.client.answer(200, items(1, 5));
    const Batch second = bench.good();
    REQUIRE(second.records.size() == 2);
    CHECK_FALSE(second.gap.has_value());
    CHECK(item_of(second).id == item_of(second).id);
    CHECK(item_of(first).id.starts_with("feed:"));
    CHECK(item_of(first).id.size() == 5 + 32);
    Bench other("https://site.example/other");
    other.client.answer(200, items(0, 1));
    CHECK(item_of(other.good()).id == item_of(first).id);
    Bench elsewhere("https://elsewhere.example/feed");
    elsewhere.client.answer(200, rss("<item><guid>0</guid><title>x</title><link>https://elsewhere.example/</link></item>"));
    CHECK(item_of(elsewhere.good()).id != item_of(first).id);  // "0" is no name for the whole world
    // The same guid twice in one answer is one item.
    bench.client.answer(200, rss(item("9") + item("9", "<description>other</description>")));
    CHECK(bench.good().records.size() == 1);
}

TEST_CASE("a feed that rolled over raises a gap, but not at first, and not a short one") {
    Bench bench;
    bench.client.answer(200, items(0, 10));
    CHECK_FALSE(bench.good().gap.has_value());
    bench.client.answer(200, items(10, 20));
    CHECK(bench.good().gap.has_value());
    bench.client.answer(200, items(19, 30));
    CHECK_FALSE(bench.good().gap.has_value());
    bench.client.answer(200, items(40, 44));
    CHECK_FALSE(bench.good().gap.has_value());
}

TEST_CASE("fields of an item") {
    Bench bench;
    bench.client.answer(200, rss(item("1",
                                      "<pubDate>Tue, 03 Mar 2026 00:00:00 GMT</pubDate><author>a@b.example (Ana)</author>"
                                      "<description>&lt;p&gt;Hello &lt;a href='https://x.example/'&gt;x&lt;/a&gt; &lt;a "
                                      "href='javascript:1'&gt;y&lt;/a&gt;</description>")));
    const Batch batch = bench.good();
    const Item& one = item_of(batch);
    CHECK(one.platform == "news");
    CHECK(one.kind == Kind::article);
    CHECK(one.source == "news");
    CHECK(one.language == "fr");
    CHECK(one.title.bytes() == "Title 1");
    CHECK(one.text.bytes() == "Hello x y");
    CHECK(one.url.bytes() == "https://site.example/1");
    CHECK(one.author.name.bytes() == "Ana");
    CHECK(one.author.handle.empty());
    CHECK(format_time(one.published) == "2026-03-03T00:00:00.000Z");
    CHECK(one.observed == now);
    REQUIRE(one.links.size() == 1);
    CHECK(one.links[0].bytes() == "https://x.example/");
}

TEST_CASE("dates that cannot be are replaced by the time of observation") {
    Bench bench;
    const char* dates[] = {"",
                           "hier",
                           "Thu, 01 Jan 1970 00:00:00 GMT",
                           "31 Dec 9999 00:00:00 GMT",
                           "Fri, 06 Mar 2026 01:06:40 GMT",
                           "Tue, 03 Mar 2026 01:12:00 GMT"};
    std::string body;
    int n = 0;
    for (const char* date : dates) body += item("d" + std::to_string(n++), std::string("<pubDate>") + date + "</pubDate>");
    body += item("skewed", "<pubDate>Tue, 03 Mar 2026 01:11:00 GMT</pubDate>") + item("old", "<pubDate>01 Jan 1996 00:00:00 GMT</pubDate>");
    bench.client.answer(200, rss(body));
    const Batch batch = bench.good();
    REQUIRE(batch.records.size() == 8);
    for (std::size_t i = 0; i < 6; ++i) CHECK(item_of(batch, i).published == now);
    CHECK(format_time(item_of(batch, 6).published) == "2026-03-03T01:11:00.000Z");
    CHECK(format_time(item_of(batch, 7).published) == "1996-01-01T00:00:00.000Z");
}

TEST_CASE("an entry with nothing in it is rejected; a hostile language is no label") {
    Bench bench;
    bench.client.answer(200, rss("<language>en\"} evil</language><item></item><item><title>x</title></item>"));
    const Batch batch = bench.good();
    CHECK(batch.rejected == 1);
    CHECK(item_of(batch).language == "fr");
}

TEST_CASE("Google News: publisher off the title, no text that only repeats it") {
    Bench bench("https://news.google.com/rss/search?q=x");
    bench.client.answer(
        200, rss("<item><title>Strike at Aurora - Le Monde</title><link>https://news.google.com/rss/articles/CBMi1?oc=5</link><guid "
                 "isPermaLink='false'>CBMi1</guid>"
                 "<description>&lt;a href=\"https://news.google.com/rss/articles/CBMi1?oc=5\"&gt;Strike at "
                 "Aurora&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font color=\"#6f6f6f\"&gt;Le Monde&lt;/font&gt;</description>"
                 "<source url=\"https://www.lemonde.fr\">Le Monde</source></item>"));
    const Batch batch = bench.good();
    CHECK(item_of(batch).title.bytes() == "Strike at Aurora");
    CHECK(item_of(batch).text.bytes() == "");
    CHECK(item_of(batch).author.name.bytes() == "Le Monde");
    CHECK(item_of(batch).links.empty());
}

TEST_CASE("Google Alerts: links unwrapped") {
    Bench bench("https://www.google.com/alerts/feeds/1/2");
    bench.client.answer(
        200,
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:google.com,2013:googlealerts/feed:1</id><title "
        "type='html'>&lt;b&gt;Aurora&lt;/b&gt; down</title>"
        "<link href='https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://paper.example/a%3Fb%3D1&amp;ct=ga'/><content "
        "type='html'>x</content></entry></feed>");
    const Batch batch = bench.good();
    CHECK(item_of(batch).url.bytes() == "https://paper.example/a?b=1");
    CHECK(item_of(batch).title.bytes() == "Aurora down");
    bench.client.answer(200,
                        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>x:2</id><link "
                        "href='https://www.google.com/url?url=javascript:alert(1)'/></entry></feed>");
    CHECK(item_of(bench.good()).url.bytes().starts_with("https://www.google.com/url"));
}

TEST_CASE("Reddit and YouTube: handles and kinds") {
    Bench bench;
    bench.settings.platform = "reddit";
    bench.make({});
    bench.client.answer(200,
                        "<feed "
                        "xmlns='http://www.w3.org/2005/Atom'><entry><author><name>/u/ana</name><uri>https://www.reddit.com/user/ana</uri></"
                        "author><id>t3_1</id>"
                        "<link href='https://www.reddit.com/r/x/1'/><title>T</title></entry></feed>");
    const Batch reddit = bench.good();
    CHECK(item_of(reddit).author.handle.bytes() == "ana");
    CHECK(item_of(reddit).platform == "reddit");
    CHECK(item_of(reddit).kind == Kind::post);
    bench.client.answer(200,
                        "<feed xmlns:yt='http://www.youtube.com/xml/schemas/2015' "
                        "xmlns='http://www.w3.org/2005/Atom'><entry><id>yt:video:V</id><yt:videoId>V</yt:videoId><title>T</title>"
                        "<author><name>Ch</name><uri>https://www.youtube.com/channel/UC1</uri></author></entry></feed>");
    const Batch youtube = bench.good();
    CHECK(item_of(youtube).author.handle.bytes() == "UC1");
    CHECK(item_of(youtube).kind == Kind::video);
}

TEST_CASE("failures: by status, with what the peer asked, without the token") {
    Bench bench;
    struct Case {
        int status;
        Errc code;
        bool retry, gone;
    };
    for (const Case& one :
         {Case{429, Errc::busy, true, false}, Case{503, Errc::busy, true, false}, Case{500, Errc::network, true, false},
          Case{404, Errc::not_found, false, false}, Case{410, Errc::not_found, false, true}, Case{401, Errc::refused, false, false},
          Case{403, Errc::refused, false, false}, Case{418, Errc::protocol, false, false}, Case{302, Errc::protocol, false, false},
          Case{204, Errc::protocol, false, false}}) {
        CAPTURE(one.status);
        CHECK(bench.client.answer(one.status, "<html>").headers.set("Retry-After", "120").ok());
        const Failure failure = bench.bad();
        CHECK(failure.error.code() == one.code);
        CHECK(failure.gone == one.gone);
        CHECK(failure.retry_after.has_value() == one.retry);
        if (one.retry) CHECK(*failure.retry_after == 120s);
        CHECK(failure.error.text().find("s3cret") == std::string::npos);
    }
    bench.client.answers.emplace_back(Error(Errc::timeout, "no answer in time"));
    CHECK(bench.bad().error.code() == Errc::timeout);
    bench.client.answers.emplace_back(Error(Errc::cancelled, "stopped"));
    CHECK(bench.bad().error.code() == Errc::cancelled);
    bench.client.answer(200, "<html><head><link rel=alternate type='application/atom+xml' href='/real.xml'></head></html>");
    const Failure page = bench.bad();
    CHECK(page.error.code() == Errc::parse);
    CHECK(page.error.message().find("https://site.example/real.xml") != std::string::npos);
    CHECK(page.error.text().find("s3cret") == std::string::npos);
    CHECK(bench.cursor.empty());
}

TEST_CASE("Cache-Control and ttl ask for a pause, an hour at most") {
    Bench bench;
    const auto pause = [&bench](const std::string& cache, const std::string& ttl) {
        auto& answer = bench.client.answer(200, rss(ttl + item("1")));
        if (!cache.empty()) CHECK(answer.headers.set("Cache-Control", cache).ok());
        return bench.good().poll_after;
    };
    CHECK(pause("", "") == std::nullopt);
    CHECK(pause("public, max-age=300", "") == Duration{300s});
    CHECK(pause("max-age=\"60\"", "") == Duration{60s});
    CHECK(pause("no-cache, max-age=300", "") == std::nullopt);
    CHECK(pause("max-age=-5", "") == std::nullopt);
    CHECK(pause("max-age=99999999999999999999", "") == std::nullopt);
    CHECK(pause("max-age=864000", "") == Duration{1h});
    CHECK(pause("max-age=60", "<ttl>10</ttl>") == Duration{10min});
    CHECK(pause("", "<ttl>10000</ttl>") == Duration{1h});
    CHECK(pause("", "<ttl>soon</ttl>") == std::nullopt);
}

TEST_CASE("a permanent move is reported once it was told three times in a row") {
    Bench bench;
    const auto poll = [&bench](const std::string& target) {
        auto& answer = bench.client.answer(200, items(0, 2));
        answer.permanent_redirects = target.empty() ? 0 : 1;
        answer.permanent_url = target;
        return bench.good();
    };
    CHECK_FALSE(poll("https://new.example/f").moved_to.has_value());
    CHECK_FALSE(poll("https://new.example/f").moved_to.has_value());
    CHECK_FALSE(poll("").moved_to.has_value());
    CHECK_FALSE(poll("https://new.example/f").moved_to.has_value());
    CHECK_FALSE(poll("https://other.example/f").moved_to.has_value());
    CHECK_FALSE(poll("https://other.example/f").moved_to.has_value());
    const Batch told = poll("https://other.example/f");
    CHECK(told.moved_to == "https://other.example/f");
    CHECK(told.notes.size() == 1);
    const Batch again = poll("https://other.example/f");
    CHECK(again.moved_to == "https://other.example/f");
    CHECK(again.notes.empty());
}

TEST_CASE("{query}: one request for each brand in turn, each with its own memory; a failing one starves none") {
    Bench bench("https://search.example/rss?q={query}");
    std::vector<BrandNames> brands;
    brands.emplace_back("aurora", std::vector<std::string>{"Aurora Air", "auroraair"});
    brands.emplace_back("borea", std::vector<std::string>{"Borea"});
    brands.emplace_back("none", std::vector<std::string>{});
    bench.make(brands);
    CHECK(bench.client.answer(200, items(0, 3)).headers.set("ETag", "\"1\"").ok());
    CHECK(bench.client.answer(200, items(0, 3)).headers.set("ETag", "\"2\"").ok());
    CHECK(bench.good().more);
    const Batch second = bench.good();
    CHECK_FALSE(second.more);
    CHECK(second.records.size() == 3);  // what the first brand's answer held is new to this query; the ledger counts it once
    REQUIRE(bench.client.asked.size() == 2);
    CHECK(bench.client.asked[0].url == "https://search.example/rss?q=%22Aurora%20Air%22%20OR%20%22auroraair%22");
    CHECK(bench.client.asked[1].url == "https://search.example/rss?q=%22Borea%22");
    bench.client.answer(500);
    (void)bench.bad();
    bench.client.answer(304);
    const Batch after = bench.good();
    CHECK(bench.client.asked[3].url == bench.client.asked[1].url);
    CHECK(bench.client.asked[3].headers.get("If-None-Match") == "\"2\"");
    CHECK_FALSE(after.more);
    bench.client.answer(304);
    CHECK(bench.good().more);
    CHECK(bench.client.asked[4].headers.get("If-None-Match") == "\"1\"");
}

TEST_CASE("settings that cannot work are refused") {
    fake::HttpClient client;
    ManualClock clock{now};
    SourceSettings settings;
    settings.name = "x";
    const auto code = [&](const std::vector<BrandNames>& brands) {
        const auto made = make_source(settings, brands, client, clock);
        return made ? std::string("made") : std::string(to_string(made.error().code()));
    };
    CHECK(code({}) == "invalid");
    settings.url = Secret("ftp://x/");
    CHECK(code({}) == "invalid");
    settings.url = Secret("https://x.example/{query}");
    CHECK(code({}) == "invalid");
    const std::vector<BrandNames> brands(1, BrandNames("a", std::vector<std::string>(1, "A")));
    CHECK(code(brands) == "made");
    settings.brands = {"b"};
    CHECK(code(brands) == "invalid");
    settings.kind = SourceKind::push;
    CHECK(code(brands) == "unsupported");
}

TEST_CASE("expand_url stays within 2 kB and escapes") {
    CHECK(expand_url("https://x/", {"a"}) == "https://x/");
    CHECK(expand_url("https://x/?q={query}", {}) == "https://x/?q=");
    CHECK(expand_url("https://x/?q={query}", {"a\"b", "", "a\"b", "\xC3\xA9&="}) == "https://x/?q=%22ab%22%20OR%20%22%C3%A9%26%3D%22");
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i) names.push_back("name number " + std::to_string(i));
    const std::string url = expand_url("https://x/?q={query}&hl=fr", names);
    CHECK(url.size() <= 2048);
    CHECK(url.size() > 1900);
    CHECK(url.ends_with("%22&hl=fr"));
}

TEST_CASE("a broken cursor reads afresh, and says so") {
    Bench bench;
    for (const char* text : {"nonsense", "vigie-feed 2 0\n", "vigie-feed 1 x\n", "vigie-feed 1 0\nu zz\n", "vigie-feed 1 0\ns 12\n"}) {
        bench.cursor = text;
        bench.client.answer(200, items(0, 2));
        const Batch batch = bench.good();
        CHECK(batch.records.size() == 2);
        CHECK(batch.notes.size() == 1);
    }
}
