// A configuration document with the place of every part of it: what yaml-cpp's events become, and all that decoders see.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::doc {

/// Line and column count from 1; 0 where unknown.
struct Mark {
    int line = 0;
    int column = 0;
    friend bool operator==(const Mark&, const Mark&) = default;
};

enum class NodeKind : std::uint8_t { null, scalar, sequence, map };

struct Node {
    // Defined apart, and so no aggregate: clang 14 cannot work out a recursive aggregate with pairs of itself.
    Node();
    Node(NodeKind kind_, std::string text_, bool quoted_, Mark mark_, std::vector<Node> items_,
         std::vector<std::pair<Node, Node>> entries_);
    Node(const Node&);
    Node(Node&&) noexcept;
    Node& operator=(const Node&);
    Node& operator=(Node&&) noexcept;
    ~Node();

    NodeKind kind = NodeKind::null;
    std::string text;     ///< of a scalar, as written, unquoted
    bool quoted = false;  ///< a quoted scalar is always a string
    Mark mark;
    std::vector<Node> items;                     ///< of a sequence
    std::vector<std::pair<Node, Node>> entries;  ///< of a map, in order; keys are scalars, unique
    /// The value under a key, or nullptr.
    const Node* find(std::string_view key) const noexcept;
};

}  // namespace vigie::doc
