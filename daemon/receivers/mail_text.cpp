#include "receivers/mail_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "vigie/core/hash.hpp"
#include "vigie/delivery/escape.hpp"

namespace vigie::receivers {
namespace {

using delivery::for_header;
using delivery::for_html;
using delivery::Limit;

std::string base64(std::string_view bytes) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t block = 0;
        for (std::size_t j = 0; j < 3; ++j) block = block << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j) out += i + j <= bytes.size() ? digits[block >> (18 - 6 * j) & 63] : '=';
    }
    return out;
}

bool plain_ascii(std::string_view text) {
    return text.find("=?") == std::string_view::npos && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string domain_of(std::string_view address) {
    const std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? "vigie.invalid" : std::string(address.substr(at + 1));
}

/// A display name with its address, the name encoded where it must be.
std::string mailbox(std::string_view text) {
    const std::string address = bare_address(text);
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos) return address;
    std::string name = for_header(text.substr(0, open), Limit{100});
    std::erase_if(name, [](char c) { return c == '"' || c == '\\'; });
    if (name.empty()) return address;
    return (plain_ascii(name) ? '"' + name + '"' : encode_header(name)) + " <" + address + ">";
}

const char* colour(const delivery::Message& message) {
    if (message.status == alerts::State::resolved) return "#1f7a4d";
    return message.rank >= 3 ? "#b3261e" : message.rank == 2 ? "#c25700" : "#8a6d00";
}

std::string html_alert(const delivery::Message& message, const delivery::MessageAlert& alert) {
    std::string out =
        fmt::format("<h2 style=\"font-size:17px;margin:24px 0 4px\">{} · {}</h2>", for_html(alert.brand), for_html(alert.name));
    out += "<p style=\"font-size:16px;margin:4px 0\">" + for_html(alert.summary) + "</p>";
    if (!alert.description.empty()) out += "<p style=\"margin:4px 0\">" + for_html(alert.description) + "</p>";
    out += "<p style=\"color:#555;margin:4px 0\">" + for_html(alert.when);
    if (!alert.labels.empty()) out += " · " + for_html(alert.labels);
    if (!alert.because.empty()) out += "<br>" + for_html(alert.because);
    out += "</p>";
    if (!alert.facts.empty()) {
        out += "<table style=\"border-collapse:collapse;margin:8px 0\">";
        for (const delivery::Fact& fact : alert.facts)
            out += "<tr><td style=\"padding:2px 16px 2px 0;color:#555\">" + for_html(fact.name) +
                   "</td><td style=\"padding:2px 0;text-align:right\"><b>" + for_html(fact.value) + "</b></td></tr>";
        out += "</table>";
    }
    if (!alert.mentions.empty()) out += "<p style=\"margin:12px 0 4px\"><b>" + for_html(message.word_mentions) + "</b></p>";
    for (const delivery::QuotedMention& mention : alert.mentions) {
        out += "<blockquote style=\"margin:6px 0;padding:4px 12px;border-left:3px solid #ccc\">" + for_html(mention.text);
        out += "<br><span style=\"color:#555;font-size:13px\">" + for_html(mention.author) + " · " + for_html(mention.platform) + " · " +
               for_html(mention.meta);
        if (mention.link) out += " · <a href=\"" + for_html(*mention.link) + "\">" + for_html(message.word_post) + "</a>";
        out += "</span></blockquote>";
    }
    if (!alert.next.empty())
        out += "<p style=\"margin:12px 0 4px\"><b>" + for_html(message.word_next) + "</b> " + for_html(alert.next) + "</p>";
    if (alert.runbook_link)
        out += "<p><a href=\"" + for_html(*alert.runbook_link) + "\">" + for_html(message.word_runbook) + "</a></p>";
    else if (!alert.runbook.empty())
        out += "<p><b>" + for_html(message.word_runbook) + "</b> " + for_html(alert.runbook) + "</p>";
    return out;
}

std::string html_of(const delivery::Message& message) {
    const char* language = message.language == delivery::Language::fr ? "fr" : "en";
    std::string out = fmt::format(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"></head><body "
        "style=\"margin:0;font-family:sans-serif;font-size:15px;"
        "color:#1b1b1b\"><div style=\"max-width:640px;margin:0 auto;padding:16px\">",
        language);
    out += fmt::format("<h1 style=\"font-size:20px;margin:0;padding:12px 16px;color:#fff;background:{}\">{}</h1>", colour(message),
                       for_html(message.title));
    if (!message.why_now.empty()) out += "<p>" + for_html(message.why_now) + "</p>";
    if (!message.late.empty()) out += "<p><b>" + for_html(message.late) + "</b></p>";
    for (const delivery::MessageAlert& alert : message.alerts) out += html_alert(message, alert);
    if (!message.more.empty()) out += "<p>" + for_html(message.more) + "</p>";
    if (const auto link = delivery::safe_link(message.link); link && !message.link.empty())
        out += "<p><a href=\"" + for_html(*link) + "\">" + for_html(message.word_open) + "</a></p>";
    out += "<p style=\"color:#777;font-size:12px\">Vigie · " + for_html(message.key) + "</p></div></body></html>\n";
    return out;
}

}  // namespace

std::string bare_address(std::string_view text) {
    const std::size_t open = text.find('<');
    if (open != std::string_view::npos) {
        const std::size_t close = text.find('>', open);
        if (close == std::string_view::npos || close + 1 != text.size()) return {};
        text = text.substr(open + 1, close - open - 1);
    }
    const bool clean =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>' && c != '"' && c != ','; });
    const std::size_t at = text.find('@');
    if (!clean || at == 0 || at == std::string_view::npos || at + 1 >= text.size() || text.size() > 254) return {};
    return std::string(text);
}

std::string mail_date(Time t) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", std::chrono::floor<std::chrono::seconds>(t));
}

std::string encode_header(std::string_view text) {
    if (plain_ascii(text)) return std::string(text);
    // 39 bytes become 52 characters of base64; with "=?UTF-8?B?" and "?=" a word has 64, and its line, "Subject: " included, fewer than 76.
    constexpr std::size_t word_bytes = 39;
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = std::min(text.size(), begin + word_bytes);
        while (end < text.size() && end > begin && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        if (end == begin) end = std::min(text.size(), begin + word_bytes);  // no UTF-8 at all
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(text.substr(begin, end - begin)) + "?=";
        begin = end;
    }
    return out;
}

MailText mail_text(const delivery::Message& message, const Envelope& envelope, std::string_view key, std::string_view thread, Time now) {
    const std::string host = domain_of(bare_address(envelope.from));
    const std::string root = "<vigie-" + to_hex(hash64(thread)) + "@" + host + ">";
    MailText mail;
    const auto header = [&](std::string_view name, std::string_view value) { mail.headers.push_back(fmt::format("{}: {}", name, value)); };
    header("Date", mail_date(now));
    header("From", mailbox(envelope.from));
    std::string to;
    for (const std::string& address : envelope.to) to += (to.empty() ? "" : ",\r\n ") + mailbox(address);
    header("To", to);
    header("Subject", encode_header(for_header(message.title, Limit{150})));
    header("Message-ID", fmt::format("<{}@{}>", key, host));
    header("In-Reply-To", root);
    header("References", root);
    header("Auto-Submitted", "auto-generated");
    header("X-Auto-Response-Suppress", "All");
    header("Content-Language", message.language == delivery::Language::fr ? "fr" : "en");
    if (message.status == alerts::State::firing && message.rank >= 3) header("Importance", "high");
    mail.plain = delivery::plain_text(message);
    mail.html = html_of(message);
    return mail;
}

}  // namespace vigie::receivers
