#include "vigie/core/secret.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstring>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>

using namespace vigie;

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

}  // namespace

TEST_CASE("a secret cannot be printed") {
    CHECK_FALSE(Printable<Secret>);
    CHECK_FALSE(fmt::is_formattable<Secret>::value);
    CHECK_FALSE(std::is_convertible_v<Secret, std::string>);
    CHECK_FALSE(std::is_convertible_v<std::string, Secret>);
}

TEST_CASE("comparing a secret") {
    const Secret secret("correct horse");
    CHECK(secret.equals("correct horse"));
    for (const char* offered : {"", "correct hors", "correct horsf", "correct horse!", "correct horsecorrect horse", "Correct horse"}) {
        CAPTURE(offered);
        CHECK_FALSE(secret.equals(offered));
    }
    CHECK_FALSE(Secret().equals(""));
    CHECK_FALSE(Secret().equals("x"));
    CHECK(Secret("a\nb").equals("a\nb"));
}

TEST_CASE("a secret leaves nothing behind") {
    // Short ones live inside the object, where a destroyed std::string would leave them.
    alignas(Secret) unsigned char room[sizeof(Secret)] = {};
    auto* secret = new (room) Secret("hunter2");
    secret->~Secret();
    CHECK(memmem(room, sizeof room, "hunter2", 7) == nullptr);

    auto* moved = new (room) Secret("hunter2");
    Secret target(std::move(*moved));
    CHECK(memmem(room, sizeof room, "hunter2", 7) == nullptr);
    CHECK(target.equals("hunter2"));
    moved->~Secret();

    auto* assigned = new (room) Secret("hunter2");
    *assigned = Secret("x");
    CHECK(memmem(room, sizeof room, "unter2", 6) == nullptr);
    CHECK(assigned->equals("x"));
    const Secret long_one(std::string(100, 'k'));
    *assigned = long_one;
    CHECK(assigned->equals(long_one.reveal()));
    CHECK(long_one.reveal().size() == 100);
    auto& alias = *assigned;
    *assigned = alias;
    CHECK(assigned->equals(long_one.reveal()));
    assigned->~Secret();
}

TEST_CASE("a redacted URL shows its host and no more") {
    const auto shown = redact_url("https://hooks.example:8443/services/T000/B000/XXXX?token=abc");
    CHECK(shown.starts_with("https://hooks.example:8443/...#"));
    CHECK(shown.size() == std::string("https://hooks.example:8443/...#").size() + 8);
    CHECK(shown != redact_url("https://hooks.example:8443/services/T000/B000/XXXY?token=abc"));
    CHECK(shown == redact_url("https://hooks.example:8443/services/T000/B000/XXXX?token=abc"));
    CHECK(redact_url("http://[::1]:80/x").starts_with("http://[::1]:80/...#"));
    CHECK(redact_url("https://host?token=abc").starts_with("https://host/...#"));
}

TEST_CASE("nothing of a canary is shown, wherever it stands") {
    for (const char* url : {"https://canary@host/", "https://u:canary@host/", "https://a@canary@host/", "https://host/canary",
                            "https://host?canary", "https://host#canary", "https://host\\canary", "canary", "canary://", "https://can ary/",
                            "https:///canary", "://canary", "https://host\r\ncanary: 1", ""}) {
        CAPTURE(url);
        const auto shown = redact_url(url);
        CHECK(shown.find("canary") == std::string::npos);
        CHECK(shown.find('\n') == std::string::npos);
        CHECK(shown.find("/...#") != std::string::npos);
    }
}
