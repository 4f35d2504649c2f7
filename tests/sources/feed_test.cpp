#include "vigie/sources/feed.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <ctime>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::sources;

namespace {

Feed read(std::string_view body, FeedContext context = {}) {
    Result<Feed> feed = parse_feed(body, context);
    CAPTURE(std::string(body.substr(0, 300)));
    if (!feed) FAIL(feed.error().text());
    return feed ? std::move(*feed) : Feed();
}

Error refuse(std::string_view body, FeedContext context = {}) {
    Result<Feed> feed = parse_feed(body, context);
    CAPTURE(std::string(body.substr(0, 300)));
    REQUIRE_FALSE(feed.ok());
    return feed.error();
}

std::string rss(const std::string& items) {
    return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title>" + items + "</channel></rss>";
}

}  // namespace

TEST_CASE("RSS 2.0 with its modules") {
    const Feed feed = read(R"(<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:s="http://purl.org/rss/1.0/modules/slash/" xmlns:a="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
 <channel><title>News &amp;amp; more</title><link>https://site.example/</link><language>fr-FR</language><ttl>15</ttl>
  <a:link rel="self" href="/feed"/><a:link rel="hub" href="https://hub.example/"/>
  <item><title>Panne <![CDATA[<b>g&eacute;ante</b>]]></title><link>/1</link><guid isPermaLink="false">abc-1</guid>
   <pubDate>Tue, 03 Mar 2026 10:00:00 +0100</pubDate><dc:creator>Ana B.</dc:creator><category>Tech</category><category>Air</category>
   <description>Short</description><c:encoded><![CDATA[<p>Long <a href="/x">text</a></p><p>more</p>]]></c:encoded>
   <enclosure url="/a.mp3" type="audio/mpeg" length="1"/><s:comments>12</s:comments><source url="https://other.example/f">Other</source>
   <media:content url="/i.jpg"/></item>
 </channel></rss>)",
                           {"text/xml", "https://site.example/feed.xml", "", ""});
    CHECK(feed.format == FeedFormat::rss);
    CHECK(feed.version == "2.0");
    CHECK(feed.title == "News & more");
    CHECK(feed.link == "https://site.example/");
    CHECK(feed.language == "fr-FR");
    CHECK(feed.ttl == std::chrono::minutes{15});
    CHECK(feed.self_link == "https://site.example/feed");
    CHECK(feed.hub == "https://hub.example/");
    CHECK(feed.notes.empty());
    REQUIRE(feed.entries.size() == 1);
    const Entry& entry = feed.entries[0];
    CHECK(entry.title ==
          "Panne g\xC3\xA9"
          "ante");
    CHECK(entry.link == "https://site.example/1");
    CHECK(entry.id == "abc-1");
    CHECK(format_time(*entry.published) == "2026-03-03T09:00:00.000Z");
    REQUIRE(entry.authors.size() == 1);
    CHECK(entry.authors[0].name == "Ana B.");
    CHECK(entry.categories == std::vector<std::string>{"Tech", "Air"});
    CHECK(entry.summary.text == "Short");
    CHECK(entry.content.text == "Long text\nmore");
    CHECK(entry.links == std::vector<std::string>{"https://site.example/x"});
    CHECK(entry.enclosures == std::vector<std::string>{"https://site.example/a.mp3", "https://site.example/i.jpg"});
    CHECK(entry.comments == 12);
    CHECK(entry.source_title == "Other");
    CHECK(entry.source_url == "https://other.example/f");
}

