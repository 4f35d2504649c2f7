// Records to JSON, in the order of fields that the contract shows.
#include <fmt/format.h>

#include "vigie/core/record_json.hpp"

namespace vigie {
namespace {

/// One JSON object being written: fields that hold nothing are left out.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
    void close() { out_ += '}'; }

    std::string& key(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        out_ += '"';
        out_ += name;
        out_ += "\":";
        return out_;
    }
    void string(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
    void filled(std::string_view name, std::string_view value) {
        if (!value.empty()) string(name, value);
    }
    void time(std::string_view name, Time value) { string(name, format_time(value)); }
    void time(std::string_view name, const std::optional<Time>& value) {
        if (value) time(name, *value);
    }
    void integer(std::string_view name, const std::optional<std::int64_t>& value) {
        if (value) fmt::format_to(std::back_inserter(key(name)), "{}", *value);
    }
    void number(std::string_view name, double value) { fmt::format_to(std::back_inserter(key(name)), "{}", value); }

private:
    std::string& out_;
    bool first_ = true;
};

void write_author(ObjectWriter& item, std::string& out, const Author& author) {
    if (author == Author{}) return;
    item.key("author");
    ObjectWriter object(out);
    object.filled("handle", author.handle.bytes());
    object.filled("name", author.name.bytes());
    object.integer("followers", author.followers);
    object.time("created", author.created);
    if (author.verified) object.key("verified") += *author.verified ? "true" : "false";
    object.close();
}

void write_engagement(ObjectWriter& item, std::string& out, const Engagement& engagement) {
    if (engagement == Engagement{}) return;
    item.key("engagement");
    ObjectWriter object(out);
    object.integer("likes", engagement.likes);
    object.integer("reposts", engagement.reposts);
    object.integer("replies", engagement.replies);
    object.integer("shares", engagement.shares);
    object.integer("views", engagement.views);
    object.close();
}

void write_links(ObjectWriter& item, const std::vector<Untrusted>& links) {
    if (links.empty()) return;
    std::string& out = item.key("links");
    char before = '[';
    for (const auto& link : links) {
        out += before;
        append_json_string(out, link.bytes());
        before = ',';
    }
    out += ']';
}

void write(std::string& out, const Item& item) {
    ObjectWriter object(out);
    object.string("type", "item");
    object.string("id", item.id);
    object.string("platform", item.platform);
    object.string("kind", to_string(item.kind));
    object.filled("url", item.url.bytes());
    object.time("published", item.published);
    object.time("observed", item.observed);
    object.filled("title", item.title.bytes());
    object.string("text", item.text.bytes());
    object.filled("language", item.language);
    write_author(object, out, item.author);
    write_engagement(object, out, item.engagement);
    if (item.rating) object.number("rating", *item.rating);
    object.filled("parent", item.parent);
    object.filled("repost_of", item.repost_of);
    write_links(object, item.links);
    object.filled("source", item.source);
    object.close();
}

void write(std::string& out, const Count& count) {
    ObjectWriter object(out);
    object.string("type", "count");
    object.string("series", count.series);
    object.string("brand", count.brand);
    object.time("start", count.start);
    object.string("span", format_duration(count.span));
    object.number("value", count.value);
    object.filled("source", count.source);
    object.close();
}

void write(std::string& out, const Takedown& takedown) {
    ObjectWriter object(out);
    object.string("type", "takedown");
    object.string("brand", takedown.brand);
    object.time("at", takedown.at);
    object.filled("platform", takedown.platform);
    object.string("target", takedown.target.bytes());
    object.filled("url", takedown.url.bytes());
    object.filled("reason", takedown.reason);
    object.filled("by", takedown.by);
    object.close();
}

void write(std::string& out, const AccountSeen& account) {
    ObjectWriter object(out);
    object.string("type", "account");
    object.string("platform", account.platform);
    object.string("handle", account.handle.bytes());
    object.filled("name", account.name.bytes());
    object.integer("followers", account.followers);
    object.time("created", account.created);
    object.time("observed", account.observed);
    object.close();
}

void write(std::string& out, const Delete& deletion) {
    ObjectWriter object(out);
    object.string("type", "delete");
    object.string("id", deletion.id);
    object.time("at", deletion.at);
    object.close();
}

/// What stands for the character at `at` in a JSON string; empty: itself. `length` is how many bytes it takes.
std::string_view json_escape(std::string_view utf8, std::size_t at, std::size_t& length) {
    static constexpr std::string_view c0[32] = {"\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
                                                "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",     "\\u000e", "\\u000f",
                                                "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
                                                "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f"};
    length = 1;
    const auto byte = static_cast<unsigned char>(utf8[at]);
    if (byte < 0x20) return c0[byte];
    if (byte == '"') return "\\\"";
    if (byte == '\\') return "\\\\";
    if (byte == 0x7F) return "\\u007f";
    if (byte != 0xE2 || utf8.size() - at < 3 || utf8[at + 1] != '\x80') return {};
    length = 3;
    if (utf8[at + 2] == '\xA8') return "\\u2028";
    if (utf8[at + 2] == '\xA9') return "\\u2029";
    return {};
}

}  // namespace

void append_json_string(std::string& out, std::string_view utf8) {
    out += '"';
    std::size_t plain = 0;  // where the bytes begin that stand for themselves
    for (std::size_t at = 0; at < utf8.size();) {
        std::size_t length = 1;
        const auto escaped = json_escape(utf8, at, length);
        if (!escaped.empty()) {
            out.append(utf8.substr(plain, at - plain)).append(escaped);
            plain = at + length;
        }
        at += length;
    }
    out.append(utf8.substr(plain));
    out += '"';
}

std::string to_json(const Record& record) {
    std::string out;
    std::visit([&out](const auto& value) { write(out, value); }, record);
    return out;
}

}  // namespace vigie
