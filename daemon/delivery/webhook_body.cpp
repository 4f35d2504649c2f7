#include "vigie/delivery/webhook_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vigie/alerts/severity.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::delivery {
namespace {

using alerts::Alert;

constexpr std::string_view no_end = "0001-01-01T00:00:00Z";
constexpr std::size_t small_alerts = 10;

/// Appends JSON; keys and commas are its own business.
class Writer {
public:
    void key(std::string_view name) {
        comma();
        append_json_string(out_, name);
        out_ += ':';
        fresh_ = true;
    }
    void open(char bracket) {
        comma();
        out_ += bracket;
        fresh_ = true;
    }
    void close(char bracket) {
        out_ += bracket;
        fresh_ = false;
    }
    void text(std::string_view bytes) {
        comma();
        if (is_utf8(bytes)) {
            append_json_string(out_, bytes);
        } else {
            append_json_string(out_, clean_utf8(bytes));
        }
    }
    void raw(std::string_view token) {
        comma();
        out_ += token;
    }
    void number(const std::optional<double>& value) {
        if (!value || !std::isfinite(*value)) {
            raw("null");
        } else if (std::trunc(*value) == *value && std::abs(*value) < 1e15) {
            raw(fmt::format("{}", static_cast<std::int64_t>(*value)));
        } else {
            raw(fmt::format("{}", *value));
        }
    }
    void member(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    std::string take() { return std::move(out_); }

private:
    void comma() {
        if (!fresh_) out_ += ',';
        fresh_ = false;
    }
    std::string out_;
    bool fresh_ = true;
};

using Pairs = std::map<std::string, std::string>;

Pairs annotations_of(const Alert& alert) {
    Pairs pairs;
    for (const auto& [name, value] : alert.annotations) pairs.emplace(name, std::string(value.bytes()));
    return pairs;
}

/// The pairs that all of them have.
void keep_common(Pairs& common, const Pairs& other) {
    std::erase_if(common, [&](const auto& pair) {
        const auto it = other.find(pair.first);
        return it == other.end() || it->second != pair.second;
    });
}

void write_pairs(Writer& out, std::string_view name, const Pairs& pairs) {
    out.key(name);
    out.open('{');
    for (const auto& [key, value] : pairs) out.member(key, value);
    out.close('}');
}

std::string link_of(const Alert& alert, const WebhookOptions& options) {
    if (options.external_url.empty()) return {};
    return fmt::format("{}/#/alerts/{}", options.external_url, to_hex(alert.fingerprint));
}

Time starts_at(const Alert& alert) {
    return alert.fired_at.value_or(alert.active_since);
}

void write_alert(Writer& out, const Alert& alert, const WebhookOptions& options) {
    const bool over = alert.state == alerts::State::resolved;
    out.open('{');
    out.member("status", over ? "resolved" : "firing");
    write_pairs(out, "labels", alert.labels);
    write_pairs(out, "annotations", annotations_of(alert));
    out.member("startsAt", format_time(starts_at(alert)));
    out.member("endsAt", over && alert.resolved_at ? format_time(*alert.resolved_at) : std::string(no_end));
    out.member("generatorURL", link_of(alert, options));
    out.member("fingerprint", to_hex(alert.fingerprint));
    out.close('}');
}

std::string_view unit_name(rules::Unit unit) {
    switch (unit) {
        case rules::Unit::number:
            return "number";
        case rules::Unit::duration:
            return "seconds";
        case rules::Unit::percent:
            return "fraction";
    }
    return "number";
}

void write_values(Writer& out, const Alert& alert) {
    out.key("values");
    out.open('{');
    for (const auto& value : alert.values) {
        out.key(value.name);
        out.number(value.value);
    }
    out.close('}');
    out.key("units");
    out.open('{');
    for (const auto& value : alert.values) {
        if (value.unit != rules::Unit::number) out.member(value.name, unit_name(value.unit));
    }
    out.close('}');
}

void write_explanation(Writer& out, const rules::Explanation& why) {
    out.open('{');
    out.member("text", why.text);
    if (why.value) {
        out.key("value");
        out.number(why.value);
    }
    if (why.truth) {
        out.key("truth");
        out.raw(*why.truth ? "true" : "false");
    }
    if (!why.note.empty()) out.member("note", why.note);
    if (!why.parts.empty()) {
        out.key("parts");
        out.open('[');
        for (const auto& part : why.parts) write_explanation(out, part);
        out.close(']');
    }
    out.close('}');
}

std::string_view sentiment_name(SentimentLabel label) {
    switch (label) {
        case SentimentLabel::negative:
            return "negative";
        case SentimentLabel::neutral:
            return "neutral";
        case SentimentLabel::positive:
            return "positive";
    }
    return "neutral";
}

void write_evidence(Writer& out, const Alert& alert) {
    out.key("evidence");
    out.open('[');
    for (const auto& evidence : alert.evidence) {
        out.open('{');
        out.member("id", evidence.id);
        out.member("platform", evidence.platform);
        out.member("author", evidence.author.bytes());
        out.member("text", evidence.text.bytes());
        out.member("url", evidence.url.bytes());
        out.member("published", format_time(evidence.published));
        out.key("reach");
        out.raw(std::to_string(evidence.reach));
        out.key("engagement");
        out.raw(std::to_string(evidence.engagement));
        out.member("sentiment", sentiment_name(evidence.sentiment));
        out.close('}');
    }
    out.close(']');
}

void write_detail(Writer& out, const Alert& alert, const WebhookOptions& options) {
    out.open('{');
    out.member("fingerprint", to_hex(alert.fingerprint));
    out.member("rule", alert.rule.file + "/" + alert.rule.group + "/" + alert.rule.name);
    out.member("level", alerts::severity_of(alert.labels));
    out.member("activeSince", format_time(alert.active_since));
    out.member("because", alert.resolved_because);
    out.member("link", link_of(alert, options));
    write_values(out, alert);
    if (!options.small) {
        out.key("why");
        write_explanation(out, alert.why);
        write_evidence(out, alert);
    }
    out.close('}');
}

void write_vigie(Writer& out, const alerts::Notification& notification, std::size_t shown, const WebhookOptions& options) {
    const Alert* gravest = nullptr;
    for (const auto& alert : notification.alerts) {
        if (gravest == nullptr || alerts::more_urgent(alert, *gravest)) gravest = &alert;
    }
    out.key("vigie");
    out.open('{');
    out.member("key", notification.key);
    out.member("reason", notification.reason);
    out.member("created", format_time(notification.created));
    out.member("level", gravest == nullptr ? std::string_view{} : alerts::severity_of(gravest->labels));
    const auto brand = gravest == nullptr ? Labels::const_iterator{} : gravest->labels.find("brand");
    out.member("brand", gravest == nullptr || brand == gravest->labels.end() ? std::string{} : brand->second);
    out.member("link", gravest == nullptr ? std::string{} : link_of(*gravest, options));
    out.key("alerts");
    out.open('[');
    for (std::size_t i = 0; i < shown; ++i) write_detail(out, notification.alerts[i], options);
    out.close(']');
    out.close('}');
}

}  // namespace

std::string webhook_body(const alerts::Notification& notification, const WebhookOptions& options) {
    std::size_t shown = notification.alerts.size();
    if (options.max_alerts > 0) shown = std::min(shown, options.max_alerts);
    if (options.small) shown = std::min(shown, small_alerts);
    Pairs labels;
    Pairs annotations;
    for (std::size_t i = 0; i < shown; ++i) {
        const Alert& alert = notification.alerts[i];
        if (i == 0) {
            labels = alert.labels;
            annotations = annotations_of(alert);
        } else {
            keep_common(labels, alert.labels);
            keep_common(annotations, annotations_of(alert));
        }
    }
    Writer out;
    out.open('{');
    out.member("version", "4");
    out.member("groupKey", notification.group_key);
    out.key("truncatedAlerts");
    out.raw(std::to_string(notification.alerts.size() - shown + notification.truncated));
    out.member("status", notification.status == alerts::State::resolved ? "resolved" : "firing");
    out.member("receiver", notification.receiver);
    write_pairs(out, "groupLabels", notification.group);
    write_pairs(out, "commonLabels", labels);
    write_pairs(out, "commonAnnotations", annotations);
    out.member("externalURL", options.external_url);
    out.key("alerts");
    out.open('[');
    for (std::size_t i = 0; i < shown; ++i) write_alert(out, notification.alerts[i], options);
    out.close(']');
    write_vigie(out, notification, shown, options);
    out.close('}');
    return out.take();
}

}  // namespace vigie::delivery
