#include "vigie/delivery/signature.hpp"

#include <doctest/doctest.h>

#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;

namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

}  // namespace

TEST_CASE("the example of the Standard Webhooks libraries") {
    const auto signer = Signer::make(Secret(secret));
    REQUIRE(signer.ok());
    const auto headers = signer->sign("msg_p5jXN8AQM9LWM0D4loKWxJek", from_millis(1'614'265'330'999), "{\"test\": 2432232314}");
    REQUIRE(headers.ok());
    CHECK(headers->id == "msg_p5jXN8AQM9LWM0D4loKWxJek");
    CHECK(headers->timestamp == "1614265330");
    CHECK(headers->signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("during a rotation both secrets sign") {
    const auto signer = Signer::make(Secret(secret + " whsec_" + std::string(32, 'A') + "\n"));
    REQUIRE(signer.ok());
    const auto headers = signer->sign("a", from_millis(0), "");
    CHECK(headers->signature.find(" v1,") != std::string::npos);
}

TEST_CASE("malformed secrets are refused, and never shown") {
    const std::vector<std::string> bad = {"",
                                          "  ",
                                          "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                          "whsec_",
                                          "whsec_short",
                                          "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
                                          "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
                                          "whsec_AAAA",
                                          "whsec_" + std::string(88, 'A'),
                                          "whsec_" + std::string(4000, 'A'),
                                          "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                          "whsec_=fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    for (const auto& text : bad) {
        CAPTURE(text);
        const auto signer = Signer::make(Secret(text));
        REQUIRE_FALSE(signer.ok());
        CHECK(signer.error().message().find("MfKQ9") == std::string::npos);
    }
    std::string five;
    for (int i = 0; i < 5; ++i) five += secret + " ";
    CHECK_FALSE(Signer::make(Secret(five)).ok());
}

TEST_CASE("ids that could break a header or the signed text are refused") {
    const auto signer = Signer::make(Secret(secret));
    for (const std::string& id :
         {std::string(""), std::string("a.b"), std::string("a b"), std::string("a\r\nX: y"), std::string(257, 'a')}) {
        CHECK_FALSE(signer->sign(id, from_millis(0), "x").ok());
    }
}
