#include "receivers/webhook.hpp"

#include "receivers/http_outcome.hpp"
#include "vigie/delivery/webhook_body.hpp"

namespace vigie::receivers {

WebhookReceiver::WebhookReceiver(std::string integration, WebhookSettings settings, std::optional<delivery::Signer> signer,
                                 Surroundings surroundings)
    : integration_(std::move(integration)),
      settings_(std::move(settings)),
      signer_(std::move(signer)),
      surroundings_(std::move(surroundings)) {}

Result<net::HttpRequest> WebhookReceiver::request_for(const delivery::OutboxRow& row) const {
    delivery::WebhookOptions options;
    options.external_url = surroundings_.external_url;
    options.max_alerts = settings_.max_alerts;
    options.small = row.shrunk;
    net::HttpRequest request;
    request.method = "POST";
    request.url = std::string(settings_.url.reveal());
    request.body = delivery::webhook_body(row.notification, options);
    request.allow_private = settings_.allow_private;
    request.limits.body_bytes = request.limits.wire_bytes = 64u << 10;

    const Time now = surroundings_.wall.now();
    const auto put = [&](std::string_view name, std::string_view value) { return request.headers.set(name, value); };
    if (Result<> set = put("Content-Type", "application/json"); !set) return set.error();
    if (!signer_) {
        // The key and the instant are told all the same: a receiver can drop repeats without checking signatures.
        if (Result<> set = put("webhook-id", row.notification.key); !set) return set.error();
        if (Result<> set = put("webhook-timestamp", std::to_string(to_millis(now) / 1000)); !set) return set.error();
        return request;
    }
    const Result<delivery::SignatureHeaders> headers = signer_->sign(row.notification.key, now, request.body);
    if (!headers) return headers.error();
    if (Result<> set = put("webhook-id", headers->id); !set) return set.error();
    if (Result<> set = put("webhook-timestamp", headers->timestamp); !set) return set.error();
    if (Result<> set = put("webhook-signature", headers->signature); !set) return set.error();
    return request;
}

boost::asio::awaitable<delivery::Outcome> WebhookReceiver::deliver(const delivery::OutboxRow& row) {
    Result<net::HttpRequest> request = request_for(row);
    if (!request) co_return delivery::Outcome(delivery::OutcomeKind::payload_rejected, request.error().message());
    const Result<net::HttpResponse> answer = co_await surroundings_.client.send(std::move(*request));
    co_return outcome_of(answer, surroundings_.clock.now());
}

}  // namespace vigie::receivers
