// What share buttons, apps and petition sites leave in the posts that they write in people's names.
// Thread-safety: free functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/near_copies_words.hpp"

namespace vigie::text {

/// The hosts that an item links to, in its links and its text, in lower case; the first few.
std::vector<std::string> hosts_of(const Item& item);
/// Whether a site's name, folded and in one word ("bbcnews"), names a host ("www.bbc.co.uk").
bool names_host(std::string_view name, std::string_view host) noexcept;

/// Sites where people sign and then share the text that the site gives them: such posts call for something, and are no headline.
bool is_petition_host(std::string_view host) noexcept;
bool is_petition_handle(std::string_view folded_handle) noexcept;

/// "I liked a @YouTube video": an app wrote it, to say what its user did.
bool begins_with_app_phrase(const std::vector<CopyWord>& words);

}  // namespace vigie::text
