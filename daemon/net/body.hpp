// A message body on its way in: counted on the wire, inflated, and counted again.
// Thread-safety: an object belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/inflate.hpp"
#include "vigie/core/result.hpp"

namespace vigie::net {

struct BodyLimits {
    std::size_t wire_bytes = 0;
    std::size_t body_bytes = 0;
    double inflate_ratio = 0;
};

class Body {
public:
    explicit Body(BodyLimits limits) : limits_(limits) {}

    /// Takes the value of Content-Encoding; may be called once, before the first byte. Errors: unsupported.
    Result<> set_coding(std::string_view content_encoding);
    /// Errors: limit when a declared length is over the wire limit. Otherwise makes room for it.
    Result<> expect(std::uint64_t content_length);
    /// Errors: limit, protocol.
    Result<> append(std::string_view bytes);
    /// Errors: protocol, for coded data cut short.
    Result<> finish() const;

    Coding coding() const noexcept { return coding_; }
    std::string take() { return std::move(text_); }

private:
    BodyLimits limits_;
    Coding coding_ = Coding::identity;
    std::optional<Inflater> inflater_;
    std::string text_;
    std::size_t wire_ = 0;
};

}  // namespace vigie::net
