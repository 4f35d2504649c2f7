// The words of an item that its near copies are found by, and the form in which readers share headlines.
// Thread-safety: free functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/record.hpp"

namespace vigie::text {

/// One word, in the order of the text. A hashtag is one; handles, URLs and pictures are none.
struct CopyWord {
    std::uint64_t hash = 0;
    std::uint32_t source_begin = 0;  ///< bytes of the text that it stands in
    std::uint32_t source_end = 0;
    bool tag = false;        ///< a hashtag
    bool ideograph = false;  ///< one character of a script without blanks
};

/// What stands in an item beside its words.
struct CopyForm {
    std::vector<CopyWord> words;  ///< of title and text, without a share button's additions and without hashtags at either end
    std::size_t stem = 0;         ///< how many of them stand before the name of a site at the end; 0: there is none
    std::size_t whole = 0;        ///< how many of them stand before an ellipsis at the end; 0: there is none
    std::uint64_t site = 0;       ///< hash of the site's name, written in one word
    bool own_site = false;        ///< the item links to a site of that name
    bool share_mark = false;      ///< a share button or an app wrote it
    bool repeats = false;         ///< it holds "RT @ana"
};

/// Reads the title and the text; at most max_copy_words words count.
CopyForm read_copy_form(const Item& item);
inline constexpr std::size_t max_copy_words = 1024;

/// The words of an article's title alone, with its stem.
CopyForm read_headline(std::string_view title);

/// Hash of a site's name as CopyForm::site gives it: of the label of a URL's host that names the site ("www.lemonde.fr": lemonde). 0: none.
std::uint64_t site_of_url(std::string_view url);

}  // namespace vigie::text
