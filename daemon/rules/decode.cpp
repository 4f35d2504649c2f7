#include "rules/decode.hpp"

#include <fmt/format.h>

namespace vigie::rules {

using doc::Node;
using doc::NodeKind;

std::vector<const Node*> scalar_list(const Node* node, std::string_view what, doc::Diagnostics& diagnostics) {
    std::vector<const Node*> out;
    if (node == nullptr || node->kind == NodeKind::null) return out;
    if (node->kind == NodeKind::scalar) {
        out.push_back(node);
        return out;
    }
    if (node->kind == NodeKind::map) {
        diagnostics.expected(node->mark, doc::describe(*node), fmt::format("a list of {}", what));
        return out;
    }
    for (const Node& item : node->items) {
        if (item.kind == NodeKind::scalar)
            out.push_back(&item);
        else
            diagnostics.expected(item.mark, doc::describe(item), what);
    }
    return out;
}

std::vector<std::pair<const Node*, const Node*>> scalar_map(const Node* node, std::string_view what, doc::Diagnostics& diagnostics) {
    std::vector<std::pair<const Node*, const Node*>> out;
    if (node == nullptr || node->kind == NodeKind::null) return out;
    if (node->kind != NodeKind::map) {
        diagnostics.expected(node->mark, doc::describe(*node), fmt::format("a map of {}", what));
        return out;
    }
    for (const auto& [key, value] : node->entries) {
        if (value.kind == NodeKind::scalar)
            out.emplace_back(&key, &value);
        else
            diagnostics.expected(value.kind == NodeKind::null ? key.mark : value.mark, doc::describe(value),
                                 fmt::format("a text for `{}`", key.text));
    }
    return out;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::string near = doc::nearest(word, known);
    return near.empty() ? std::string{} : fmt::format(" (did you mean `{}`?)", near);
}

}  // namespace vigie::rules
