// Collects the tree from a parser's events, under its limits.
// Thread-safety: belongs to one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/xml_tree.hpp"

namespace vigie::sources {

class XmlBuilder {
public:
    using Attributes = std::vector<std::pair<std::string, std::string>>;

    explicit XmlBuilder(XmlNode& root) { open_.push_back(&root); }

    /// An element begins; `inner` is where its content begins. False: a limit is reached, and limit() names it.
    bool start(std::string_view raw_name, Attributes attributes, std::size_t inner);
    /// The innermost open element ends; its content ended at `inner`.
    void end(std::size_t inner);
    /// Text inside the innermost element.
    bool text(std::string_view value);

    /// How many elements are open.
    std::size_t depth() const noexcept { return open_.size() - 1; }
    /// The name, as the document wrote it, of the `i`-th open element from the inside.
    const std::string& open_name(std::size_t i) const { return raw_names_[raw_names_.size() - 1 - i]; }
    const std::string& limit() const noexcept { return limit_; }

private:
    std::string canonical(std::string_view raw, bool attribute) const;
    bool count_node();

    // Children live in vectors that only grow while their parent is the innermost element: pointers to open elements stay valid.
    std::vector<XmlNode*> open_;
    std::vector<std::string> raw_names_;
    std::vector<std::pair<std::string, std::string>> namespaces_;  ///< prefix -> key, innermost last
    std::vector<std::size_t> namespace_marks_;
    std::string core_;  ///< key of the document's own vocabulary
    std::size_t nodes_ = 0;
    std::string limit_;
};

}  // namespace vigie::sources
