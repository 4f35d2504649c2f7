#include "engine/log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::engine;

namespace {

std::string line(LogFormat format, const std::string& message, const std::string& value = "v", std::string_view level = "info") {
    return log::format_line(format, level, message, {{"k", value}});
}

const std::vector<std::string> hostile = {
    "two\nlines",
    "carriage\rreturn",
    "\x1b[2Jclears",
    std::string("nul\0byte", 8),
    "\xff\xfe no utf-8",
    "\xE2\x80\xAE reversed",
    "quote \" and \\ backslash",
    "a=b c=d",
    "\xE2\x80\xA8 separator",
    std::string(100'000, 'x'),
    "\x7f",
    "\xC2\x85 next line",
};

}  // namespace

TEST_CASE("a line for people") {
    CHECK(line(LogFormat::text, "ready") == "ready k=v");
    CHECK(line(LogFormat::text, "lost", "a b", "warning") == "warning: lost k=\"a b\"");
    CHECK(line(LogFormat::text, "lost", "", "error") == "error: lost k=\"\"");
    CHECK(log::format_line(LogFormat::text, "debug", "bare", {}) == "bare");
}

TEST_CASE("logfmt") {
    CHECK(line(LogFormat::logfmt, "ready") == "level=info msg=\"ready\" k=v");
    CHECK(line(LogFormat::logfmt, "say \"x\"", "a\"b", "error") == "level=error msg=\"say \\\"x\\\"\" k=\"a\\\"b\"");
    CHECK(line(LogFormat::logfmt, "m", "a=b") == "level=info msg=\"m\" k=\"a=b\"");
}

TEST_CASE("JSON") {
    CHECK(line(LogFormat::json, "ready") == "{\"level\":\"info\",\"message\":\"ready\",\"k\":\"v\"}");
}

TEST_CASE("whatever strangers wrote stays on its line, as text") {
    for (const LogFormat format : {LogFormat::text, LogFormat::logfmt, LogFormat::json}) {
        for (const std::string& text : hostile) {
            CAPTURE(text.substr(0, 40));
            CAPTURE(static_cast<int>(format));
            const std::string both = line(format, text, text);
            CHECK(is_utf8(both));
            CHECK(both.size() < 10'000);
            CHECK(std::all_of(both.begin(), both.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; }));
            CHECK(both.find('\x7f') == std::string::npos);
            CHECK(both.find("\xE2\x80\xA8") == std::string::npos);
            if (format != LogFormat::json) {
                CHECK(both.find("\xE2\x80\xAE") == std::string::npos);
                CHECK(both.find("\xC2\x85") == std::string::npos);
                continue;
            }
            boost::system::error_code problem;
            const auto parsed = boost::json::parse(both, problem);
            REQUIRE_MESSAGE(!problem, both);
            CHECK(parsed.as_object().size() == 3);
        }
    }
}

TEST_CASE("a quoted value of logfmt ends where it should") {
    for (const std::string& text : hostile) {
        const std::string out = line(LogFormat::logfmt, text, text);
        // Outside of quotes nothing but our own pairs may stand: three of them.
        bool quoted = false;
        int pairs = 0;
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (quoted && out[i] == '\\') {
                ++i;
            } else if (out[i] == '"') {
                quoted = !quoted;
            } else if (!quoted && out[i] == '=') {
                ++pairs;
            }
        }
        CHECK_FALSE(quoted);
        CHECK(pairs == 3);
    }
}
