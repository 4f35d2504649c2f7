#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "rules/decode.hpp"
#include "rules/place.hpp"
#include "vigie/rules/test_file.hpp"

namespace vigie::rules {
namespace {

using doc::Diagnostics;
using doc::Fields;
using doc::Node;

constexpr std::int64_t most_followers = 10'000'000'000;

std::vector<std::string> texts(const Node* node, std::string_view what, Diagnostics& diagnostics) {
    std::vector<std::string> out;
    for (const Node* item : scalar_list(node, what, diagnostics)) out.push_back(item->text);
    return out;
}

Labels text_map(const Node* node, std::string_view what, Diagnostics& diagnostics) {
    Labels out;
    for (const auto& [key, value] : scalar_map(node, what, diagnostics)) out[key->text] = value->text;
    return out;
}

std::optional<SentimentLabel> sentiment(Fields& fields) {
    const auto word = fields.word("sentiment", {"negative", "neutral", "positive"});
    if (!word) return std::nullopt;
    return *word == "negative" ? SentimentLabel::negative : *word == "positive" ? SentimentLabel::positive : SentimentLabel::neutral;
}

std::optional<Kind> kind(Fields& fields) {
    const auto word = fields.word("kind", {"post", "repost", "reply", "quote", "article", "comment", "review", "video"});
    return word ? parse_kind(*word) : std::nullopt;
}

Duration offset(Fields& fields, std::string_view key) {
    if (fields.required_node(key) == nullptr) return {};
    return fields.duration(key, Duration{0}, max_test_span).value_or(Duration{0});
}

/// Reads one test of a file whose brands are known.
class TestReader {
public:
    TestReader(const Node& node, const std::vector<Brand>& brands, Diagnostics& diagnostics)
        : fields_(node, "a test", diagnostics), diagnostics_(diagnostics), brands_(brands) {
        test_.mark = node.mark;
    }

    Test read() {
        test_.name = fields_.required_string("name").value_or("");
        start();
        test_.interval = fields_.duration("interval", std::chrono::seconds{1}, std::chrono::days{1}).value_or(test_.interval);
        fields_.each("series", [&](const Node& node) { test_.series.push_back(series(node)); });
        fields_.each("items", [&](const Node& node) { item(node); });
        fields_.each("takedowns", [&](const Node& node) { takedown(node); });
        fields_.each("outages", [&](const Node& node) { test_.outages.push_back(outage(node, "source")); });
        fields_.each("receiver_outages", [&](const Node& node) { test_.receiver_outages.push_back(outage(node, "receiver")); });
        restarts();
        fields_.each("silences", [&](const Node& node) { silence(node); });
        expectations();
        fields_.finish();
        return std::move(test_);
    }

private:
    void start() {
        test_.start = from_millis(1'767'225'600'000);  // 2026-01-01T00:00:00Z
        const Node* node = fields_.node("start");
        if (node == nullptr) return;
        const auto time = parse_time(node->text);
        if (node->kind != doc::NodeKind::scalar || !time.ok())
            diagnostics_.expected(node->mark, doc::describe(*node), "a time such as 2026-03-02T00:00:00Z");
        else if (to_millis(*time) % std::chrono::milliseconds{std::chrono::minutes{1}}.count() != 0)
            diagnostics_.expected(node->mark, doc::describe(*node), "a time on a full minute");
        else
            test_.start = *time;
    }

    const Brand* find_brand(const std::string& name) const {
        const auto found = std::find_if(brands_.begin(), brands_.end(), [&](const Brand& b) { return b.name == name; });
        return found == brands_.end() ? nullptr : &*found;
    }

    /// The brand that a part names. Without one: the only brand if there is just one and `needed`, else "".
    std::string brand(Fields& fields, bool needed) {
        const Node* node = fields.node("brand");
        if (node == nullptr) {
            if (!needed) return {};
            if (brands_.size() == 1) return brands_[0].name;
            diagnostics_.error(fields.mark(), "needs the key brand, since the file has several brands");
            return {};
        }
        if (find_brand(node->text) != nullptr) return node->text;
        std::vector<std::string> known;
        for (const Brand& b : brands_) known.push_back(b.name);
        diagnostics_.expected(node->mark, doc::describe(*node), "a brand of this file" + did_you_mean(node->text, known));
        return {};
    }

