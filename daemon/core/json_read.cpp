#include <fmt/format.h>
#include <simdjson.h>

#include "core/json_fields.hpp"
#include "core/json_repair.hpp"
#include "core/json_split.hpp"
#include "vigie/core/record_json.hpp"

namespace vigie {
namespace {

constexpr std::string_view kind_expected = "one of post, repost, reply, quote, article, comment, review, video";
constexpr std::string_view type_expected = "one of item, count, takedown, account, delete";

/// A record, or why there is none.
using Outcome = std::variant<Record, Rejection>;

template <class T>
Outcome outcome(JsonFields& fields, T record) {
    if (auto rejection = fields.rejection()) return std::move(*rejection);
    return Record(std::move(record));
}

class RecordParser {
public:
    RecordParser(simdjson::dom::object object, std::uint64_t& unknown) : fields_(object, ""), unknown_(unknown) {}

    Outcome parse() {
        const auto type = fields_.optional("type");
        std::string_view name;
        if (!type) {
            fields_.reject("type", "nothing", std::string(type_expected));
        } else if (type->get_string().get(name) != simdjson::SUCCESS) {
            fields_.reject_value("type", *type, std::string(type_expected));
        }
        if (auto rejection = fields_.rejection()) return std::move(*rejection);
        auto result = parse_as(name, *type);
        unknown_ += fields_.unknown();
        return result;
    }

private:
    Outcome parse_as(std::string_view name, JsonElement type) {
        if (name == "item") return item();
        if (name == "count") return count();
        if (name == "takedown") return takedown();
        if (name == "account") return account();
        if (name == "delete") return deletion();
        fields_.reject_value("type", type, std::string(type_expected));
        return *fields_.rejection();
    }

    // Shorthands: the field's own name is said once.
    std::string text(std::string_view name, std::size_t limit) { return fields_.text(name, fields_.optional(name), limit); }
    std::string limited(std::string_view name, std::size_t limit) { return fields_.string(name, fields_.optional(name), limit); }
    std::string required_name(std::string_view name, std::size_t limit) {
        return fields_.filled(name, fields_.required(name, "a string"), limit);
    }
    std::optional<Time> time(std::string_view name) { return fields_.time(name, fields_.optional(name)); }
    Time required_time(std::string_view name) {
        return fields_.time(name, fields_.required(name, "a time such as 2026-03-01T09:30:00Z")).value_or(Time{});
    }
    Untrusted untrusted(std::string_view name, std::size_t limit) { return Untrusted(text(name, limit)); }

    Outcome item() {
        Item item;
        item.id = required_name("id", max_id_bytes);
        item.platform = fields_.platform("platform", fields_.required("platform", "a string"));
        item.published = required_time("published");
        item.text = Untrusted(fields_.text("text", fields_.required("text", "a string"), max_text_bytes));
        read_kind(item);
        item.url = untrusted("url", max_short_text_bytes);
        item.observed = time("observed");
        item.title = untrusted("title", max_short_text_bytes);
        item.language = limited("language", max_name_bytes);
        read_author(item.author);
        read_engagement(item.engagement);
        read_rating(item);
        item.parent = limited("parent", max_id_bytes);
        item.repost_of = limited("repost_of", max_id_bytes);
        read_links(item.links);
        item.source = limited("source", max_name_bytes);
        return outcome(fields_, std::move(item));
    }

    void read_kind(Item& item) {
        const auto value = fields_.optional("kind");
        if (!value) return;
        std::string_view name;
        const bool is_string = value->get_string().get(name) == simdjson::SUCCESS;
        const auto kind = is_string ? parse_kind(name) : std::nullopt;
        if (kind) {
            item.kind = *kind;
        } else {
            fields_.reject_value("kind", *value, std::string(kind_expected));
        }
    }

    void read_author(Author& author) {
        const auto object = fields_.object("author", fields_.optional("author"));
        if (!object) return;
        JsonFields fields(*object, "author.");
        author.handle = Untrusted(fields.text("handle", fields.optional("handle"), max_handle_bytes));
        author.name = Untrusted(fields.text("name", fields.optional("name"), max_handle_bytes));
        author.followers = fields.whole("followers", fields.optional("followers"));
        author.created = fields.time("created", fields.optional("created"));
        author.verified = fields.boolean("verified", fields.optional("verified"));
        leave(fields);
    }

