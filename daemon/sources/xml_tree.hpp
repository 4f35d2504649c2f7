// The tree that feeds are read from, built by expat from well-formed XML and by a forgiving scanner from the rest.
// Thread-safety: values and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vigie/core/result.hpp"

namespace vigie::sources {

inline constexpr std::size_t max_xml_depth = 64;
inline constexpr std::size_t max_xml_nodes = 300'000;
inline constexpr std::size_t max_xml_attributes = 256;

/// An element or a run of text. A name is lower case; one of a namespace that feeds use carries that namespace's usual prefix
/// ("dc:creator"), whatever prefix the document chose; RSS and Atom names carry none in their own documents ("item", "entry").
struct XmlNode {
    std::string name;  ///< empty: text
    std::string text;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<XmlNode> children;
    std::size_t inner_begin = 0, inner_end = 0;  ///< what stands between its tags, in XmlTree::source
    bool closed = false;                         ///< its end was seen

    bool is_text() const noexcept { return name.empty(); }
    /// The first child of that name, or nullptr.
    const XmlNode* child(std::string_view wanted) const noexcept;
    std::string_view attribute(std::string_view wanted) const noexcept;
    /// The text of this element alone, trimmed.
    std::string own_text() const;
    bool has_elements() const noexcept;
};

struct XmlTree {
    std::string source;      ///< what was parsed: the repaired text
    XmlNode root;            ///< a nameless element that holds the document element
    std::string fault;       ///< why reading stopped early or the forgiving scanner was needed; empty for well-formed documents
    bool truncated = false;  ///< the document ends before its document element does
    std::string_view inner(const XmlNode& node) const noexcept;
};

/// Well-formed XML out of nearly well-formed: what stands before the first tag, the XML declaration and control characters go; named
/// character references of HTML become characters, references to no character go, stray ampersands are escaped. Well-formed text comes out
/// with the same meaning. `utf8` is valid. Linear.
std::string repair_xml(std::string_view utf8);

/// Builds the tree from UTF-8 text. Errors: refused (a DOCTYPE with an internal subset), limit (nesting or size, before anything useful
/// came), parse (no element at all).
Result<XmlTree> parse_xml(std::string_view utf8);

}  // namespace vigie::sources
