// Standard Webhooks 1.0.0: HMAC-SHA256 over "id.timestamp.body", so that a receiver knows that it was us, and when.
// Thread-safety: values; signing is const.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/core/secret.hpp"
#include "vigie/core/time.hpp"

namespace vigie::delivery {

/// The values of webhook-id, webhook-timestamp and webhook-signature.
struct SignatureHeaders {
    std::string id;
    std::string timestamp;  ///< whole seconds
    std::string signature;  ///< "v1,<base64>", one for each secret, blanks between
    friend bool operator==(const SignatureHeaders&, const SignatureHeaders&) = default;
};

class Signer {
public:
    /// "whsec_" and the base64 of 24 to 64 bytes; several, with blanks between, while a secret is being rotated (at most 4). Errors:
    /// invalid, saying what is wrong and never what the secret is.
    static Result<Signer> make(const Secret& secret);

    /// `id`: the notification's key. Errors: invalid (an id that is empty, longer than 256, or has other characters than [A-Za-z0-9_-]),
    /// internal.
    Result<SignatureHeaders> sign(std::string_view id, Time now, std::string_view body) const;

private:
    std::vector<Secret> keys_;  ///< decoded
};

}  // namespace vigie::delivery
