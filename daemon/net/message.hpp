// HTTP/1 messages over Beast's parser, without any I/O: bytes in, a head and a body out.
// Thread-safety: an object belongs to one thread.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "net/body.hpp"
#include "vigie/net/http.hpp"

namespace vigie::net {

/// What requests and responses share. The parser below feeds it; a server sets the coding of the body itself, after it has looked at the
/// head.
struct MessageState {
    explicit MessageState(BodyLimits limits) : body(limits) {}

    Headers headers;
    Body body;
    int version = 11;
    std::optional<Error> failure;  ///< what a callback of ours refused; the parser then reports an error code of no further interest
    bool head_done = false;
};

template <bool is_request>
class MessageParser : public boost::beast::http::basic_parser<is_request> {
public:
    using ErrorCode = boost::system::error_code;
    using StringView = boost::beast::string_view;

    MessageParser(BodyLimits limits, std::size_t head_bytes) : state(limits) {
        // Lengths are refused by Body, in our words; the parser's own limit would answer first.
        this->body_limit(boost::none);
        this->header_limit(static_cast<std::uint32_t>(head_bytes));
    }

    MessageState state;
    std::string method, target;  ///< requests
    int status = 0;              ///< responses

private:
    bool refuse(Error error, ErrorCode& ec) {
        state.failure.emplace(std::move(error));
        ec = boost::beast::http::error::body_limit;
        return false;
    }
    void check(Result<> result, ErrorCode& ec) {
        if (!result) refuse(std::move(result).error(), ec);
    }

    void on_request_impl(boost::beast::http::verb, StringView verb, StringView path, int version, ErrorCode&) override {
        method.assign(verb.data(), verb.size());
        target.assign(path.data(), path.size());
        state.version = version;
    }
    void on_response_impl(int code, StringView, int version, ErrorCode&) override {
        status = code;
        state.version = version;
    }
    void on_field_impl(boost::beast::http::field, StringView name, StringView value, ErrorCode& ec) override {
        if (state.head_done) return;  // a trailer must not become a header
        constexpr std::size_t max_fields = 256;
        if (state.headers.all().size() >= max_fields) {
            refuse(Error(Errc::limit, "more than 256 header fields"), ec);
            return;
        }
        auto added = state.headers.add(std::string_view(name.data(), name.size()), std::string_view(value.data(), value.size()));
        if (!added) refuse(Error(Errc::protocol, added.error().message()), ec);
    }
    void on_header_impl(ErrorCode& ec) override {
        state.head_done = true;
        if constexpr (!is_request) {
            // Beast speaks of the body when its first byte comes; what its head promises can be refused now.
            const bool bare = this->skip() || status < 200 || status == 204 || status == 304;
            if (bare) return;
            auto known = state.headers.count("Content-Encoding") > 1 ? Result<>(Error(Errc::unsupported, "several content codings"))
                                                                     : state.body.set_coding(state.headers.get("Content-Encoding"));
            if (!known) return check(std::move(known), ec);
            const auto announced = state.headers.get("Content-Length");
            std::uint64_t length = 0;
            const auto [end, wrong] = std::from_chars(announced.data(), announced.data() + announced.size(), length);
            if (wrong == std::errc() && end == announced.data() + announced.size()) check(state.body.expect(length), ec);
        }
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& ec) override {
        if (length) check(state.body.expect(*length), ec);
    }
    std::size_t on_body_impl(StringView bytes, ErrorCode& ec) override {
        check(state.body.append(std::string_view(bytes.data(), bytes.size())), ec);
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, StringView extensions, ErrorCode& ec) override {
        constexpr std::size_t max_extension = 1024;
        if (extensions.size() > max_extension) refuse(Error(Errc::protocol, "a chunk extension of more than 1024 bytes"), ec);
    }
    std::size_t on_chunk_body_impl(std::uint64_t, StringView bytes, ErrorCode& ec) override {
        check(state.body.append(std::string_view(bytes.data(), bytes.size())), ec);
        return bytes.size();
    }
    void on_finish_impl(ErrorCode& ec) override { check(state.body.finish(), ec); }
};

using RequestParser = MessageParser<true>;
using ResponseParser = MessageParser<false>;

}  // namespace vigie::net
