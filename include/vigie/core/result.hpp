// Errors as values. A function that can fail at run time returns Result<T>; exceptions never cross a module.
// Thread-safety: values; each object belongs to one thread at a time.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vigie {

/// What kind of failure it is: what a caller may decide on. The text is for people.
enum class Errc : std::uint8_t {
    invalid,      ///< the argument or the input is wrong
    not_found,    ///< there is no such thing
    parse,        ///< the text does not follow its grammar
    limit,        ///< larger, deeper or more than allowed
    io,           ///< a file or device failed
    no_space,     ///< the disk is full, or nearly
    corrupt,      ///< stored data does not verify
    busy,         ///< someone else holds it, or a queue is full
    timeout,      ///< a deadline passed
    cancelled,    ///< the caller, or a shutdown, stopped it
    network,      ///< resolve, connect, read or write failed
    tls,          ///< the handshake or the certificate failed
    protocol,     ///< the peer broke its protocol
    refused,      ///< a policy forbids it (a private address, a missing token)
    unsupported,  ///< known, but not by this version
    internal,     ///< a bug of ours
};

/// The name of a code, as logs and JSON print it ("not_found").
std::string_view to_string(Errc code) noexcept;

/// A failure: its kind, one sentence for people, and where it happened (file:line:column, a URL's host, a key; may be empty).
class [[nodiscard]] Error {
public:
    Error(Errc code, std::string message, std::string where = {}) : code_(code), message_(std::move(message)), where_(std::move(where)) {}

    Errc code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }
    const std::string& where() const noexcept { return where_; }

    /// The same failure with "context: " put before its message.
    Error with_context(std::string_view context) const;
    /// "where: message", or the message alone where no place is known.
    std::string text() const;

    friend bool operator==(const Error&, const Error&) = default;

private:
    Errc code_;
    std::string message_;
    std::string where_;
};

/// Success without a value.
struct Done {
    friend bool operator==(const Done&, const Done&) = default;
};

/// A value or an Error. Reading the side that is not there is a programmer's error (assert).
template <class T = Done>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
    Result() requires std::is_same_v<T, Done> : state_(std::in_place_index<0>) {}

    bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & noexcept {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    const T& value() const& noexcept {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    T&& value() && noexcept {
        assert(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    T& operator*() & noexcept { return value(); }
    const T& operator*() const& noexcept { return value(); }
    T&& operator*() && noexcept { return std::move(*this).value(); }
    T* operator->() noexcept { return &value(); }
    const T* operator->() const noexcept { return &value(); }

    Error& error() & noexcept {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }
    const Error& error() const& noexcept {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }
    Error&& error() && noexcept {
        assert(!ok());
        return std::move(*std::get_if<1>(&state_));
    }

    T value_or(T other) const& { return ok() ? value() : std::move(other); }

private:
    std::variant<T, Error> state_;
};

}  // namespace vigie
