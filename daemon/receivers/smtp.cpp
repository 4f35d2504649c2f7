#include "receivers/smtp.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <mutex>

#include "vigie/net/address.hpp"

namespace vigie::receivers {
namespace {

using delivery::Outcome;
using delivery::OutcomeKind;

constexpr long connect_ms = 5'000;
constexpr long total_ms = 30'000;

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
template <class T>
using Owned = std::unique_ptr<T, CurlDeleter>;

/// The last reply line that has the response code, for its enhanced status.
struct Dialogue {
    std::string enhanced;
    bool data_sent = false;
    std::size_t refused = 0;  ///< replies of refusal before the data: of recipients, where the mail went out all the same
    bool refused_private = false;
    bool allow_private = false;
};

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* data) {
    auto& dialogue = *static_cast<Dialogue*>(data);
    const std::string_view line(bytes, size * count);
    if (line.starts_with("354")) dialogue.data_sent = true;
    if (!dialogue.data_sent && line.size() > 3 && (line[0] == '4' || line[0] == '5') && line[3] == ' ') ++dialogue.refused;
    if (line.size() > 9 && (line[0] == '4' || line[0] == '5') && line[4] == line[0] && line[5] == '.') {
        const std::size_t end = line.find_first_of(" \r\n", 4);
        dialogue.enhanced = std::string(line.substr(4, end == std::string_view::npos ? std::string_view::npos : end - 4));
    }
    return size * count;
}

std::size_t on_body(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

std::string numeric(const sockaddr& address) {
    char text[INET6_ADDRSTRLEN] = {};
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    } else if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    }
    return text;
}

int on_progress(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(data)->load() ? 1 : 0;
}

curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* address) {
    auto& dialogue = *static_cast<Dialogue*>(data);
    if (!dialogue.allow_private && !net::is_public_address(numeric(address->addr))) {
        dialogue.refused_private = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool add_part(curl_mime* mime, const std::string& text, const char* type) {
    curl_mimepart* part = curl_mime_addpart(mime);
    return part != nullptr && curl_mime_data(part, text.data(), text.size()) == CURLE_OK && curl_mime_type(part, type) == CURLE_OK &&
           curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
}

/// multipart/alternative: the plain part first, as RFC 2046 wants the simplest one.
Owned<curl_mime> body_of(CURL* handle, const MailText& mail) {
    Owned<curl_mime> mime(curl_mime_init(handle));
    Owned<curl_mime> alternatives(curl_mime_init(handle));
    if (!mime || !alternatives) return nullptr;
    if (!add_part(alternatives.get(), mail.plain, "text/plain; charset=utf-8")) return nullptr;
    if (!mail.html.empty() && !add_part(alternatives.get(), mail.html, "text/html; charset=utf-8")) return nullptr;
    curl_mimepart* part = curl_mime_addpart(mime.get());
    if (part == nullptr || curl_mime_subparts(part, alternatives.get()) != CURLE_OK) return nullptr;
    (void)alternatives.release();  // the part owns it now
    if (curl_mime_type(part, "multipart/alternative") != CURLE_OK) return nullptr;
    return mime;
}

Outcome of_transport(CURLcode code, const Dialogue& dialogue) {
    const std::string said = curl_easy_strerror(code);
    if (dialogue.refused_private)
        return Outcome(OutcomeKind::endpoint_dead, "the mail server has a private address; say allow_private: true if that is meant");
    switch (code) {
        case CURLE_USE_SSL_FAILED:
            return Outcome(OutcomeKind::retry, "the mail server does not offer STARTTLS: nothing was sent in clear");
        case CURLE_PEER_FAILED_VERIFICATION:
            return Outcome(OutcomeKind::retry, "the mail server's certificate does not verify");
        case CURLE_LOGIN_DENIED:
            return Outcome(OutcomeKind::retry, "the mail server refused the user name or password", std::chrono::minutes{15});
        default:
            break;
    }
    if (dialogue.data_sent) return Outcome(OutcomeKind::ambiguous, "no answer after the mail was sent: " + said);
    return Outcome(OutcomeKind::retry, said);
}

}  // namespace

Outcome outcome_of_reply(int reply, std::string_view enhanced) {
    const std::string said = enhanced.empty() ? fmt::format("the mail server answered {}", reply)
                                              : fmt::format("the mail server answered {} {}", reply, enhanced);
    if (reply >= 200 && reply < 300) return Outcome(OutcomeKind::delivered, said);
    if (reply == 530 || reply == 534 || reply == 535 || enhanced == "5.7.8")
        return Outcome(OutcomeKind::retry, said + ": check the user name and password", std::chrono::minutes{15});
    // Greylisting wants five minutes of patience.
    if (reply >= 400 && reply < 500)
        return Outcome(OutcomeKind::retry, said,
                       reply == 451 || reply == 450 ? std::optional<Duration>(std::chrono::minutes{5}) : std::nullopt);
    if (enhanced == "5.2.2" || (reply == 552 && enhanced != "5.3.4"))
        return Outcome(OutcomeKind::retry, said + ": the mailbox is full", std::chrono::hours{1});
    if (enhanced == "5.3.4") return Outcome(OutcomeKind::payload_rejected, said + ": the mail is too large");
    if (reply == 550 || reply == 551 || reply == 553 || enhanced.starts_with("5.1."))
        return Outcome(OutcomeKind::endpoint_dead, said + ": the recipient or sender is refused");
    return Outcome(OutcomeKind::payload_rejected, said);
}

Outcome send_mail(const EmailSettings& settings, const MailText& mail, const std::atomic<bool>& stop) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    Owned<CURL> owned(curl_easy_init());
    if (!owned) return Outcome(OutcomeKind::retry, "libcurl could not be started");
    CURL* handle = owned.get();
    Dialogue dialogue;
    dialogue.allow_private = settings.allow_private;

    const bool implicit_tls = settings.smarthost.ends_with(":465");
    std::string url = (implicit_tls ? "smtps://" : "smtp://") + settings.smarthost;
    // libcurl says EHLO with what stands behind the slash.
    if (!settings.hello.empty()) url += "/" + settings.hello;
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, total_ms);
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(settings.require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    if (!settings.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
    if (settings.auth_username) curl_easy_setopt(handle, CURLOPT_USERNAME, settings.auth_username->c_str());
    if (settings.auth_password) curl_easy_setopt(handle, CURLOPT_PASSWORD, std::string(settings.auth_password->reveal()).c_str());
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &dialogue);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &stop);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &dialogue);

    const std::string from = "<" + bare_address(settings.from) + ">";
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from.c_str());
    Owned<curl_slist> recipients;
    for (const std::string& to : settings.to) {
        curl_slist* longer = curl_slist_append(recipients.get(), ("<" + bare_address(to) + ">").c_str());
        if (longer == nullptr) return Outcome(OutcomeKind::retry, "out of memory");
        (void)recipients.release();
        recipients.reset(longer);
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
    // One dead mailbox must not keep the mail from the others.
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);

    Owned<curl_slist> headers;
    for (const std::string& header : mail.headers) {
        curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
        if (longer == nullptr) return Outcome(OutcomeKind::retry, "out of memory");
        (void)headers.release();
        headers.reset(longer);
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    const Owned<curl_mime> body = body_of(handle, mail);
    if (!body) return Outcome(OutcomeKind::retry, "the mail could not be put together");
    curl_easy_setopt(handle, CURLOPT_MIMEPOST, body.get());

    const CURLcode code = curl_easy_perform(handle);
    long reply = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
    if (code == CURLE_OK && dialogue.refused > 0)
        return Outcome(OutcomeKind::delivered,
                       fmt::format("the mail server took it, but refused {} of {} recipients", dialogue.refused, settings.to.size()));
    if (code == CURLE_OK) return Outcome(OutcomeKind::delivered, "the mail server took it");
    // A refusal by the server (of the sender, all recipients, the data, the login) comes with its reply.
    const bool refused =
        code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_LOGIN_DENIED || code == CURLE_RECV_ERROR;
    if (refused && reply >= 400 && reply < 600) return outcome_of_reply(static_cast<int>(reply), dialogue.enhanced);
    return of_transport(code, dialogue);
}

}  // namespace vigie::receivers
