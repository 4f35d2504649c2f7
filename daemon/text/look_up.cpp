#include "text/look_up.hpp"

#include <algorithm>

namespace vigie::text {

std::string host_of(std::string_view url) {
    constexpr std::size_t longest = 253 + 32;  // a name of the DNS, and what may stand around it
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos || scheme > 16) return {};
    url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#\\"));
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
    url = url.substr(0, url.find(':'));
    if (url.size() > longest) return {};
    std::string host(url);
    std::transform(host.begin(), host.end(), host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (host.ends_with('.')) host.pop_back();
    if (host.starts_with("www.")) host.erase(0, 4);
    return host;
}

void Reading::cut(std::string_view title, std::string_view text) {
    title_ = title;
    text_ = text;
    stream_.clear();
    stream_.add(title);
    title_end_ = stream_.next_position();
    stream_.add(text);
}

}  // namespace vigie::text
