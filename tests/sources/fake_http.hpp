// An HTTP client that records what it was asked and replays what it was given.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "vigie/net/client.hpp"
#include "vigie/sources/source.hpp"

namespace fake {

class HttpClient final : public vigie::net::HttpClient {
public:
    std::vector<vigie::net::HttpRequest> asked;
    std::deque<vigie::Result<vigie::net::HttpResponse>> answers;

    boost::asio::awaitable<vigie::Result<vigie::net::HttpResponse>> send(vigie::net::HttpRequest request) override {
        asked.push_back(std::move(request));
        if (answers.empty()) co_return vigie::Error(vigie::Errc::internal, "the test gave no answer");
        vigie::Result<vigie::net::HttpResponse> answer = std::move(answers.front());
        answers.pop_front();
        if (answer && answer->url.empty()) answer->url = asked.back().url;
        co_return answer;
    }

    vigie::net::HttpResponse& answer(int status, std::string body = {}) {
        vigie::net::HttpResponse response;
        response.status = status;
        response.body = std::move(body);
        answers.emplace_back(std::move(response));
        return *answers.back();
    }
};

/// Runs one poll to its end.
inline vigie::sources::PollResult poll(vigie::sources::Source& source, const std::string& cursor) {
    boost::asio::io_context io;
    std::optional<vigie::sources::PollResult> result;
    boost::asio::co_spawn(io, source.poll(cursor), [&result](const std::exception_ptr& error, vigie::sources::PollResult value) {
        if (!error) result = std::move(value);
    });
    io.run();
    if (!result) throw std::runtime_error("the poll threw");
    return std::move(*result);
}

}  // namespace fake
