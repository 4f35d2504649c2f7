#include "vigie/core/result.hpp"

namespace vigie {

std::string_view to_string(Errc code) noexcept {
    switch (code) {
        case Errc::invalid:
            return "invalid";
        case Errc::not_found:
            return "not_found";
        case Errc::parse:
            return "parse";
        case Errc::limit:
            return "limit";
        case Errc::io:
            return "io";
        case Errc::no_space:
            return "no_space";
        case Errc::corrupt:
            return "corrupt";
        case Errc::busy:
            return "busy";
        case Errc::timeout:
            return "timeout";
        case Errc::cancelled:
            return "cancelled";
        case Errc::network:
            return "network";
        case Errc::tls:
            return "tls";
        case Errc::protocol:
            return "protocol";
        case Errc::refused:
            return "refused";
        case Errc::unsupported:
            return "unsupported";
        case Errc::internal:
            return "internal";
    }
    return "internal";
}

Error Error::with_context(std::string_view context) const {
    std::string message;
    message.reserve(context.size() + 2 + message_.size());
    message.append(context).append(": ").append(message_);
    return Error(code_, std::move(message), where_);
}

std::string Error::text() const {
    return where_.empty() ? message_ : where_ + ": " + message_;
}

}  // namespace vigie
