#include <algorithm>

#include "sources/feed_source.hpp"
#include "sources/file_source.hpp"
#include "vigie/net/address.hpp"

namespace vigie::sources {
namespace {

using Made = Result<std::unique_ptr<Source>>;

Error invalid(const SourceSettings& settings, const std::string& what) {
    return Error(Errc::invalid, what, "source " + settings.name);
}

Made make_feed(const SourceSettings& settings, const std::vector<BrandNames>& brands, net::HttpClient& client, const Clock& clock) {
    const std::string url(settings.url.reveal());
    if (url.empty()) return invalid(settings, "a feed needs a url");
    std::vector<std::string> urls;
    if (url.find("{query}") == std::string::npos) {
        urls.push_back(url);
    } else {
        for (const auto& wanted : settings.brands)
            if (std::none_of(brands.begin(), brands.end(), [&wanted](const BrandNames& brand) { return brand.brand == wanted; }))
                return invalid(settings, "there is no brand \"" + wanted + "\"");
        for (const auto& brand : brands) {
            const bool chosen =
                settings.brands.empty() || std::find(settings.brands.begin(), settings.brands.end(), brand.brand) != settings.brands.end();
            if (!chosen || brand.names.empty()) continue;
            std::string filled = expand_url(url, brand.names);
            if (std::find(urls.begin(), urls.end(), filled) == urls.end()) urls.push_back(std::move(filled));
        }
        if (urls.empty()) return invalid(settings, "the url holds {query}, but there is no brand with a name to put there");
    }
    for (const auto& one : urls)
        if (const auto parsed = net::parse_url(one); !parsed)
            return invalid(settings, "the url is not usable: " + parsed.error().message());
    return Made(std::make_unique<FeedSource>(settings, std::move(urls), client, clock));
}

}  // namespace

Made make_source(const SourceSettings& settings, const std::vector<BrandNames>& brands, net::HttpClient& client, const Clock& clock) {
    switch (settings.kind) {
        case SourceKind::feed:
            return make_feed(settings, brands, client, clock);
        case SourceKind::file:
            return make_file_source(settings, clock);
        case SourceKind::push:
            return Error(Errc::unsupported, "a push source is served by the API, not polled", "source " + settings.name);
    }
    return Error(Errc::unsupported, "unknown kind of source", "source " + settings.name);
}

}  // namespace vigie::sources
