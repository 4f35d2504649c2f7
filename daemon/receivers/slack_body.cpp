#include "receivers/slack_body.hpp"

#include <boost/json.hpp>

#include "vigie/core/json_text.hpp"
#include "vigie/delivery/escape.hpp"

namespace vigie::receivers {
namespace {

namespace json = boost::json;
using delivery::for_slack_mrkdwn;
using delivery::for_slack_plain;
using delivery::Limit;

constexpr std::size_t max_blocks = 50;
constexpr std::size_t section_limit = 3000;
constexpr std::size_t link_limit = 1500;

json::object plain(std::string_view text, std::size_t limit) {
    return {{"type", "plain_text"}, {"text", for_slack_plain(text, Limit{limit})}, {"emoji", false}};
}

json::object mrkdwn(std::string text) {
    return {{"type", "mrkdwn"}, {"text", std::move(text)}, {"verbatim", true}};
}

json::object section(std::string text) {
    return {{"type", "section"}, {"text", mrkdwn(std::move(text))}};
}

json::object context(std::string text) {
    return {{"type", "context"}, {"elements", json::array{mrkdwn(std::move(text))}}};
}

/// A link of ours; "" for a URL so long that it would have to be cut, for a part of it leads nowhere.
std::string link(const std::string& url, std::string_view label) {
    const std::string escaped = for_slack_plain(url);
    if (escaped.size() > link_limit) return {};
    return "<" + escaped + "|" + for_slack_mrkdwn(label, Limit{100}) + ">";
}

const char* mark(const delivery::Message& message) {
    if (message.status == alerts::State::resolved) return "\xF0\x9F\x9F\xA2 ";  // green circle
    return message.rank >= 3 ? "\xF0\x9F\x94\xB4 " : message.rank == 2 ? "\xF0\x9F\x9F\xA0 " : "\xF0\x9F\x9F\xA1 ";
}

/// What happened and since when. The pieces are cut one by one, so that a long one cannot push the others out.
std::string headline(const delivery::MessageAlert& alert) {
    std::string text = "*" + for_slack_mrkdwn(alert.brand + " · " + alert.name, Limit{200}) + "*";
    if (!alert.labels.empty()) text += "  " + for_slack_mrkdwn(alert.labels, Limit{200});
    text += "\n" + for_slack_mrkdwn(alert.summary, Limit{900});
    if (!alert.description.empty()) text += "\n" + for_slack_mrkdwn(alert.description, Limit{900});
    text += "\n" + for_slack_mrkdwn(alert.when, Limit{200});
    if (!alert.because.empty()) text += "\n" + for_slack_mrkdwn(alert.because, Limit{200});
    return delivery::cut(text, Limit{section_limit});
}

void add_facts(json::array& blocks, const delivery::MessageAlert& alert) {
    if (alert.facts.empty()) return;
    json::array fields;
    for (const delivery::Fact& fact : alert.facts) {
        if (fields.size() == 10) break;
        fields.push_back(mrkdwn("*" + for_slack_mrkdwn(fact.name, Limit{200}) + "*\n" + for_slack_mrkdwn(fact.value, Limit{200})));
    }
    blocks.push_back(json::object{{"type", "section"}, {"fields", std::move(fields)}});
}

void add_mentions(json::array& blocks, const delivery::Message& message, const delivery::MessageAlert& alert) {
    if (alert.mentions.empty()) return;
    std::string text = "*" + for_slack_mrkdwn(message.word_mentions, Limit{100}) + "*";
    const auto fits = [&](const std::string& more) {
        return delivery::length_in(text, delivery::LimitUnit::utf16) + delivery::length_in(more, delivery::LimitUnit::utf16) <=
               section_limit;
    };
    for (const delivery::QuotedMention& mention : alert.mentions) {
        // A line feed inside would end the quotation.
        std::string quote = "\n> " + for_slack_mrkdwn(delivery::for_header(mention.author), Limit{100});
        quote += " (" + for_slack_mrkdwn(mention.platform, Limit{60}) + "): ";
        quote += for_slack_mrkdwn(delivery::for_header(mention.text, Limit{300}), Limit{400});
        quote += "\n> _" + for_slack_mrkdwn(mention.meta, Limit{150}) + "_";
        // The words of all of them count for more than the links of the first.
        std::string linked = mention.link ? quote + " " + link(*mention.link, message.word_post) : quote;
        if (fits(linked) && linked.size() <= section_limit / alert.mentions.size() + quote.size())
            text += linked;
        else if (fits(quote))
            text += quote;
    }
    blocks.push_back(section(std::move(text)));
}

void add_next(json::array& blocks, const delivery::Message& message, const delivery::MessageAlert& alert) {
    std::string text;
    if (!alert.next.empty())
        text += "*" + for_slack_mrkdwn(message.word_next, Limit{100}) + "* " + for_slack_mrkdwn(alert.next, Limit{900});
    const std::string runbook = alert.runbook_link ? link(*alert.runbook_link, message.word_runbook) : std::string();
    if (!runbook.empty())
        text += (text.empty() ? "" : "\n") + runbook;
    else if (!alert.runbook.empty())
        text += (text.empty() ? "*" : "\n*") + for_slack_mrkdwn(message.word_runbook, Limit{100}) + "* " +
                for_slack_mrkdwn(alert.runbook, Limit{400});
    if (!text.empty()) blocks.push_back(section(std::move(text)));
}

}  // namespace

std::string slack_body(const delivery::Message& message, bool small) {
    json::array blocks;
    blocks.push_back(json::object{{"type", "header"}, {"text", plain(mark(message) + message.title, 150)}});
    std::string notes = message.why_now;
    if (!message.late.empty()) notes += (notes.empty() ? "" : " ") + message.late;
    if (!notes.empty()) blocks.push_back(context(for_slack_mrkdwn(notes, Limit{1000})));
    std::string last = for_slack_mrkdwn(message.more, Limit{200});
    for (const delivery::MessageAlert& alert : message.alerts) {
        // An alert takes up to four blocks, and the foot two.
        if (blocks.size() + 6 > max_blocks) break;
        blocks.push_back(section(headline(alert)));
        if (small) continue;
        add_facts(blocks, alert);
        add_mentions(blocks, message, alert);
        add_next(blocks, message, alert);
    }
    if (!message.link.empty()) {
        const auto safe = delivery::safe_link(message.link);
        const std::string page = safe ? link(*safe, message.word_open) : std::string();
        if (!page.empty()) last += (last.empty() ? "" : "  ") + page;
    }
    last += (last.empty() ? "" : "  ") + std::string("Vigie ") + for_slack_mrkdwn(message.key, Limit{80});
    blocks.push_back(context(std::move(last)));

    json::object body;
    body["text"] = for_slack_plain(mark(message) + message.title, Limit{1000});
    body["blocks"] = std::move(blocks);
    body["unfurl_links"] = false;
    body["unfurl_media"] = false;
    body["link_names"] = false;
    body["parse"] = "none";
    return json_text(body);
}

}  // namespace vigie::receivers
