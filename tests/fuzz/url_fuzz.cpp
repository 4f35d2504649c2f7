// Any bytes as a URL, and as a Location header: what is accepted prints, reads back, and can't break a request line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vigie/net/address.hpp"

using namespace vigie;
using namespace vigie::net;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const Url& url) {
    require(url.scheme == "http" || url.scheme == "https");
    require(url.port != 0);
    require(!url.host.empty() && !url.target.empty() && url.target.front() == '/');
    const auto text = format_url(url);
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    require(std::all_of(text.begin(), text.end(), printable));
    require(text.find('\\') == std::string::npos && text.find('#') == std::string::npos);
    require(url.host.find_first_of("@/?[]%") == std::string::npos);
    const auto again = parse_url(text);
    require(again.ok());
    require(format_url(again.value()) == text);
    require(again.value().host == url.host && again.value().port == url.port && again.value().target == url.target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const auto base = parse_url("https://user.example:8443/a/b;c?d=e").value();
    if (const auto url = parse_url(text); url.ok()) check(url.value());
    if (const auto url = resolve_url(base, text); url.ok()) check(url.value());
    const auto encoded = url_encode(text);
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("%-._~").find(c) != std::string_view::npos;
    };
    require(std::all_of(encoded.begin(), encoded.end(), plain));
    is_public_address(text);
    return 0;
}
