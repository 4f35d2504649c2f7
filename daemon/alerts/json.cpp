#include "alerts/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>

#include "vigie/core/hash.hpp"

namespace vigie::alerts {
namespace json = boost::json;
namespace {

constexpr std::size_t max_document = 16 << 20;
constexpr std::size_t max_depth = 128;

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

/// Shortest decimal form that reads back exactly; also nan, inf and -inf.
std::string exact(double number) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    return {buffer, end};
}

// Boost.JSON 1.81 reads some decimals one unit in the last place off, and cannot write infinities: those go as text.
void put_number(json::object& out, std::string_view key, double number) {
    if (std::isfinite(number) && std::trunc(number) == number && std::abs(number) < 9e15 && !std::signbit(number)) {
        out[view(key)] = static_cast<std::int64_t>(number);
        return;
    }
    if (std::isfinite(number)) {
        json::error_code error;
        const json::value back = json::parse(json::serialize(json::value(number)), error);
        if (!error && back.is_double() && back.get_double() == number) {
            out[view(key)] = number;
            return;
        }
    }
    out[view(key)] = exact(number);
}

double number_from(const json::value& value) {
    if (const auto* integer = value.if_int64()) return static_cast<double>(*integer);
    if (const auto* integer = value.if_uint64()) return static_cast<double>(*integer);
    if (const auto* number = value.if_double()) return *number;
    if (const auto* text = value.if_string()) {
        double number = 0;
        const char* end = text->data() + text->size();
        const auto [rest, error] = std::from_chars(text->data(), end, number);
        if (error == std::errc{} && rest == end) return number;
    }
    throw BadJson("a number is expected");
}

std::optional<double> number_if_any(const JsonObject& object, std::string_view key) {
    const auto* value = object.find(key);
    if (value == nullptr || value->is_null()) return {};
    return number_from(*value);
}

json::object explanation_to_json(const rules::Explanation& why) {
    json::object out;
    out["text"] = why.text;
    if (why.value) put_number(out, "value", *why.value);
    if (why.truth) out["truth"] = *why.truth;
    if (!why.note.empty()) out["note"] = why.note;
    if (!why.parts.empty()) {
        json::array parts;
        for (const auto& part : why.parts) parts.push_back(explanation_to_json(part));
        out["parts"] = std::move(parts);
    }
    return out;
}

// As deep as the parser lets it be.
rules::Explanation explanation_from_json(const json::value& value) {
    const JsonObject in(value);
    rules::Explanation why;
    why.text = in.text("text");
    why.value = number_if_any(in, "value");
    if (in.find("truth") != nullptr) why.truth = in.flag("truth");
    why.note = in.text_or_empty("note");
    if (in.find("parts") != nullptr) {
        for (const auto& part : in.array("parts")) why.parts.push_back(explanation_from_json(part));
    }
    return why;
}

json::object value_to_json(const rules::NamedValue& named) {
    json::object out;
    out["name"] = named.name;
    if (named.value) put_number(out, "value", *named.value);
    out["unit"] = static_cast<int>(named.unit);
    return out;
}

rules::NamedValue value_from_json(const json::value& value) {
    const JsonObject in(value);
    rules::NamedValue named;
    named.name = in.text("name");
    named.value = number_if_any(in, "value");
    const auto unit = in.integer("unit");
    if (unit < 0 || unit > static_cast<int>(rules::Unit::percent)) throw BadJson("unknown unit");
    named.unit = static_cast<rules::Unit>(unit);
    return named;
}

json::object evidence_to_json(const Evidence& evidence) {
    json::object out;
    out["id"] = evidence.id;
    out["platform"] = evidence.platform;
    out["author"] = view(evidence.author.bytes());
    out["text"] = view(evidence.text.bytes());
    out["url"] = view(evidence.url.bytes());
    out["published"] = to_millis(evidence.published);
    out["reach"] = evidence.reach;
    out["engagement"] = evidence.engagement;
    out["sentiment"] = static_cast<int>(evidence.sentiment);
    return out;
}

Evidence evidence_from_json(const json::value& value) {
    const JsonObject in(value);
    Evidence evidence;
    evidence.id = in.text("id");
    evidence.platform = in.text("platform");
    evidence.author = Untrusted(in.text("author"));
    evidence.text = Untrusted(in.text("text"));
    evidence.url = Untrusted(in.text("url"));
    evidence.published = in.time("published");
    evidence.reach = in.integer("reach");
    evidence.engagement = in.integer("engagement");
    const auto sentiment = in.integer("sentiment");
    if (sentiment < 0 || sentiment > static_cast<int>(SentimentLabel::positive)) throw BadJson("unknown sentiment");
    evidence.sentiment = static_cast<SentimentLabel>(sentiment);
    return evidence;
}

void put_time(json::object& out, std::string_view key, const std::optional<Time>& time) {
    if (time) out[view(key)] = to_millis(*time);
}

State state_from(std::string_view text) {
    for (const State state : {State::pending, State::firing, State::resolved}) {
        if (text == to_string(state)) return state;
    }
    throw BadJson("unknown state");
}

json::object rule_to_json(const rules::RuleId& rule) {
    json::object out;
    out["file"] = rule.file;
    out["group"] = rule.group;
    out["name"] = rule.name;
    return out;
}

}  // namespace

