// `{query}` in a feed's URL.
#include <algorithm>

#include "vigie/net/address.hpp"
#include "vigie/sources/source.hpp"

namespace vigie::sources {
namespace {

constexpr std::string_view placeholder = "{query}";
constexpr std::size_t max_url_bytes = 2048;

std::string quoted(std::string_view name) {
    std::string out = "\"";
    for (const char c : name)
        if (c != '"' && static_cast<unsigned char>(c) >= 0x20) out += c;
    return out.size() == 1 ? std::string() : out + "\"";
}

std::string fill(const std::string& url_template, const std::string& query) {
    std::string out;
    std::size_t at = 0;
    for (std::size_t hit = url_template.find(placeholder); hit != std::string::npos; hit = url_template.find(placeholder, at)) {
        out.append(url_template, at, hit - at);
        out += query;
        at = hit + placeholder.size();
    }
    return out.append(url_template, at);
}

}  // namespace

std::string expand_url(const std::string& url_template, const std::vector<std::string>& names) {
    if (url_template.find(placeholder) == std::string::npos) return url_template;
    std::vector<std::string> used;
    std::string query;
    std::string url = fill(url_template, {});
    for (const auto& name : names) {
        const std::string term = quoted(name);
        if (term.empty() || std::find(used.begin(), used.end(), term) != used.end()) continue;
        const std::string longer = query + net::url_encode(query.empty() ? term : " OR " + term);
        std::string candidate = fill(url_template, longer);
        if (candidate.size() > max_url_bytes) break;
        url = std::move(candidate);
        query = longer;
        used.push_back(term);
    }
    return url;
}

}  // namespace vigie::sources
