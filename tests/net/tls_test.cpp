// TLS against a real server with certificates made on the spot.
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "net/loop.hpp"
#include "net/raw_peer.hpp"
#include "vigie/net/client.hpp"

namespace asio = boost::asio;
using namespace vigie;
using namespace vigie::net;
using namespace vigie::net::test;

namespace {

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr long day = 86400;

template <class T, void (*Free)(T*)>
struct Freer {
    void operator()(T* object) const { Free(object); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freer<X509, X509_free>>;

void must(bool fine, const char* what) {
    if (!fine) throw std::runtime_error(what);
}

std::string to_pem(const std::function<int(BIO*)>& write) {
    BIO* bio = BIO_new(BIO_s_mem());
    must(bio != nullptr && write(bio) == 1, "PEM");
    char* data = nullptr;
    const long n = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<std::size_t>(n));
    BIO_free(bio);
    return out;
}

/// A self-signed certificate and its key, as PEM. Times are seconds from now.
struct Identity {
    explicit Identity(const std::string& subject_alt_name, long from = -day, long until = day) {
        const KeyPtr pair(EVP_EC_gen("P-256"));
        const CertificatePtr made(X509_new());
        must(pair && made, "key");
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
        X509_set_pubkey(made.get(), pair.get());
        auto* name = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(made.get(), name);
        for (const auto& [kind, value] : {std::pair<int, std::string>(NID_basic_constraints, "critical,CA:TRUE"),
                                          std::pair<int, std::string>(NID_subject_alt_name, subject_alt_name)}) {
            X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
            must(extension != nullptr, "extension");
            X509_add_ext(made.get(), extension, -1);
            X509_EXTENSION_free(extension);
        }
        must(X509_sign(made.get(), pair.get(), EVP_sha256()) > 0, "sign");
        certificate = to_pem([&made](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); });
        key = to_pem([&pair](BIO* bio) { return PEM_write_bio_PrivateKey(bio, pair.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    }
    std::string certificate, key;
};

/// A file that is gone with the test.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& content) {
        std::string pattern = (std::filesystem::temp_directory_path() / "vigie-tls-XXXXXX").string();
        const int fd = mkstemp(pattern.data());
        must(fd >= 0, "mkstemp");
        ::close(fd);
        path_ = pattern;
        std::ofstream(path_) << content;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

struct Bench {
    explicit Bench(const Identity& identity, bool trusted = true, std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        : tls(asio::ssl::context::tls_server),
          roots(identity.certificate),
          reply(std::move(answer)),
          server(context.get_executor(), [this](RawServer::Socket& socket, int) -> asio::awaitable<void> { co_await serve(socket); }) {
        tls.use_certificate_chain(asio::buffer(identity.certificate));
        tls.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
        ClientSettings settings;
        if (trusted) settings.ca_file = roots.path();
        client = make_http_client(context.get_executor(), clock, settings);
    }
    ~Bench() {
        client.reset();
        context.restart();
        context.poll();
    }

    asio::awaitable<void> serve(RawServer::Socket& socket) {
        asio::ssl::stream<RawServer::Socket&> stream(socket, tls);
        const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, tupled);
        if (failed) co_return;
        if (const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name)) server_name = name;
        version = SSL_get_version(stream.native_handle());
        std::string bytes(65536, '\0');
        for (;;) {
            const auto [error, n] = co_await stream.async_read_some(asio::buffer(bytes), tupled);
            if (error) co_return;
            received.append(bytes, 0, n);
            if (!received.ends_with("\r\n\r\n")) continue;
            ++requests;
            const auto [broken, m] = co_await asio::async_write(stream, asio::buffer(reply), tupled);
            static_cast<void>(m);
            if (broken) co_return;
            if (end == End::keep) continue;
            if (end == End::orderly) co_await stream.async_shutdown(tupled);
            co_return;
        }
    }

    Result<HttpResponse> get(const std::string& host, Duration total = Duration{10000}) {
        HttpRequest request;
        request.url = "https://" + host + ":" + std::to_string(server.port()) + "/path";
        request.allow_private = true;
        request.limits.total = total;
        return run(context, client->send(std::move(request)));
    }

    enum class End { keep, orderly, cut };
    asio::io_context context;
    ManualClock clock;
    asio::ssl::context tls;
    TemporaryFile roots;
    std::string reply;
    End end = End::keep;
    std::string received, server_name, version;
    int requests = 0;
    RawServer server;
    std::unique_ptr<HttpClient> client;
};

}  // namespace

TEST_CASE("a trusted certificate of the right name, and one connection for many requests") {
    Bench bench(Identity("DNS:localhost,IP:127.0.0.1"));
    for (int i = 0; i < 3; ++i) {
        const auto response = bench.get("localhost");
        REQUIRE_MESSAGE(response.ok(), (response.ok() ? "" : response.error().text()));
        CHECK(response.value().body == "secret");
    }
    CHECK(bench.server_name == "localhost");
    CHECK(bench.version == "TLSv1.3");
    CHECK(bench.server.connections() == 1);
    REQUIRE(bench.get("127.0.0.1").ok());
    CHECK(bench.requests == 4);
}

TEST_CASE("TLS 1.2 is spoken, older versions are not") {
    Bench bench(Identity("DNS:localhost"));
    SSL_CTX_set_max_proto_version(bench.tls.native_handle(), TLS1_2_VERSION);
    REQUIRE(bench.get("localhost").ok());
    CHECK(bench.version == "TLSv1.2");
    Bench old(Identity("DNS:localhost"));
    SSL_CTX_set_min_proto_version(old.tls.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(old.tls.native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_cipher_list(old.tls.native_handle(), "ALL:@SECLEVEL=0");
    const auto response = old.get("localhost");
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::tls);
}

TEST_CASE("certificates that prove nothing are refused, and nothing is sent") {
    struct Case {
        Identity identity;
        bool trusted;
        std::string host, reason;
    };
    const Case cases[] = {
        {Identity("DNS:localhost"), false, "localhost", "self"},
        {Identity("DNS:other.example"), true, "localhost", "not for localhost"},
        {Identity("DNS:localhost"), true, "127.0.0.1", "not for 127.0.0.1"},
        {Identity("DNS:*"), true, "localhost", "not for localhost"},
        {Identity("DNS:localhost", -10 * day, -day), true, "localhost", "expired"},
        {Identity("DNS:localhost", day, 10 * day), true, "localhost", "not yet valid"},
    };
    for (const auto& c : cases) {
        Bench bench(c.identity, c.trusted);
        const auto response = bench.get(c.host);
        REQUIRE_FALSE(response.ok());
        CHECK(response.error().code() == Errc::tls);
        CHECK_MESSAGE(response.error().message().find(c.reason) != std::string::npos, response.error().text());
        CHECK(response.error().where() != "sent");
        CHECK(bench.received.empty());
    }
}

TEST_CASE("a cut TLS stream is not an end of body") {
    Bench cut(Identity("DNS:localhost"), true, "HTTP/1.1 200 OK\r\n\r\nhalf of it");
    cut.end = Bench::End::cut;
    const auto truncated = cut.get("localhost");
    REQUIRE_FALSE(truncated.ok());
    CHECK(truncated.error().code() == Errc::network);
    CHECK(truncated.error().where() == "sent");
    Bench whole(Identity("DNS:localhost"), true, "HTTP/1.1 200 OK\r\n\r\nall of it");
    whole.end = Bench::End::orderly;
    const auto response = whole.get("localhost");
    REQUIRE(response.ok());
    CHECK(response.value().body == "all of it");
}

TEST_CASE("peers that speak no TLS, or stall in the handshake") {
    asio::io_context context;
    ManualClock clock;
    auto client = make_http_client(context.get_executor(), clock, ClientSettings());
    RawServer plain(context.get_executor(), [](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        co_await write_all(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        co_await until_closed(socket);
    });
    RawServer stalled(context.get_executor(),
                      [](RawServer::Socket& socket, int) -> asio::awaitable<void> { co_await until_closed(socket); });
    HttpRequest request;
    request.allow_private = true;
    request.url = "https://127.0.0.1:" + std::to_string(plain.port()) + "/";
    auto response = run(context, client->send(request));
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::tls);
    request.url = "https://127.0.0.1:" + std::to_string(stalled.port()) + "/";
    request.limits.total = Duration{150};
    response = run(context, client->send(request));
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::timeout);
    CHECK(response.error().where() != "sent");
    client.reset();
    context.restart();
    context.poll();
}

TEST_CASE("roots that can't be read fail every https request by name, and no http request") {
    asio::io_context context;
    ManualClock clock;
    ClientSettings settings;
    settings.ca_file = "/nonexistent/roots.pem";
    auto client = make_http_client(context.get_executor(), clock, settings);
    HttpRequest request;
    request.url = "https://127.0.0.1:9/";
    request.allow_private = true;
    const auto response = run(context, client->send(request));
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::tls);
    RawServer server(context.get_executor(), always("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
    request.url = server.url();
    CHECK(run(context, client->send(request)).ok());
}
