#include "receivers/slack.hpp"

#include "receivers/http_outcome.hpp"
#include "receivers/slack_body.hpp"

namespace vigie::receivers {

SlackReceiver::SlackReceiver(std::string integration, SlackSettings settings, Surroundings surroundings)
    : integration_(std::move(integration)), settings_(std::move(settings)), surroundings_(std::move(surroundings)) {}

boost::asio::awaitable<delivery::Outcome> SlackReceiver::deliver(const delivery::OutboxRow& row) {
    const Time now = surroundings_.clock.now();
    const delivery::Language language = delivery::parse_language(settings_.language).value_or(delivery::Language::en);
    const delivery::Message message = delivery::build_message(row.notification, language, surroundings_.external_url, now);
    net::HttpRequest request;
    request.method = "POST";
    request.url = std::string(settings_.api_url.reveal());
    request.body = slack_body(message, row.shrunk);
    request.allow_private = settings_.allow_private;
    request.limits.body_bytes = request.limits.wire_bytes = 64u << 10;
    if (Result<> set = request.headers.set("Content-Type", "application/json; charset=utf-8"); !set)
        co_return delivery::Outcome(delivery::OutcomeKind::payload_rejected, set.error().message());
    const Result<net::HttpResponse> answer = co_await surroundings_.client.send(std::move(request));
    co_return outcome_of(answer, surroundings_.clock.now());
}

}  // namespace vigie::receivers
