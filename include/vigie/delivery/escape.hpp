// The only doors through which strangers' words reach a surface that people read. Each takes any bytes and gives valid UTF-8 that is
// nothing but text there: it pings nobody, forges no link, breaks no line, header or page. Thread-safety: free functions without state that
// changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/untrusted.hpp"

namespace vigie::delivery {

enum class LimitUnit : std::uint8_t { utf16, bytes };

/// At most so much of the RESULT, escapes and the ellipsis included. A text that does not fit is cut between two graphemes (what people see
/// as one character: UAX #29) and ends with U+2026; where not even that fits, it is empty.
struct Limit {
    std::size_t max = std::numeric_limits<std::size_t>::max();
    LimitUnit unit = LimitUnit::utf16;
};

// All of them drop control characters, bidirectional controls, tags and zero-width characters (joiners stay where emoji or a script need
// them). Those for running text (slack, html, plain) keep line feeds, and isolate a text with right-to-left letters (FSI ... PDI). The
// overloads for std::string_view are for our own words and for labels, which are escaped all the same.

/// Slack's and Mattermost's mrkdwn: & < > become entities; * _ ~ ` and @ are parted from their surroundings with U+2060. Use `verbatim`.
std::string for_slack_mrkdwn(const Untrusted& text, Limit limit = {});
std::string for_slack_mrkdwn(std::string_view text, Limit limit = {});
/// Slack's plain_text objects (emoji: false): & < > become entities.
std::string for_slack_plain(const Untrusted& text, Limit limit = {});
std::string for_slack_plain(std::string_view text, Limit limit = {});
/// HTML text and quoted attribute values.
std::string for_html(const Untrusted& text, Limit limit = {});
std::string for_html(std::string_view text, Limit limit = {});
/// Plain mail and terminals.
std::string for_plain(const Untrusted& text, Limit limit = {});
std::string for_plain(std::string_view text, Limit limit = {});
/// One line for a mail header or a title: runs of white space, line breaks included, become one blank; none at the ends.
std::string for_header(const Untrusted& text, Limit limit = {});
std::string for_header(std::string_view text, Limit limit = {});
/// One line for a log: what the others drop is shown as \n, \x1b, \u202e; a backslash is doubled.
std::string for_log(const Untrusted& text, Limit limit = {});
std::string for_log(std::string_view text, Limit limit = {});

/// The text cut by the rule of Limit, and nothing else done to it, but that it comes out as valid UTF-8.
std::string cut(std::string_view text, Limit limit);
/// Its length in that unit; ill-formed UTF-8 counts as it would come out.
std::size_t length_in(std::string_view text, LimitUnit unit);

/// A URL that may stand as a link: http or https, a host, no user name, at most 2000 bytes. Comes out as ASCII, the host in its IDNA form
/// and everything odd percent-encoded, so that it can close no quote, bracket or tag (& may stand in it: escape it for HTML). Else nothing.
std::optional<std::string> safe_link(const Untrusted& url);
std::optional<std::string> safe_link(std::string_view url);

}  // namespace vigie::delivery
