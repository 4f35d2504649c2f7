#include "vigie/doc/node.hpp"

namespace vigie::doc {

const Node* Node::find(std::string_view key) const noexcept {
    for (const auto& [name, value] : entries) {
        if (name.text == key) return &value;
    }
    return nullptr;
}

}  // namespace vigie::doc
