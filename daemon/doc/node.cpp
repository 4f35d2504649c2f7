#include "vigie/doc/node.hpp"

namespace vigie::doc {

Node::Node() = default;
Node::Node(NodeKind kind_, std::string text_, bool quoted_, Mark mark_, std::vector<Node> items_,
           std::vector<std::pair<Node, Node>> entries_)
    : kind(kind_), text(std::move(text_)), quoted(quoted_), mark(mark_), items(std::move(items_)), entries(std::move(entries_)) {}
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;

const Node* Node::find(std::string_view key) const noexcept {
    for (const auto& [name, value] : entries) {
        if (name.text == key) return &value;
    }
    return nullptr;
}

}  // namespace vigie::doc