TEST_CASE("RSS 1.0 keeps its items beside the channel") {
    const Feed feed = read(
        R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>T</title><link>http://s/</link></channel>
<item rdf:about="http://s/1"><title>A</title><link>http://s/1</link><dc:date>2026-03-01</dc:date></item></rdf:RDF>)");
    CHECK(feed.version == "1.0");
    REQUIRE(feed.entries.size() == 1);
    CHECK(feed.entries[0].id == "http://s/1");
    CHECK(format_time(*feed.entries[0].published) == "2026-03-01T00:00:00.000Z");
}

TEST_CASE("Atom 1.0: text types, bases, people") {
    const Feed feed = read(R"(<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://site.example/x/">
<a:title type="html">A &amp;lt; B</a:title><a:link href="."/><a:link rel="self" href="f.xml"/><a:author><a:name>Feed</a:name></a:author>
<a:entry xml:base="y/" xml:lang="de"><a:id>urn:1</a:id><a:title type="text">if a &lt;b&gt; c</a:title><a:link rel="alternate"
 type="application/json" href="j"/>
<a:link rel="alternate" type="text/html" href="h"/><a:published>2026-03-01T10:00:00Z</a:published>
<a:updated>2026-03-01T11:00:00Z</a:updated>
<a:author><a:name>/u/ana</a:name><a:uri>../u</a:uri></a:author><a:category term="t" label="Label"/>
<a:summary>plain &lt;p&gt;html&lt;/p&gt;</a:summary><a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>In <a
 href="z">line</a></p></div></a:content>
</a:entry></a:feed>)");
    CHECK(feed.format == FeedFormat::atom);
    CHECK(feed.title == "A < B");
    CHECK(feed.link == "https://site.example/x/");
    CHECK(feed.self_link == "https://site.example/x/f.xml");
    REQUIRE(feed.entries.size() == 1);
    const Entry& entry = feed.entries[0];
    CHECK(entry.title == "if a <b> c");
    CHECK(entry.link == "https://site.example/x/y/h");
    CHECK(entry.language == "de");
    CHECK(entry.authors[0].name == "/u/ana");
    CHECK(entry.authors[0].uri == "https://site.example/x/u");
    CHECK(entry.categories == std::vector<std::string>{"Label"});
    CHECK(entry.summary.text == "plain\nhtml");
    CHECK(entry.content.text == "In line");
    CHECK(entry.links == std::vector<std::string>{"https://site.example/x/y/z"});
    CHECK(format_time(*entry.updated) == "2026-03-01T11:00:00.000Z");
}

TEST_CASE("a YouTube feed: id, words and views of a video") {
    const Feed feed = read(
        R"(<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns="http://www.w3.org/2005/Atom">
<entry><id>yt:video:V1</id><yt:videoId>V1</yt:videoId><title>Film</title><author><name>Ch</name>
<uri>https://www.youtube.com/channel/UC1</uri></author>
<media:group><media:description>Words</media:description><media:community><media:statistics views="1234"/></media:community>
</media:group></entry></feed>)");
    REQUIRE(feed.entries.size() == 1);
    CHECK(feed.entries[0].video_id == "V1");
    CHECK(feed.entries[0].media_description.text == "Words");
    CHECK(feed.entries[0].views == 1234);
}

TEST_CASE("JSON Feed 1.0 and 1.1") {
    const Feed feed = read(
        R"({"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://s/","language":"en",
"hubs":[{"type":"WebSub","url":"https://h/"}],
"items":[{"id":7,"url":"/1","title":"A","content_html":"<p>x</p>","summary":"s","date_published":"2026-03-01T10:00:00Z",
"authors":[{"name":"N"}],
"tags":["a","b"],"attachments":[{"url":"/f.mp3"}]},"no object",{"id":"2","external_url":"https://e/","content_text":"a <b> c",
"author":{"name":"Old"}}]})",
        {"application/feed+json", "https://s/feed.json", "", ""});
    CHECK(feed.format == FeedFormat::json);
    CHECK(feed.version == "1.1");
    CHECK(feed.hub == "https://h/");
    CHECK(feed.rejected == 1);
    REQUIRE(feed.entries.size() == 2);
    CHECK(feed.entries[0].id == "7");
    CHECK(feed.entries[0].link == "https://s/1");
    CHECK(feed.entries[0].content.text == "x");
    CHECK(feed.entries[0].enclosures == std::vector<std::string>{"https://s/f.mp3"});
    CHECK(feed.entries[1].link == "https://e/");
    CHECK(feed.entries[1].content.text == "a <b> c");
    CHECK(feed.entries[1].authors[0].name == "Old");
}