JsonObject::JsonObject(const json::value& value) : object_(value.if_object()) {
    if (object_ == nullptr) throw BadJson("an object is expected");
}

const json::value* JsonObject::find(std::string_view key) const {
    return object_->if_contains(view(key));
}

const json::value& JsonObject::at(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr) throw BadJson("missing: " + std::string(key));
    return *value;
}

std::string JsonObject::text(std::string_view key) const {
    const auto* text = at(key).if_string();
    if (text == nullptr) throw BadJson("not a string: " + std::string(key));
    return {text->data(), text->size()};
}

std::string JsonObject::text_or_empty(std::string_view key) const {
    return find(key) == nullptr ? std::string{} : text(key);
}

std::int64_t JsonObject::integer(std::string_view key) const {
    const auto* integer = at(key).if_int64();
    if (integer == nullptr) throw BadJson("not an integer: " + std::string(key));
    return *integer;
}

bool JsonObject::flag(std::string_view key) const {
    const auto* flag = at(key).if_bool();
    if (flag == nullptr) throw BadJson("not a truth value: " + std::string(key));
    return *flag;
}

std::optional<Time> JsonObject::time_if_any(std::string_view key) const {
    if (find(key) == nullptr) return {};
    return time(key);
}

const json::array& JsonObject::array(std::string_view key) const {
    const auto* array = at(key).if_array();
    if (array == nullptr) throw BadJson("not a list: " + std::string(key));
    return *array;
}

json::object labels_to_json(const Labels& labels) {
    json::object out;
    for (const auto& [name, value] : labels) out[view(name)] = value;
    return out;
}

Labels labels_from_json(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) throw BadJson("labels are an object");
    Labels labels;
    for (const auto& [name, text] : *object) {
        const auto* string = text.if_string();
        if (string == nullptr) throw BadJson("a label is a string");
        labels.emplace(std::string(name.data(), name.size()), std::string(string->data(), string->size()));
    }
    return labels;
}

std::uint64_t hex_from_json(const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr || text->size() != 16) throw BadJson("sixteen hexadecimal digits are expected");
    std::uint64_t number = 0;
    const char* end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, number, 16);
    if (error != std::errc{} || rest != end) throw BadJson("sixteen hexadecimal digits are expected");
    return number;
}

json::object parse_object(std::string_view text) {
    if (text.size() > max_document) throw BadJson("too large");
    json::parse_options options;
    options.max_depth = max_depth;
    options.allow_invalid_utf8 = true;
    json::error_code error;
    json::value value = json::parse(view(text), error, {}, options);
    if (error) throw BadJson("no JSON: " + error.message());
    auto* object = value.if_object();
    if (object == nullptr) throw BadJson("an object is expected");
    const JsonObject in(*object);
    if (in.integer("v") != json_version) throw BadJson("unknown version " + std::to_string(in.integer("v")));
    return std::move(*object);
}

json::object alert_to_json(const Alert& alert) {
    json::object out;
    out["rule"] = rule_to_json(alert.rule);
    out["labels"] = labels_to_json(alert.labels);
    out["fingerprint"] = to_hex(alert.fingerprint);
    out["state"] = view(to_string(alert.state));
    out["active_since"] = to_millis(alert.active_since);
    put_time(out, "fired_at", alert.fired_at);
    put_time(out, "resolved_at", alert.resolved_at);
    if (!alert.resolved_because.empty()) out["resolved_because"] = alert.resolved_because;
    out["last_held"] = to_millis(alert.last_held);
    put_time(out, "no_data_since", alert.no_data_since);
    json::object annotations;
    for (const auto& [name, text] : alert.annotations) annotations[view(name)] = view(text.bytes());
    out["annotations"] = std::move(annotations);
    json::array values;
    for (const auto& named : alert.values) values.push_back(value_to_json(named));
    out["values"] = std::move(values);
    out["why"] = explanation_to_json(alert.why);
    json::array evidence;
    for (const auto& mention : alert.evidence) evidence.push_back(evidence_to_json(mention));
    out["evidence"] = std::move(evidence);
    return out;
}

Alert alert_from_json(const json::value& value) {
    const JsonObject in(value);
    Alert alert;
    const JsonObject rule(in.at("rule"));
    alert.rule = {rule.text("file"), rule.text("group"), rule.text("name")};
    alert.labels = labels_from_json(in.at("labels"));
    alert.fingerprint = hex_from_json(in.at("fingerprint"));
    alert.state = state_from(in.text("state"));
    alert.active_since = in.time("active_since");
    alert.fired_at = in.time_if_any("fired_at");
    alert.resolved_at = in.time_if_any("resolved_at");
    alert.resolved_because = in.text_or_empty("resolved_because");
    alert.last_held = in.time("last_held");
    alert.no_data_since = in.time_if_any("no_data_since");
    for (const auto& [name, text] : labels_from_json(in.at("annotations"))) alert.annotations.emplace(name, Untrusted(text));
    for (const auto& named : in.array("values")) alert.values.push_back(value_from_json(named));
    alert.why = explanation_from_json(in.at("why"));
    for (const auto& mention : in.array("evidence")) alert.evidence.push_back(evidence_from_json(mention));
    return alert;
}

}  // namespace vigie::alerts