    TestSeries series(const Node& node) {
        Fields fields(node, "a series", diagnostics_);
        TestSeries out;
        out.mark = node.mark;
        out.brand = brand(fields, true);
        out.platform = fields.string("platform").value_or(out.platform);
        out.language = fields.string("language").value_or(out.language);
        out.source = fields.string("source").value_or(out.source);
        out.sentiment = sentiment(fields).value_or(out.sentiment);
        out.followers = fields.integer("followers", 0, most_followers).value_or(0);
        out.kind = kind(fields).value_or(out.kind);
        if (fields.boolean("repost").value_or(false)) out.kind = Kind::repost;
        out.rating = fields.number("rating", 0, 5);
        out.count = fields.string("count").value_or("");
        authors(fields, out);
        functions(fields, out);
        values(fields, out);
        fields.finish();
        return out;
    }

    void authors(Fields& fields, TestSeries& out) {
        const Node* node = fields.node("authors");
        if (node == nullptr || node->text == "distinct") return;
        if (node->text == "same")
            out.authors = 1;
        else
            out.authors = fields.integer("authors", 1, max_test_mentions).value_or(0);
    }

    void functions(Fields& fields, TestSeries& out) {
        const Brand* of = find_brand(out.brand);
        for (const Node* node : scalar_list(fields.node("functions"), "names of functions", diagnostics_)) {
            std::vector<std::string> known;
            if (of != nullptr)
                for (const auto& f : of->functions) known.push_back(f.name);
            if (of != nullptr && std::find(known.begin(), known.end(), node->text) == known.end())
                diagnostics_.expected(node->mark, doc::describe(*node), "a function of the brand" + did_you_mean(node->text, known));
            out.functions.push_back(node->text);
        }
    }

    void values(Fields& fields, TestSeries& out) {
        const Node* node = fields.required_node("values");
        if (node == nullptr) return;
        if (node->kind != doc::NodeKind::scalar)
            return diagnostics_.expected(node->mark, doc::describe(*node), "values in one text, as in \"4x60 9 25\"");
        auto values = parse_series(node->text);
        if (!values.ok()) {
            const auto at = static_cast<std::size_t>(std::stoul(values.error().where()));
            return diagnostics_.error(place_in(*node, at), values.error().message());
        }
        out.values = std::move(*values);
        if (test_.interval * static_cast<std::int64_t>(out.values.size()) > max_test_span)
            diagnostics_.error(node->mark, fmt::format("found values over more than {}, expected fewer", format_duration(max_test_span)));
        if (!out.count.empty()) return;
        for (const auto& value : out.values) {
            if (!value) continue;
            if (*value < 0 || *value != std::floor(*value))
                return diagnostics_.error(node->mark, fmt::format("found {} mentions, expected whole numbers from 0", *value));
            mentions_ += static_cast<std::int64_t>(std::min(*value, static_cast<double>(max_test_mentions)));
            if (mentions_ > max_test_mentions)
                return diagnostics_.error(node->mark,
                                          fmt::format("found more than {} mentions in one test, expected fewer", max_test_mentions));
        }
    }

    void item(const Node& node) {
        Fields fields(node, "an item", diagnostics_);
        TestItem out;
        out.mark = node.mark;
        out.at = offset(fields, "at");
        out.brand = brand(fields, false);
        out.sentiment = sentiment(fields);
        Item& item = out.item;
        item.id = fields.string("id").value_or(fmt::format("item-{}-{}", node.mark.line, node.mark.column));
        item.platform = fields.string("platform").value_or("test");
        item.source = fields.string("source").value_or("test");
        item.language = fields.string("language").value_or("");
        item.kind = kind(fields).value_or(Kind::post);
        item.text = Untrusted(clean_utf8(fields.required_string("text").value_or("")));
        item.title = Untrusted(clean_utf8(fields.string("title").value_or("")));
        item.url = Untrusted(clean_utf8(fields.string("url").value_or("")));
        item.author.handle = Untrusted(clean_utf8(fields.string("author").value_or("")));
        item.author.name = Untrusted(clean_utf8(fields.string("author_name").value_or("")));
        item.author.followers = fields.integer("followers", 0, most_followers);
        item.engagement.likes = fields.integer("likes", 0, most_followers);
        item.engagement.reposts = fields.integer("reposts", 0, most_followers);
        item.engagement.replies = fields.integer("replies", 0, most_followers);
        item.engagement.shares = fields.integer("shares", 0, most_followers);
        item.rating = fields.number("rating", 0, 5);
        item.parent = fields.string("parent").value_or("");
        item.repost_of = fields.string("repost_of").value_or("");
        for (auto& link : texts(fields.node("links"), "links", diagnostics_)) item.links.emplace_back(clean_utf8(link));
        fields.finish();
        item.published = test_.start + out.at;
        item.observed = item.published;
        if (!ids_.insert(item.id).second)
            diagnostics_.error(node.mark, fmt::format("found a second item `{}`, expected each id once", item.id));
        test_.items.push_back(std::move(out));
        if (++mentions_ > max_test_mentions)
            diagnostics_.error(node.mark, fmt::format("found more than {} mentions in one test, expected fewer", max_test_mentions));
    }

