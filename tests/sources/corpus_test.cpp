// Every file of the feed corpora: no crash, no second spent, memory in bounds; and feedparser's expectations of encodings.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <ctime>

#include "sources/ascii.hpp"
#include "sources/charset.hpp"
#include "sources/corpora.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/sources/feed.hpp"

namespace {

using namespace vigie;
using namespace vigie::sources;

/// What a `Header:` line of feedparser's leading comment says.
std::string header_of(const std::string& body, const std::string& name) {
    const std::string head = body.substr(0, 2048);
    const std::string wanted = lower_ascii(name) + ":";
    for (std::size_t at = head.find("Header:"); at != std::string::npos; at = head.find("Header:", at + 7)) {
        const std::string line(trim(std::string_view(head).substr(at + 7, head.find_first_of("\r\n", at) - at - 7)));
        if (lower_ascii(line).starts_with(wanted)) return std::string(trim(std::string_view(line).substr(wanted.size())));
    }
    return {};
}

FeedContext context_of(const std::string& body) {
    FeedContext context;
    context.url = "http://127.0.0.1:8097/feed.xml";
    context.content_type = header_of(body, "Content-type");
    context.content_location = header_of(body, "Content-Location");
    context.content_language = header_of(body, "Content-Language");
    return context;
}

long peak_kilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

void check_strings(const Feed& feed) {
    CHECK(is_utf8(feed.title));
    CHECK(feed.entries.size() <= max_feed_entries);
    for (const auto& entry : feed.entries)
        for (const std::string* text :
             {&entry.id, &entry.link, &entry.title, &entry.summary.html, &entry.summary.text, &entry.content.html, &entry.content.text})
            CHECK(is_utf8(*text));
}

/// The literal of "entries[0]['title'] == '...'" or feed's, as UTF-8; nothing for other forms.
struct Expectation {
    std::string object, key, value;
};

std::optional<std::string> python_literal(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i >= text.size()) return std::nullopt;
        const std::size_t digits = text[i] == 'x' ? 2 : text[i] == 'u' ? 4 : text[i] == 'U' ? 8 : 0;
        if (digits == 0) {
            out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
            continue;
        }
        if (i + digits >= text.size()) return std::nullopt;
        const unsigned long code = std::stoul(text.substr(i + 1, digits), nullptr, 16);
        out += html_to_text("&#" + std::to_string(code) + ";", "").text;
        i += digits;
    }
    return out;
}

/// Skips a prefix; false where the text does not begin with it.
bool skip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<Expectation> expectation_of(const std::string& utf8) {
    const std::size_t at = utf8.substr(0, 4096).find("Expect:");
    if (at == std::string::npos) return std::nullopt;
    std::string_view line = trim(std::string_view(utf8).substr(at + 7, utf8.find_first_of("\r\n", at) - at - 7));
    (void)skip(line, "not bozo and ");
    Expectation out;
    if (skip(line, "entries[0]['")) {
        out.object = "entry";
    } else if (skip(line, "feed['")) {
        out.object = "feed";
    } else {
        return std::nullopt;
    }
    for (const char* key : {"title", "link", "id", "language"})
        if (skip(line, std::string(key) + "'] == ")) out.key = key;
    (void)skip(line, "u");
    const bool quoted = line.size() >= 2 && (line.front() == '\'' || line.front() == '"') && line.back() == line.front();
    if (out.key.empty() || !quoted || line.substr(1, line.size() - 2).find(line.front()) != std::string_view::npos) return std::nullopt;
    const auto value = python_literal(std::string(line.substr(1, line.size() - 2)));
    if (!value) return std::nullopt;
    out.value = *value;
    return out;
}

std::string actual_of(const Feed& feed, const Expectation& wanted) {
    if (wanted.object == "feed")
        return wanted.key == "title" ? feed.title : wanted.key == "link" ? feed.link : wanted.key == "language" ? feed.language : "";
    if (feed.entries.empty()) return "(no entry)";
    const Entry& entry = feed.entries[0];
    return wanted.key == "title" ? entry.title : wanted.key == "link" ? entry.link : wanted.key == "id" ? entry.id : entry.language;
}

}  // namespace

TEST_CASE("no file of the corpora crashes, hangs or swells the parser") {
    const auto root = corpora::feeds();
    if (!root) {
        MESSAGE("VIGIE_CORPORA is not set: skipped");
        return;
    }
    const long before = peak_kilobytes();
    std::size_t read = 0, refused = 0;
    for (const auto& path : corpora::files_under(*root)) {
        const std::string body = corpora::read(path);
        const FeedContext context = context_of(body);
        CAPTURE(path.string());
        const std::clock_t start = std::clock();
        const Result<Feed> feed = parse_feed(body, context);
        CHECK(std::clock() - start < CLOCKS_PER_SEC);
        if (feed) {
            ++read;
            check_strings(*feed);
        } else {
            ++refused;
            CHECK(is_utf8(feed.error().message()));
        }
    }
    const long extra = peak_kilobytes() - before;
    MESSAGE("feeds: " << read << " read, " << refused << " refused, " << extra / 1024 << " MB more at the peak");
    CHECK(read > 1800);  // the rest are expectations of other kinds, pages, and formats that are none of ours
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(extra < 64 * 1024);  // AddressSanitizer keeps what is freed
#endif
}

TEST_CASE("feedparser's expectations of one string: encodings, entities, well-formed feeds") {
    const auto root = corpora::feeds();
    if (!root) {
        MESSAGE("VIGIE_CORPORA is not set: skipped");
        return;
    }
    for (const std::string folder :
         {"encoding", "entities", "wellformed/rss", "wellformed/atom", "wellformed/atom10", "wellformed/lang", "wellformed/rdf"}) {
        std::size_t agree = 0, total = 0;
        std::string differences;
        for (const auto& path : corpora::files_under(*root / "feedparser" / folder)) {
            const std::string body = corpora::read(path);
            const FeedContext context = context_of(body);
            const auto wanted = expectation_of(decode_to_utf8(body, context.content_type).text);
            if (!wanted) continue;
            ++total;
            const Result<Feed> feed = parse_feed(body, context);
            const std::string actual = feed ? actual_of(*feed, *wanted) : feed.error().text();
            const std::string wanted_text = html_to_text(wanted->value, "").text;
            if (actual == wanted->value || actual == wanted_text || html_to_text(actual, "").text == wanted_text) {
                ++agree;
            } else if (differences.size() < 4000) {
                differences += "\n  " + path.filename().string() + ": ours \"" + actual.substr(0, 80) + "\", theirs \"" +
                               wanted->value.substr(0, 80) + "\"";
            }
        }
        MESSAGE("feedparser " << folder << ": " << agree << " of " << total << " agree" << differences);
        CHECK(total > 0);
        CHECK(static_cast<double>(agree) >= 0.9 * static_cast<double>(total));
    }
}