TEST_CASE("JSON that is no feed, or hostile") {
    for (const std::string& body : {std::string("{}"), std::string("[]"), std::string("{\"version\":1}"), std::string("{\"items\":"),
                                    std::string("{\"a\":1e400,\"items\":[]}"), std::string("{\"items\":[NaN]}"),
                                    std::string(1'000'000, '['), "{\"items\":" + std::string(100'000, '[')}) {
        const Error error = refuse(body);
        CHECK((error.code() == Errc::parse || error.code() == Errc::limit));
    }
    CHECK(read("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":null}").entries.empty());
}

TEST_CASE("named references, stray ampersands and control characters are repaired") {
    const Feed feed = read(
        rss("<item><title>AT&T caf&eacute; &nbsp;x&hellip; \x01\x1F & y &#0; &bogus;</title><link>http://s/?a=1&b=2&copy=3</link></item>"));
    REQUIRE(feed.entries.size() == 1);
    CHECK(feed.entries[0].title == "AT&T caf\xC3\xA9 x\xE2\x80\xA6 & y &bogus;");
    CHECK(feed.entries[0].link == "http://s/?a=1&b=2&copy=3");
    CHECK(feed.notes.empty());
    CHECK(read(rss("<item><title><![CDATA[a &amp;eacute; b]]></title></item>")).entries[0].title == "a &eacute; b");
}

TEST_CASE("ill-formed feeds still give their items") {
    const Feed crossed = read(rss("<item><title>A <b>x</title></b><link>http://s/1</link></item><item><title>B</title></item>"));
    REQUIRE(crossed.entries.size() == 2);
    CHECK(crossed.entries[0].title == "A x");
    CHECK(crossed.entries[0].link == "http://s/1");
    CHECK(crossed.entries[1].title == "B");
    CHECK(crossed.notes.size() == 1);
    const Feed unclosed = read(rss("<item><title>A</title><item><title>B</title></item>"));
    REQUIRE(unclosed.entries.size() == 2);
    const Feed attributes = read(rss("<item><title type=plain bare>A</title><enclosure url=http://s/f /></item>"));
    REQUIRE(attributes.entries.size() == 1);
    CHECK(attributes.entries[0].title == "A");
    const Feed less = read(rss("<item><title>1 < 2</title></item>"));
    REQUIRE(less.entries.size() == 1);
    CHECK(less.entries[0].title == "1 < 2");
    const Feed unbound =
        read("<rss version='2.0'><channel><item><dc:creator>N</dc:creator><media:title>M</media:title></item></channel></rss>");
    CHECK(unbound.entries[0].authors[0].name == "N");
    const Feed warned = read("<br />\n<b>Warning</b>: mysql in <b>x.php</b>\n" + rss("<item><title>A</title></item>").substr(21));
    REQUIRE(warned.entries.size() == 1);
    CHECK(read("\n\n  " + rss("<item><title>A</title></item>")).entries.size() == 1);
    CHECK(read(rss("<item><title>A</title></item>") + "<!-- ok --> trailing <junk>").entries.size() == 1);
}

TEST_CASE("a truncated feed keeps its complete items, wherever it breaks off") {
    const std::string whole = rss(
        "<item><title>A</title><link>http://s/a</link></item><item><title>B</title><description><![CDATA[<p>x</p>]]></description></item>");
    const std::size_t first_end = whole.find("</item>") + 7;
    const std::size_t second_end = whole.rfind("</item>") + 7;
    for (std::size_t length = first_end; length < whole.size(); ++length) {
        CAPTURE(length);
        const Feed feed = read(std::string_view(whole).substr(0, length));
        CHECK(feed.entries.size() == (length < second_end ? 1u : 2u));
        CHECK(feed.entries[0].title == "A");
    }
    CHECK(refuse(std::string_view(whole).substr(0, first_end - 3)).code() == Errc::parse);
}

TEST_CASE("an HTML page is not a feed, and names one") {
    const Error error =
        refuse("<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head><body>x</body></html>",
               {"text/html", "https://site.example/page", "", ""});
    CHECK(error.code() == Errc::parse);
    CHECK(error.message().find("not a feed") != std::string::npos);
    CHECK(error.where() == "https://site.example/feed");
    CHECK(refuse("<html><body><p>captcha</body></html>").where().empty());
    for (const char* body : {"", "   ", "hello", "<", "<>", "<note/>", "\xEF\xBB\xBF", "<?xml version='1.0'?>",
                             "<svg xmlns='http://www.w3.org/2000/svg'/>", "%PDF-1.4", "\x1F\x8B\x08"}) {
        CAPTURE(body);
        CHECK(refuse(body).message().find("not a feed") != std::string::npos);
    }
}

TEST_CASE("entities of its own, bombs and external entities are refused at once") {
    std::string bomb = "<!DOCTYPE lolz [<!ENTITY l \"lol\">";
    for (char c = 'a'; c < 'k'; ++c) bomb += std::string("<!ENTITY ") + c + " \"&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;\">";
    bomb += "]><rss><channel><item><title>&a;</title></item></channel></rss>";
    CHECK(refuse("<?xml version='1.0'?>" + bomb).code() == Errc::refused);
    CHECK(refuse("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title></item></channel></rss>")
              .code() == Errc::refused);
    CHECK(refuse("<!DOCTYPE r [<!ATTLIST a b CDATA 'x'>]><rss/>").code() == Errc::refused);
    // RSS 0.91 names Netscape's DTD: that is not loaded, and harmless.
    CHECK(read("<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'>"
               "<rss version='0.91'><channel><item><title>A</title></item></channel></rss>")
              .entries.size() == 1);
}

TEST_CASE("hostile sizes end within bounds") {
    std::string deep = "<rss>", attributes = "<rss><channel><item ", many, wide = "<rss><channel>";
    for (int i = 0; i < 200'000; ++i) deep += "<a>";
    for (int i = 0; i < 200'000; ++i) attributes += "a" + std::to_string(i) + "='' ";
    attributes += "/></channel></rss>";
    for (int i = 0; i < 8'000; ++i) many += "<item><title>" + std::to_string(i) + "</title></item>";
    while (wide.size() < 4'000'000) wide += "<a/>";
    wide += "</channel></rss>";
    const std::string long_value =
        "<rss><channel><item><title>x</title><link a='" + std::string(4'000'000, 'y') + "'/></item></channel></rss>";
    const std::string ampersands = "<rss><channel><item><title>" + std::string(2'000'000, '&') + "</title></item></channel></rss>";
    const std::clock_t start = std::clock();  // of this process: other load on the machine must not count
    CHECK(refuse(deep).code() == Errc::limit);
    CHECK(refuse(attributes).code() == Errc::limit);
    CHECK(refuse(wide).code() == Errc::limit);
    const Feed capped = read(rss(many));
    CHECK(capped.entries.size() == max_feed_entries);
    CHECK(capped.notes.size() == 1);
    CHECK(read(long_value).entries.size() == 1);
    CHECK(read(ampersands).entries[0].title.size() <= 16u << 10);
    CHECK(refuse(std::string(max_feed_bytes + 1, ' ')).code() == Errc::limit);
    CHECK(std::clock() - start < 20 * CLOCKS_PER_SEC);
    // A deep item spoils only what follows it.
    std::string late = "<rss><channel><item><title>A</title></item><item>";
    for (int i = 0; i < 100; ++i) late += "<a>";
    CHECK(read(late).entries.size() == 1);
}

TEST_CASE("whatever the bytes, strings come out as UTF-8") {
    const Feed feed = read(rss("<item><title>a\xFF\xFE b\xC0\xAF c\xED\xA0\x80</title><guid>\xE9</guid></item>"));
    REQUIRE(feed.entries.size() == 1);
    CHECK(is_utf8(feed.entries[0].title));
    CHECK(is_utf8(feed.entries[0].id));
}