    void read_engagement(Engagement& engagement) {
        const auto object = fields_.object("engagement", fields_.optional("engagement"));
        if (!object) return;
        JsonFields fields(*object, "engagement.");
        engagement.likes = fields.whole("likes", fields.optional("likes"));
        engagement.reposts = fields.whole("reposts", fields.optional("reposts"));
        engagement.replies = fields.whole("replies", fields.optional("replies"));
        engagement.shares = fields.whole("shares", fields.optional("shares"));
        engagement.views = fields.whole("views", fields.optional("views"));
        leave(fields);
    }

    void read_rating(Item& item) {
        const auto value = fields_.optional("rating");
        item.rating = fields_.number("rating", value);
        if (item.rating && !(*item.rating >= 0 && *item.rating <= 5)) fields_.reject_value("rating", *value, "a number from 0 to 5");
    }

    void read_links(std::vector<Untrusted>& links) {
        const auto array = fields_.array("links", fields_.optional("links"));
        if (!array) return;
        std::size_t index = 0;
        std::size_t total = 0;
        for (const auto element : *array) {
            const auto name = fmt::format("links[{}]", index++);
            auto link = fields_.text(name, element, max_short_text_bytes + 4);
            if (fields_.rejection()) return;
            // A cut link would lead elsewhere: rather none.
            if (link.size() > max_short_text_bytes || total + link.size() > max_links_bytes || links.size() == max_links) continue;
            total += link.size();
            links.emplace_back(std::move(link));
        }
    }

    Outcome count() {
        Count count;
        count.series = required_name("series", max_name_bytes);
        count.brand = required_name("brand", max_name_bytes);
        count.start = required_time("start");
        read_span(count);
        count.value = fields_.number("value", fields_.required("value", "a number")).value_or(0);
        count.source = limited("source", max_name_bytes);
        return outcome(fields_, std::move(count));
    }

    void read_span(Count& count) {
        const auto value = fields_.required("span", "a duration such as 1h");
        if (!value) return;
        std::string_view raw;
        if (value->get_string().get(raw) == simdjson::SUCCESS) {
            if (const auto span = parse_duration(raw); span && span->count() > 0) {
                count.span = *span;
                return;
            }
        }
        fields_.reject_value("span", *value, "a duration above zero, such as 1h or 5m");
    }

    Outcome takedown() {
        Takedown takedown;
        takedown.brand = required_name("brand", max_name_bytes);
        takedown.at = required_time("at");
        takedown.target = Untrusted(required_name("target", max_short_text_bytes));
        takedown.platform = fields_.platform("platform", fields_.optional("platform"));
        takedown.url = untrusted("url", max_short_text_bytes);
        takedown.reason = text("reason", max_short_text_bytes);
        takedown.by = text("by", max_handle_bytes);
        return outcome(fields_, std::move(takedown));
    }

    Outcome account() {
        AccountSeen account;
        account.platform = fields_.platform("platform", fields_.required("platform", "a string"));
        account.handle = Untrusted(required_name("handle", max_handle_bytes));
        account.name = untrusted("name", max_handle_bytes);
        account.followers = fields_.whole("followers", fields_.optional("followers"));
        account.created = time("created");
        account.observed = time("observed");
        return outcome(fields_, std::move(account));
    }

    Outcome deletion() {
        Delete deletion;
        deletion.id = required_name("id", max_id_bytes);
        deletion.at = required_time("at");
        return outcome(fields_, std::move(deletion));
    }

    void leave(const JsonFields& nested) {
        fields_.adopt(nested.rejection());
        unknown_ += nested.unknown();
    }

