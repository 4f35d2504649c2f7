// Agreement with gofeed's expected parses: id, title, link, published, updated, author and text of each entry, title and link of each feed.
#include <doctest/doctest.h>
#include <simdjson.h>

#include <map>
#include <set>

#include "sources/corpora.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/sources/feed.hpp"

namespace {

using namespace vigie;
using namespace vigie::sources;
using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string text_at(const object& from, std::string_view key) {
    std::string_view text;
    return from.at_key(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::string normal(std::string_view text) {
    std::string out;
    for (const char c : html_to_text(text, "").text) out += c == '\n' ? ' ' : c;
    return out;
}

/// Equal as people read it: theirs is markup where a feed has markup, ours is text.
bool same_text(std::string_view ours, std::string_view theirs) {
    std::string flat(ours);
    std::replace(flat.begin(), flat.end(), '\n', ' ');
    return ours == theirs || flat == normal(theirs) || normal(ours) == normal(theirs);
}

std::string first_author(const object& from) {
    for (const char* key : {"authors", "author"}) {
        element value;
        if (from.at_key(key).get(value) != simdjson::SUCCESS) continue;
        array list;
        object one;
        std::string_view text;
        if (value.get(text) == simdjson::SUCCESS) return std::string(text);
        if (value.get(list) == simdjson::SUCCESS) {
            if (list.size() == 0) continue;
            if (list.at(0).get(one) != simdjson::SUCCESS) continue;
        } else if (value.get(one) != simdjson::SUCCESS) {
            continue;
        }
        const std::string name = text_at(one, "name");
        return name.empty() ? text_at(one, "email") : name;
    }
    return {};
}

struct Differences {
    std::vector<std::string> lines;
    void add(const std::string& field, std::string_view ours, std::string_view theirs) {
        lines.push_back(field + ": ours \"" + std::string(ours.substr(0, 120)) + "\", theirs \"" + std::string(theirs.substr(0, 120)) +
                        "\"");
    }
};

void compare_time(const std::string& field, const std::optional<Time>& ours, const std::string& parsed, Differences& out) {
    const Result<Time> theirs = parse_time(parsed);
    if (!theirs || parsed.starts_with("0001-")) return;
    if (!ours || to_millis(*ours) != to_millis(*theirs)) out.add(field, ours ? format_time(*ours) : "none", parsed);
}

std::string link_of(const object& expected) {
    std::string link = text_at(expected, "link");
    if (link.empty()) link = text_at(expected, "url");
    array links;
    if (!link.empty() || expected.at_key("links").get(links) != simdjson::SUCCESS) return link;
    for (const element value : links) {
        object one;
        if (value.get(one) != simdjson::SUCCESS) continue;
        const std::string rel = text_at(one, "rel");
        if (rel.empty() || rel == "alternate") return text_at(one, "href");
    }
    return link;
}

std::string id_of(const object& expected) {
    object guid;
    if (expected.at_key("guid").get(guid) == simdjson::SUCCESS) return text_at(guid, "value");
    const std::string id = text_at(expected, "guid");
    return id.empty() ? text_at(expected, "id") : id;
}

std::string content_of(const object& expected) {
    object content;
    if (expected.at_key("content").get(content) == simdjson::SUCCESS) return text_at(content, "value");
    for (const char* key : {"content", "content_html", "content_text"})
        if (const std::string text = text_at(expected, key); !text.empty()) return text;
    return {};
}

void compare_entry(const std::string& where, const Entry& entry, const object& expected, Differences& out) {
    if (const std::string id = id_of(expected); !id.empty() && !same_text(entry.id, id)) out.add(where + "id", entry.id, id);
    if (const std::string title = text_at(expected, "title"); !same_text(entry.title, title)) out.add(where + "title", entry.title, title);
    if (const std::string link = link_of(expected); !link.empty() && entry.link != link) out.add(where + "link", entry.link, link);
    for (const char* key : {"publishedParsed", "pubDateParsed", "date_published"})
        compare_time(where + key, entry.published, text_at(expected, key), out);
    for (const char* key : {"updatedParsed", "date_modified"}) compare_time(where + key, entry.updated, text_at(expected, key), out);
    if (const std::string author = first_author(expected); !author.empty()) {
        const FeedAuthor ours = entry.authors.empty() ? FeedAuthor() : entry.authors.front();
        if (!same_text(ours.name, author) && ours.email != author) out.add(where + "author", ours.name, author);
    }
    if (const std::string content = content_of(expected); !content.empty() && !same_text(entry.content.text, content))
        out.add(where + "content", entry.content.text, content);
    for (const char* key : {"description", "summary"})
        if (const std::string text = text_at(expected, key); !text.empty() && !same_text(entry.summary.text, text))
            out.add(where + "summary", entry.summary.text, text);
}

Differences compare(const std::string& body, const object& expected) {
    Differences out;
    const Result<Feed> feed = parse_feed(body, FeedContext());
    if (!feed) {
        out.lines.push_back("not read: " + feed.error().text());
        return out;
    }
    if (!same_text(feed->title, text_at(expected, "title"))) out.add("title", feed->title, text_at(expected, "title"));
    std::string link = link_of(expected);
    if (link.empty()) link = text_at(expected, "home_page_url");
    if (!link.empty() && feed->link != link) out.add("link", feed->link, link);
    array items;
    if (expected.at_key("items").get(items) != simdjson::SUCCESS && expected.at_key("entries").get(items) != simdjson::SUCCESS) return out;
    if (items.size() != feed->entries.size()) {
        out.add("entries", std::to_string(feed->entries.size()), std::to_string(items.size()));
        return out;
    }
    std::size_t i = 0;
    for (const element item : items) {
        object one;
        if (item.get(one) == simdjson::SUCCESS) compare_entry("entry " + std::to_string(i) + " ", feed->entries[i], one, out);
        ++i;
    }
    return out;
}

struct Pair {
    std::filesystem::path feed, expected;
};

std::vector<Pair> pairs_under(const std::filesystem::path& root) {
    std::vector<Pair> pairs;
    for (const auto& path : corpora::files_under(root)) {
        std::filesystem::path expected = path;
        if (path.extension() == ".xml") {
            expected.replace_extension(".json");
        } else if (path.stem().string().ends_with("_expected")) {
            continue;
        } else {
            expected.replace_filename(path.stem().string() + "_expected.json");
        }
        if (std::filesystem::exists(expected)) pairs.push_back({path, expected});
    }
    return pairs;
}

/// Names of the pairs that are known to differ, from the file beside this one; found by VIGIE_SOURCE_DIR, or below the working directory.
std::set<std::string> known_differences() {
    std::set<std::string> known;
    const char* root = std::getenv("VIGIE_SOURCE_DIR");
    std::ifstream in(std::filesystem::path(root != nullptr ? root : ".") / "tests/sources/gofeed_known_differences.txt");
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line[0] != '#') known.insert(line.substr(0, line.find(' ')));
    return known;
}

}  // namespace

TEST_CASE("gofeed's expected parses: 97 % agree, the rest is listed with its reason") {
    const auto root = corpora::feeds();
    if (!root) {
        MESSAGE("VIGIE_CORPORA is not set: skipped");
        return;
    }
    const std::set<std::string> known = known_differences();
    std::size_t agree = 0, total = 0;
    for (const auto& pair : pairs_under(*root / "gofeed")) {
        simdjson::dom::parser parser;
        object expected;
        const std::string expected_text = corpora::read(pair.expected);
        if (parser.parse(expected_text).get(expected) != simdjson::SUCCESS) continue;
        ++total;
        const Differences differences = compare(corpora::read(pair.feed), expected);
        const std::string name = pair.feed.lexically_relative(*root / "gofeed").generic_string();
        if (differences.lines.empty()) {
            ++agree;
            continue;
        }
        std::string lines;
        for (const auto& line : differences.lines) lines += "\n    " + line;
        const bool listed = known.count(name) > 0;
        if (!listed) MESSAGE("unlisted difference: " << name << lines);
        CHECK(listed);
    }
    REQUIRE(total > 500);
    MESSAGE("gofeed: " << agree << " of " << total << " pairs agree (" << 100.0 * static_cast<double>(agree) / static_cast<double>(total)
                       << " %)");
    CHECK(static_cast<double>(agree) >= 0.97 * static_cast<double>(total));
}
