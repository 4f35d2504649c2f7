// A message as mail: headers, a plain part, an HTML part. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vigie/core/time.hpp"
#include "vigie/delivery/message.hpp"

namespace vigie::receivers {

struct MailText {
    std::vector<std::string> headers;  ///< "Name: value", ASCII, without CR or LF but for folding
    std::string plain;
    std::string html;
};

struct Envelope {
    std::string from;  ///< "vigie@example" or "Name <vigie@example>"
    std::vector<std::string> to;
};

/// `key` names the notification and `thread` its group: a repeat has the same Message-ID, and all mails of a group refer to the same root.
MailText mail_text(const delivery::Message& message, const Envelope& envelope, std::string_view key, std::string_view thread, Time now);

/// RFC 2047: as it is where it is printable ASCII, else UTF-8 B-encoded words of at most 75 characters, split between characters, folded.
std::string encode_header(std::string_view text);
/// RFC 5322: "Mon, 02 Mar 2026 09:30:00 +0000".
std::string mail_date(Time t);
/// The bare address of "Name <a@b>" or "a@b"; empty if there is none or it has control characters, blanks or angle brackets.
std::string bare_address(std::string_view text);

}  // namespace vigie::receivers
