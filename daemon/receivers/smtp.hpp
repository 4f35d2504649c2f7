// One mail over SMTP by libcurl. Blocking: call it on a thread of its own.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "receivers/mail_text.hpp"
#include "vigie/delivery/outcome.hpp"
#include "vigie/receivers/settings.hpp"

namespace vigie::receivers {

/// Sends to every recipient of the settings. STARTTLS, or TLS from the start on port 465, with name and chain verified, never in clear
/// unless the settings say so for a loopback relay. The address is checked after resolving. At most 30 s. Delivered when at least
/// one recipient was taken; the detail then counts the refused ones, which are not tried again: the others would get the mail twice.
/// `stop` set from another thread ends it within a second, as ambiguous or to be tried again.
delivery::Outcome send_mail(const EmailSettings& settings, const MailText& mail, const std::atomic<bool>& stop);

/// What an SMTP reply means (RFC 5321, RFC 3463): `reply` the three digits, `enhanced` "5.7.8" or "".
delivery::Outcome outcome_of_reply(int reply, std::string_view enhanced);

}  // namespace vigie::receivers