    void takedown(const Node& node) {
        Fields fields(node, "a takedown", diagnostics_);
        TestTakedown out;
        out.at = offset(fields, "at");
        out.takedown.at = test_.start + out.at;
        out.takedown.brand = brand(fields, true);
        out.takedown.platform = fields.string("platform").value_or("");
        out.takedown.target = Untrusted(clean_utf8(fields.required_string("target").value_or("")));
        out.takedown.url = Untrusted(clean_utf8(fields.string("url").value_or("")));
        out.takedown.reason = fields.string("reason").value_or("");
        out.takedown.by = fields.string("by").value_or("");
        fields.finish();
        test_.takedowns.push_back(std::move(out));
    }

    void span(Fields& fields, Duration& from, Duration& until) {
        from = offset(fields, "from");
        until = offset(fields, "until");
        const Node* node = fields.node("until");
        if (node != nullptr && until <= from) diagnostics_.expected(node->mark, doc::describe(*node), "a time after `from`");
    }

    TestOutage outage(const Node& node, std::string_view what) {
        Fields fields(node, fmt::format("an outage of a {}", what), diagnostics_);
        TestOutage out;
        out.name = fields.required_string(what).value_or("");
        span(fields, out.from, out.until);
        fields.finish();
        return out;
    }

    void silence(const Node& node) {
        Fields fields(node, "a silence", diagnostics_);
        TestSilence out;
        span(fields, out.from, out.until);
        fields.required_node("matchers");
        out.matchers = texts(fields.node("matchers"), "matchers such as alertname=VolumeSurge", diagnostics_);
        fields.finish();
        test_.silences.push_back(std::move(out));
    }

    void restarts() {
        for (const Node* node : scalar_list(fields_.node("restarts"), "times such as 1h30m", diagnostics_)) {
            const auto at = parse_duration(node->text);
            if (!at.ok() || *at > max_test_span || *at < Duration{0})
                diagnostics_.expected(node->mark, doc::describe(*node), "a time from the start, such as 1h30m");
            else if (!test_.restarts.empty() && *at <= test_.restarts.back())
                diagnostics_.expected(node->mark, doc::describe(*node), "times in ascending order");
            else
                test_.restarts.push_back(*at);
        }
    }

    void expectations() {
        const Node* node = fields_.required_node("expect");
        if (node == nullptr) return;
        fields_.each("expect", [&](const Node& one) { test_.expect.push_back(expectation(one)); });
        if (test_.expect.empty())
            diagnostics_.error(node->mark, "found no expectation, expected one at least: a test that cannot fail proves nothing");
    }

    Expectation expectation(const Node& node) {
        Fields fields(node, "an expectation", diagnostics_);
        Expectation out;
        out.mark = node.mark;
        const Node* at = fields.node("at");
        const Node* until = fields.node("until");
        if ((at == nullptr) == (until == nullptr))
            diagnostics_.error(node.mark, "an expectation needs one of `at` (what is so then) and `until` (what was sent up to then)");
        else
            out.at = offset(fields, at != nullptr ? "at" : "until");
        if (!test_.expect.empty() && out.at < test_.expect.back().at)
            diagnostics_.error(node.mark, "found an expectation earlier than the one before it, expected them in ascending order");
        if (fields.node("alerts") != nullptr) {
            out.alerts.emplace();
            fields.each("alerts", [&](const Node& one) { out.alerts->push_back(alert(one)); });
        }
        out.none = texts(fields.node("none"), "names of alerts", diagnostics_);
        if (fields.node("notifications") != nullptr) {
            out.notifications.emplace();
            fields.each("notifications", [&](const Node& one) { out.notifications->push_back(notification(one)); });
        }
        fields.finish();
        if (!out.alerts && out.none.empty() && !out.notifications)
            diagnostics_.error(node.mark, "an expectation needs `alerts`, `none` or `notifications`");
        for (const auto& name : out.none)
            if (out.alerts && std::any_of(out.alerts->begin(), out.alerts->end(), [&](const auto& a) { return a.alert == name; }))
                diagnostics_.error(node.mark, fmt::format("found `{}` in `alerts` and in `none`, expected it in one of them", name));
        return out;
    }

