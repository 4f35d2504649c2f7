// A string that cannot be printed: tokens, passwords, webhook URLs.
// Thread-safety: a value.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace vigie {

/// Has no operator<<, no formatter and no conversion. reveal() is for the one line that hands it to the peer.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) noexcept = default;
    /// Overwrites the bytes before they are freed.
    ~Secret();

    std::string_view reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    /// Compares in time that depends on the length of `offered` alone.
    bool equals(std::string_view offered) const noexcept;

private:
    std::string value_;
};

/// A URL that may carry a secret, fit for logs: "https://host/...#1a2b3c4d" (scheme, host, port, and eight hex digits of a hash of the
/// whole).
std::string redact_url(std::string_view url);

}  // namespace vigie
