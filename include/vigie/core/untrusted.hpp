// Text that strangers wrote. It becomes a string for people only through an escaper (delivery/escape.hpp).
// Thread-safety: a value.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace vigie {

/// Has no operator<<, no formatter and no conversion to string. Always valid UTF-8 without NUL once it has passed clean().
class Untrusted {
public:
    Untrusted() = default;
    explicit Untrusted(std::string value) : value_(std::move(value)) {}

    /// The raw bytes, for analysis, hashing, storage and the escapers. tests/tidy refuses it in receivers and api.
    std::string_view bytes() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    std::size_t size() const noexcept { return value_.size(); }
    friend bool operator==(const Untrusted&, const Untrusted&) = default;
    friend auto operator<=>(const Untrusted&, const Untrusted&) = default;

private:
    std::string value_;
};

/// At most this many bytes of a text are kept and analysed.
inline constexpr std::size_t max_text_bytes = 64 * 1024;

/// Valid UTF-8 out of any bytes: each maximal ill-formed part becomes one U+FFFD, NUL is removed, at most 8 combining marks stay on a
/// base, and the text is cut at max_bytes before a character that would not fit whole. Linear.
std::string clean_utf8(std::string_view bytes, std::size_t max_bytes = max_text_bytes);
/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes) noexcept;

/// A piece of any bytes that is fit for one line of a message or a log: valid UTF-8 of at most max_bytes, with control characters, line
/// separators, and invisible and direction-changing characters escaped (\n, \u202e); "..." ends what was cut.
std::string excerpt(std::string_view bytes, std::size_t max_bytes = 60);

}  // namespace vigie
