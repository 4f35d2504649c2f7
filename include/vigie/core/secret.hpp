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
    explicit Secret(std::string value);
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    /// Overwrites the bytes before they are freed; so do the moves and the assignments with what they leave behind.
    ~Secret();

    std::string_view reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    /// Compares in time that depends on the length of `offered` alone. An empty secret equals nothing, not even an empty offer.
    bool equals(std::string_view offered) const noexcept;

private:
    std::string value_;
};

/// A URL that may carry a secret, fit for logs: "https://host/...#1a2b3c4d" (scheme, host, port, and eight hex digits of a hash of the
/// whole).
std::string redact_url(std::string_view url);

}  // namespace vigie
