#include "receivers/http_outcome.hpp"

#include <fmt/format.h>

namespace vigie::receivers {
namespace {

using delivery::Outcome;
using delivery::OutcomeKind;

Outcome of_failure(const Error& error) {
    if (error.where() == "sent") return Outcome(OutcomeKind::ambiguous, "no answer after the message was sent: " + error.message());
    if (error.code() == Errc::refused || error.code() == Errc::invalid) return Outcome(OutcomeKind::endpoint_dead, error.message());
    return Outcome(OutcomeKind::retry, error.message());
}

}  // namespace

delivery::Outcome outcome_of(const Result<net::HttpResponse>& answer, Time now) {
    if (!answer) return of_failure(answer.error());
    const int status = answer->status;
    const std::string said = fmt::format("the receiver answered {}", status);
    if (status >= 200 && status < 300) return Outcome(OutcomeKind::delivered, said);
    if (status >= 300 && status < 400)
        return Outcome(OutcomeKind::endpoint_dead, said + ": the address has moved, correct the configuration");
    switch (status) {
        case 401:
        case 403:
        case 404:
        case 405:
            return Outcome(OutcomeKind::endpoint_dead, said);
        case 410:
            return Outcome(OutcomeKind::endpoint_dead, said, std::nullopt, true);
        case 408:
        case 425:
        case 429:
            return Outcome(OutcomeKind::retry, said, net::parse_retry_after(answer->headers.get("Retry-After"), now));
        default:
            break;
    }
    if (status >= 500) return Outcome(OutcomeKind::retry, said, net::parse_retry_after(answer->headers.get("Retry-After"), now));
    return Outcome(OutcomeKind::payload_rejected, said);
}

}  // namespace vigie::receivers
