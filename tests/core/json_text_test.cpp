#include "vigie/core/json_text.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <limits>

namespace json = boost::json;
using vigie::json_text;

TEST_CASE("numbers are written as people write them") {
    CHECK(json_text(json::value(84.0)) == "84");
    CHECK(json_text(json::value(84.5)) == "84.5");
    CHECK(json_text(json::value(-0.1)) == "-0.1");
    CHECK(json_text(json::value(1e300)) == "1e+300");
    CHECK(json_text(json::value(std::numeric_limits<double>::infinity())) == "null");
    CHECK(json_text(json::value(std::int64_t{-7})) == "-7");
    CHECK(json_text(json::value(std::uint64_t{18446744073709551615u})) == "18446744073709551615");
}

TEST_CASE("what is written reads back the same") {
    const json::value value = json::parse(R"({"a":[1,2.5,"é\n\u2028",{"b":null,"c":true}],"d":{}})");
    CHECK(json::parse(json_text(value)) == value);
    CHECK(json_text(json::value(json::array())) == "[]");
    CHECK(json_text(value).find('\n') == std::string::npos);
}
