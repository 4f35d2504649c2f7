#include "receivers/email.hpp"

#include <boost/asio/post.hpp>
#include <optional>

#include "receivers/smtp.hpp"
#include "vigie/net/signal.hpp"

namespace vigie::receivers {

namespace asio = boost::asio;

EmailReceiver::EmailReceiver(std::string integration, EmailSettings settings, Surroundings surroundings)
    : integration_(std::move(integration)), settings_(std::move(settings)), surroundings_(std::move(surroundings)) {}

EmailReceiver::~EmailReceiver() {
    thread_.join();
}

asio::awaitable<delivery::Outcome> EmailReceiver::deliver(const delivery::OutboxRow& row) {
    const Time now = surroundings_.clock.now();
    const delivery::Language language = delivery::parse_language(settings_.language).value_or(delivery::Language::en);
    const delivery::Message message = delivery::build_message(row.notification, language, surroundings_.external_url, now);
    const Envelope envelope{settings_.from, settings_.to};
    MailText mail = mail_text(message, envelope, row.notification.key, row.notification.group_key, surroundings_.wall.now());
    if (row.shrunk) mail.html.clear();

    const auto outcome = std::make_shared<std::optional<delivery::Outcome>>();
    const net::Signal sent(surroundings_.executor);
    asio::post(thread_, [this, outcome, sent, mail = std::move(mail)] {
        const delivery::Outcome came = send_mail(settings_, mail, stop_);
        sent.set_after([outcome, came] { *outcome = came; });
    });
    co_await sent.wait();
    co_return **outcome;
}

}  // namespace vigie::receivers