    ExpectedAlert alert(const Node& node) {
        Fields fields(node, "an expected alert", diagnostics_);
        ExpectedAlert out;
        out.mark = node.mark;
        out.alert = fields.required_string("alert").value_or("");
        out.state = fields.word("state", {"pending", "firing", "resolved"}).value_or("firing");
        out.labels = text_map(fields.node("labels"), "labels", diagnostics_);
        out.annotations = text_map(fields.node("annotations"), "annotations", diagnostics_);
        fields.finish();
        return out;
    }

    ExpectedNotification notification(const Node& node) {
        Fields fields(node, "an expected notification", diagnostics_);
        ExpectedNotification out;
        out.mark = node.mark;
        out.receiver = fields.required_string("receiver").value_or("");
        fields.required_node("status");
        out.status = fields.word("status", {"firing", "resolved"}).value_or("");
        fields.required_node("alerts");
        out.alerts = texts(fields.node("alerts"), "names of alerts", diagnostics_);
        std::sort(out.alerts.begin(), out.alerts.end());
        out.alerts.erase(std::unique(out.alerts.begin(), out.alerts.end()), out.alerts.end());
        fields.finish();
        return out;
    }

    Fields fields_;
    Diagnostics& diagnostics_;
    const std::vector<Brand>& brands_;
    Test test_;
    std::int64_t mentions_ = 0;
    std::set<std::string> ids_;
};

Brand read_brand(const Node& node, Diagnostics& diagnostics) {
    static constexpr std::size_t most_functions = 64;
    Fields fields(node, "a brand", diagnostics);
    Brand out;
    out.name = fields.required_string("name").value_or("");
    const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (const Node* name = fields.node("name");
        name != nullptr && (!std::all_of(out.name.begin(), out.name.end(), fine) || out.name.starts_with('-')))
        diagnostics.expected(name->mark, doc::describe(*name), "a name of a-z, 0-9 and -");
    out.display = fields.string("display").value_or(out.name);
    out.query = fields.string("query").value_or('"' + out.name + '"');
    out.timezone = fields.string("timezone").value_or("");
    out.labels = text_map(fields.node("labels"), "labels", diagnostics);
    for (const auto& [name, query] : text_map(fields.node("functions"), "functions", diagnostics)) out.functions.push_back({name, query});
    if (out.functions.size() > most_functions)
        diagnostics.error(node.mark, fmt::format("found more than {} functions, expected fewer", most_functions));
    fields.finish();
    return out;
}

void read_brands(Fields& fields, TestFile& out, Diagnostics& diagnostics) {
    std::set<std::string> names;
    fields.each("brands", [&](const Node& node) {
        Brand brand = read_brand(node, diagnostics);
        if (!names.insert(brand.name).second)
            diagnostics.error(node.mark, fmt::format("found a second brand `{}`, expected each name once", brand.name));
        out.brands.push_back(std::move(brand));
    });
    if (!out.brands.empty()) return;
    Brand acme;
    acme.name = "acme";
    acme.display = "Acme";
    acme.query = "acme";
    out.brands.push_back(std::move(acme));
}

}  // namespace

std::optional<TestFile> decode_test_file(const Node& root, Diagnostics& diagnostics) {
    Diagnostics found(diagnostics.file());
    TestFile out;
    Fields fields(root, "a test file", found);
    if (fields.required_node("rule_files") != nullptr) {
        out.rule_files = texts(fields.node("rule_files"), "names of rule files", found);
        if (out.rule_files.empty()) found.error(fields.node("rule_files")->mark, "found no rule file, expected one at least");
    }
    read_brands(fields, out, found);
    for (const auto& [key, node] : {std::pair{"route", &out.route}, std::pair{"receivers", &out.receivers},
                                    std::pair{"inhibit_rules", &out.inhibit_rules}, std::pair{"time_intervals", &out.time_intervals}})
        if (const Node* given = fields.node(key)) *node = *given;
    std::set<std::string> names;
    const Node* tests = fields.required_node("tests");
    fields.each("tests", [&](const Node& node) {
        if (out.tests.size() >= max_tests_in_file) {
            if (out.tests.size() == max_tests_in_file)
                found.error(node.mark, fmt::format("found more than {} tests, expected fewer", max_tests_in_file));
            return;
        }
        Test test = TestReader(node, out.brands, found).read();
        if (!test.name.empty() && !names.insert(test.name).second)
            found.error(node.mark, fmt::format("found a second test `{}`, expected each name once", test.name));
        out.tests.push_back(std::move(test));
    });
    if (tests != nullptr && out.tests.empty()) found.error(tests->mark, "found no test, expected one at least");
    fields.finish();
    diagnostics.append(found);
    if (!found.ok()) return std::nullopt;
    return out;
}

}  // namespace vigie::rules
