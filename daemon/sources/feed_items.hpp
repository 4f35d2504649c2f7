// Entries of a feed as items.
// Thread-safety: pure functions.
#pragma once

#include <optional>
#include <string>

#include "vigie/core/record.hpp"
#include "vigie/sources/feed.hpp"
#include "vigie/sources/settings.hpp"

namespace vigie::sources {

/// What an entry becomes. No value for one that carries neither title nor text nor link nor id.
/// id: "feed:" and the hash of its guid, else of its link, else of title and date; not of the feed, so that an entry in two feeds of a site
/// is one item. A guid that is no URI counts together with the host of the link (or of the feed). published: the entry's date; `observed`
/// where it has none, one before 1995, or one later than five minutes from `observed`.
std::optional<Item> make_item(const Entry& entry, const Feed& feed, const SourceSettings& settings, const std::string& feed_url,
                              Time observed);

/// The real address inside a redirect link of Google ("https://www.google.com/url?...&url=REAL"); any other link as it is.
std::string unwrap_link(const std::string& url);

}  // namespace vigie::sources
