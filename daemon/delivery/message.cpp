#include "vigie/delivery/message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "delivery/words.hpp"
#include "vigie/alerts/severity.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/delivery/escape.hpp"

namespace vigie::delivery {
namespace {

constexpr std::size_t max_alerts = 10;
constexpr std::size_t max_facts = 8;
constexpr std::size_t max_mentions = 3;

/// What depends on the language, for one message.
class Builder {
public:
    Builder(const alerts::Notification& notification, Language language, std::string_view external_url, Time now)
        : notification_(notification), language_(language), words_(words_of(language)), external_url_(external_url), now_(now) {}

    Message build() const;

private:
    static std::string label(const alerts::Alert& alert, const std::string& name) {
        const auto it = alert.labels.find(name);
        return it == alert.labels.end() ? std::string{} : it->second;
    }
    Untrusted annotation(const alerts::Alert& alert, const std::string& name) const;
    MessageAlert alert(const alerts::Alert& alert) const;
    QuotedMention mention(const alerts::Evidence& evidence) const;
    std::string when(const alerts::Alert& alert) const;
    std::string default_summary(const MessageAlert& alert) const;
    std::string title(const Message& message) const;
    std::string why_now() const;
    std::string late() const;
    template <class... Parts>
    static std::string say(std::string_view pattern, const Parts&... parts) {
        return fmt::format(fmt::runtime(pattern), parts...);
    }