    JsonFields fields_;
    std::uint64_t& unknown_;
};

std::string expected_of(simdjson::error_code code) {
    switch (code) {
        case simdjson::NUMBER_ERROR:
            return "numbers that are finite, and whole ones of at most 64 bits";
        case simdjson::DEPTH_ERROR:
            return fmt::format("lists and objects nested at most {} deep", max_record_depth);
        case simdjson::EMPTY:
            return "a JSON object";
        case simdjson::UNCLOSED_STRING:
            return "a JSON object on one line, with every string closed";
        case simdjson::UNESCAPED_CHARS:
            return "a JSON object whose strings have their control characters escaped";
        case simdjson::STRING_ERROR:
            return "a JSON object whose strings have valid escapes";
        default:
            return "one valid JSON object";
    }
}

/// Whether the text is still well nested in spite of the error, so that its neighbours in an array can be told apart.
bool local(simdjson::error_code code) noexcept {
    return code == simdjson::NUMBER_ERROR || code == simdjson::DEPTH_ERROR;
}

}  // namespace

struct RecordReader::Impl {
    simdjson::dom::parser parser;
    std::string buffer;  ///< the line, repaired and padded as simdjson wants it
    std::uint64_t unknown = 0;

    /// `broken` tells whether the text is not even JSON.
    Outcome parse(std::string_view json, bool& broken);
};

Outcome RecordReader::Impl::parse(std::string_view json, bool& broken) {
    broken = false;
    if (json.size() > max_record_bytes) {
        return Rejection{0, "", fmt::format("{} bytes", json.size()), fmt::format("at most {} bytes in one record", max_record_bytes)};
    }
    buffer.clear();
    append_repaired(buffer, json);
    const std::size_t length = buffer.size();
    buffer.append(simdjson::SIMDJSON_PADDING, ' ');
    simdjson::error_code code = simdjson::SUCCESS;
    if (parser.capacity() < length || parser.max_depth() != max_record_depth) code = parser.allocate(length + length / 2, max_record_depth);
    JsonElement root;
    if (code == simdjson::SUCCESS) code = parser.parse(buffer.data(), length, false).get(root);
    if (code != simdjson::SUCCESS) {
        broken = !local(code);
        const auto shown = excerpt(std::string_view(buffer).substr(0, length));
        return Rejection{0, "", shown.empty() ? "nothing" : shown, expected_of(code)};
    }
    simdjson::dom::object object;
    if (root.get_object().get(object) != simdjson::SUCCESS) return Rejection{0, "", describe_json(root), "a JSON object"};
    return RecordParser(object, unknown).parse();
}

RecordReader::RecordReader() : impl_(std::make_unique<Impl>()) {}
RecordReader::~RecordReader() = default;
RecordReader::RecordReader(RecordReader&&) noexcept = default;
RecordReader& RecordReader::operator=(RecordReader&&) noexcept = default;

std::uint64_t RecordReader::unknown_fields() const noexcept {
    return impl_->unknown;
}

std::variant<Record, Rejection> RecordReader::parse(std::string_view json, std::int64_t line) {
    bool broken = false;
    auto result = impl_->parse(json, broken);
    if (auto* rejection = std::get_if<Rejection>(&result)) rejection->line = line;
    return result;
}

void RecordReader::parse_lines(std::string_view ndjson, const std::function<void(Record&&, std::int64_t)>& on_record,
                               const std::function<void(Rejection&&)>& on_rejection) {
    LineSplitter lines(ndjson);
    while (const auto line = lines.next()) {
        auto result = parse(line->text, line->number);
        if (auto* record = std::get_if<Record>(&result)) {
            on_record(std::move(*record), line->number);
        } else {
            on_rejection(std::get<Rejection>(std::move(result)));
        }
    }
}

void RecordReader::parse_array(std::string_view json, const std::function<void(Record&&, std::int64_t)>& on_record,
                               const std::function<void(Rejection&&)>& on_rejection) {
    ArraySplitter elements(json);
    while (const auto element = elements.next()) {
        bool broken = false;
        auto result = impl_->parse(element->text, broken);
        if (auto* record = std::get_if<Record>(&result)) {
            on_record(std::move(*record), element->number);
            continue;
        }
        auto& rejection = std::get<Rejection>(result);
        rejection.line = element->number;
        on_rejection(std::move(rejection));
        if (broken) return;
    }
    if (auto rejection = elements.broken()) on_rejection(std::move(*rejection));
}

}  // namespace vigie
