#include "net/body.hpp"

#include <algorithm>

#include "net/ascii.hpp"

namespace vigie::net {

Result<> Body::set_coding(std::string_view content_encoding) {
    const auto name = trim(content_encoding);
    if (name.empty() || iequals(name, "identity")) return {};
    if (iequals(name, "gzip") || iequals(name, "x-gzip")) {
        coding_ = Coding::gzip;
    } else if (iequals(name, "deflate")) {
        coding_ = Coding::deflate;
    } else {
        return Error(Errc::unsupported, "unknown content coding");
    }
    InflateLimits limits;
    limits.bytes = limits_.body_bytes;
    limits.ratio = limits_.inflate_ratio;
    inflater_.emplace(coding_, limits);
    return {};
}

Result<> Body::expect(std::uint64_t content_length) {
    if (content_length > limits_.wire_bytes || (!inflater_ && content_length > limits_.body_bytes)) {
        return Error(Errc::limit, "the body of " + std::to_string(content_length) + " bytes is too large");
    }
    // A peer that announces much and sends nothing shall not make us hold it.
    constexpr std::size_t trusted = 1u << 20;
    text_.reserve(std::min<std::uint64_t>(content_length, trusted));
    return {};
}

Result<> Body::append(std::string_view bytes) {
    wire_ += bytes.size();
    if (wire_ > limits_.wire_bytes) return Error(Errc::limit, "the body is larger than " + std::to_string(limits_.wire_bytes) + " bytes");
    if (inflater_) return inflater_->feed(bytes, text_);
    if (wire_ > limits_.body_bytes) return Error(Errc::limit, "the body is larger than " + std::to_string(limits_.body_bytes) + " bytes");
    text_.append(bytes);
    return {};
}

Result<> Body::finish() const {
    return inflater_ ? inflater_->finish() : Result<>{};
}

}  // namespace vigie::net