    const alerts::Notification& notification_;
    Language language_;
    const Words& words_;
    std::string_view external_url_;
    Time now_;
};

Untrusted Builder::annotation(const alerts::Alert& alert, const std::string& name) const {
    // summary_fr, where a rule has one, for those who read French.
    const auto translated = alert.annotations.find(name + (language_ == Language::fr ? "_fr" : "_en"));
    if (translated != alert.annotations.end() && !translated->second.empty()) return translated->second;
    const auto it = alert.annotations.find(name);
    return it == alert.annotations.end() ? Untrusted{} : it->second;
}

std::string Builder::when(const alerts::Alert& alert) const {
    if (alert.state == alerts::State::resolved && alert.resolved_at) {
        const auto lasted = human_duration(*alert.resolved_at - alert.active_since, language_);
        return say(words_.from_to, human_time(alert.active_since), human_time(*alert.resolved_at), lasted);
    }
    return say(words_.since, human_time(alert.active_since), human_duration(now_ - alert.active_since, language_));
}

std::string Builder::default_summary(const MessageAlert& alert) const {
    const bool over = alert.state == alerts::State::resolved;
    if (alert.brand.empty()) return say(over ? words_.over_no_brand : words_.default_summary_no_brand, alert.name);
    return say(over ? words_.brand_over : words_.default_summary, alert.name, alert.brand);
}

QuotedMention Builder::mention(const alerts::Evidence& evidence) const {
    QuotedMention quoted;
    quoted.author = evidence.author;
    quoted.platform = evidence.platform;
    quoted.text = evidence.text;
    quoted.link = safe_link(evidence.url);
    quoted.meta = human_time(evidence.published);
    if (evidence.reach > 0) {
        const rules::NamedValue reach{"", static_cast<double>(evidence.reach), rules::Unit::number};
        quoted.meta += ", " + say(words_.reach, human_value(reach, language_));
    }
    switch (evidence.sentiment) {
        case SentimentLabel::negative:
            quoted.meta += fmt::format(", {}", words_.negative);
            break;
        case SentimentLabel::neutral:
            quoted.meta += fmt::format(", {}", words_.neutral);
            break;
        case SentimentLabel::positive:
            quoted.meta += fmt::format(", {}", words_.positive);
            break;
    }
    return quoted;
}

MessageAlert Builder::alert(const alerts::Alert& from) const {
    MessageAlert to;
    to.state = from.state;
    to.severity = alerts::severity_of(from.labels);
    to.name = label(from, "alertname");
    if (to.name.empty()) to.name = from.rule.name;
    to.brand = label(from, "brand");
    for (const auto& [name, value] : from.labels) {
        if (name == "alertname" || name == "brand" || name == "severity") continue;
        to.labels += (to.labels.empty() ? "" : ", ") + name + "=" + value;
    }
    to.summary = annotation(from, "summary");
    if (to.summary.empty()) to.summary = Untrusted(default_summary(to));
    to.description = annotation(from, "description");
    for (const auto& value : from.values) {
        if (to.facts.size() == max_facts) break;
        to.facts.push_back({value.name, human_value(value, language_)});
    }
    to.when = when(from);
    for (const auto& evidence : from.evidence) {
        if (to.mentions.size() == max_mentions) break;
        to.mentions.push_back(mention(evidence));
    }
    to.next = annotation(from, "action");
    to.runbook = annotation(from, "runbook");
    if (to.runbook.empty()) to.runbook = annotation(from, "runbook_url");
    to.runbook_link = safe_link(to.runbook);
    if (from.state == alerts::State::resolved) to.because = from.resolved_because;
    return to;
}

std::string Builder::title(const Message& message) const {
    std::string out;
    if (message.status == alerts::State::resolved) {
        out = words_.over;
    } else {
        std::string severity = message.severity.empty() ? std::string(words_.no_severity) : message.severity;
        std::transform(severity.begin(), severity.end(), severity.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        out = "[" + severity + "] ";
    }
    if (message.alerts.empty()) return out + notification_.group_key;
    const MessageAlert& first = message.alerts.front();
    if (!first.brand.empty()) out += first.brand + std::string(words_.colon);
    out += first.name;
    const auto others = notification_.alerts.size() + notification_.truncated - 1;
    if (others > 0) out += " (+" + std::to_string(others) + ")";
    return out;
}

std::string Builder::why_now() const {
    const auto& reason = notification_.reason;
    if (reason == "new_alerts") return std::string(words_.new_alerts);
    if (reason == "severity") return std::string(words_.severity);
    if (reason == "repeat") return std::string(words_.repeat);
    if (reason == "some_resolved") return std::string(words_.some_resolved);
    return {};
}

std::string Builder::late() const {
    const auto by = now_ - notification_.created;
    if (by <= late_after) return {};
    return say(words_.late, human_duration(by, language_), human_time(notification_.created));
}

Message Builder::build() const {
    Message message;
    message.language = language_;
    message.status = notification_.status;
    message.key = notification_.key;
    const alerts::Alert* gravest = nullptr;
    for (const auto& one : notification_.alerts) {
        if (gravest == nullptr || alerts::more_urgent(one, *gravest)) gravest = &one;
        if (message.alerts.size() < max_alerts) message.alerts.push_back(alert(one));
    }
    if (gravest != nullptr) {
        message.severity = alerts::severity_of(gravest->labels);
        message.rank = alerts::severity_rank(message.severity);
        if (!external_url_.empty()) message.link = fmt::format("{}/#/alerts/{}", external_url_, to_hex(gravest->fingerprint));
    }
    message.title = title(message);
    message.why_now = why_now();
    message.late = late();
    const auto hidden = notification_.alerts.size() - message.alerts.size() + notification_.truncated;
    if (hidden > 0) message.more = say(hidden == 1 ? words_.more_one : words_.more_many, hidden);
    message.word_values = words_.values;
    message.word_mentions = words_.mentions;
    message.word_next = words_.next;
    message.word_runbook = words_.runbook;
    message.word_open = words_.open;
    message.word_post = words_.post;
    message.word_because = words_.because;
    return message;
}

/// A heading on a line of its own.
void add_heading(std::string& out, std::string_view heading, std::string_view colon) {
    out.append(heading).append(colon.substr(0, colon.size() - 1)).append("\n");
}

/// A heading with its text on the same line.
void add_line(std::string& out, std::string_view heading, std::string_view colon, const std::string& text) {
    if (text.empty()) return;
    out.append(heading).append(colon).append(text).append("\n");
}

void add_mentions(std::string& out, const Message& message, const MessageAlert& alert, std::string_view colon) {
    if (alert.mentions.empty()) return;
    add_heading(out, message.word_mentions, colon);
    for (const auto& mention : alert.mentions) {
        const std::string author = for_header(mention.author);
        out += "- " + (author.empty() ? std::string{} : author + ", ") + for_header(mention.platform) + " (" + mention.meta + ")\n";
        const std::string text = for_header(mention.text);
        if (!text.empty()) out += "  " + text + "\n";
        if (mention.link) out += "  " + *mention.link + "\n";
    }
}

void add_alert(std::string& out, const Message& message, const MessageAlert& alert, std::string_view colon) {
    out += "\n" + for_plain(alert.summary) + "\n";
    const std::string description = for_plain(alert.description);
    if (!description.empty()) out += description + "\n";
    out += alert.when + "\n";
    add_line(out, message.word_because, colon, for_header(alert.because));
    if (!alert.labels.empty()) out += for_header(alert.labels) + "\n";
    if (!alert.facts.empty()) {
        add_heading(out, message.word_values, colon);
        for (const auto& fact : alert.facts) out += "- " + for_header(fact.name) + std::string(colon) + fact.value + "\n";
    }
    add_mentions(out, message, alert, colon);
    add_line(out, message.word_next, colon, for_plain(alert.next));
    add_line(out, message.word_runbook, colon, alert.runbook_link.value_or(for_header(alert.runbook)));
}

}  // namespace

Message build_message(const alerts::Notification& notification, Language language, std::string_view external_url, Time now) {
    return Builder(notification, language, external_url, now).build();
}

std::string plain_text(const Message& message) {
    const std::string_view colon = words_of(message.language).colon;
    std::string out = for_header(message.title) + "\n";
    if (!message.late.empty()) out += message.late + "\n";
    if (!message.why_now.empty()) out += message.why_now + "\n";
    for (const auto& alert : message.alerts) add_alert(out, message, alert, colon);
    if (!message.more.empty()) out += "\n" + message.more + "\n";
    if (!message.link.empty()) out += "\n" + message.word_open + std::string(colon) + message.link + "\n";
    return out;
}

}  // namespace vigie::delivery
