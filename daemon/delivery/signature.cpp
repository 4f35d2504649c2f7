#include "vigie/delivery/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace vigie::delivery {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t shortest_key = 24;
constexpr std::size_t longest_key = 64;
constexpr std::size_t max_secrets = 4;
constexpr std::size_t max_id_bytes = 256;

bool is_base64(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// The bytes of strict base64 (padded, no blanks), at most 96 characters.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0 || text.empty() || text.size() > 96) return {};
    const auto padding = static_cast<std::size_t>(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0);
    if (!std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), is_base64)) return {};
    std::string out(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text), static_cast<int>(text.size()));
    if (length < 0) return {};
    out.resize(static_cast<std::size_t>(length) - padding);
    return out;
}

std::string to_base64(const unsigned char* bytes, std::size_t size) {
    std::string out((size + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size));
    out.resize(static_cast<std::size_t>(std::max(length, 0)));
    return out;
}

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= max_id_bytes && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

Result<Secret> key_from(std::string_view text) {
    if (text.starts_with("whsk_")) return Error(Errc::unsupported, "an ed25519 webhook secret (whsk_): only whsec_ secrets can sign");
    if (!text.starts_with(prefix)) return Error(Errc::invalid, "a webhook secret must begin with whsec_");
    text.remove_prefix(prefix.size());
    auto key = from_base64(text);
    if (!key) return Error(Errc::invalid, "after whsec_ a webhook secret must be base64, padded with =, of 24 to 64 bytes");
    if (key->size() < shortest_key || key->size() > longest_key) {
        return Error(Errc::invalid, "a webhook secret must hold 24 to 64 bytes, and holds " + std::to_string(key->size()));
    }
    return Secret(*std::move(key));
}

}  // namespace

Result<Signer> Signer::make(const Secret& secret) {
    Signer signer;
    std::string_view rest = secret.reveal();
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!rest.empty()) {
        if (blank(rest.front())) {
            rest.remove_prefix(1);
            continue;
        }
        const auto end = static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), blank) - rest.begin());
        auto key = key_from(rest.substr(0, end));
        if (!key) return key.error();
        if (signer.keys_.size() == max_secrets) return Error(Errc::invalid, "more than 4 webhook secrets");
        signer.keys_.push_back(*std::move(key));
        rest.remove_prefix(end);
    }
    if (signer.keys_.empty()) return Error(Errc::invalid, "the webhook secret is empty");
    return signer;
}

Result<SignatureHeaders> Signer::sign(std::string_view id, Time now, std::string_view body) const {
    if (!is_id(id)) return Error(Errc::invalid, "a webhook id holds 1 to 256 letters, digits, - and _");
    SignatureHeaders headers;
    headers.id = id;
    headers.timestamp = std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    std::string content = headers.id + "." + headers.timestamp + ".";
    content.append(body);
    for (const auto& key : keys_) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        const auto bytes = key.reveal();
        if (HMAC(EVP_sha256(), bytes.data(), static_cast<int>(bytes.size()), bytes_of(content), content.size(), digest.data(), &size) ==
            nullptr) {
            return Error(Errc::internal, "the signature could not be made");
        }
        if (!headers.signature.empty()) headers.signature += ' ';
        headers.signature += "v1," + to_base64(digest.data(), size);
    }
    return headers;
}

}  // namespace vigie::delivery
