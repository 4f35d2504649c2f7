// Any bytes as a configuration file: a tree within its bounds whose every part has a place inside the file, or a mistake with one.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "vigie/config/yaml.hpp"
#include "vigie/core/untrusted.hpp"

using namespace vigie;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_node(const doc::Node& node, int lines, std::size_t depth) {
    require(depth <= config::max_yaml_depth);
    require(node.mark.line >= 1 && node.mark.line <= lines && node.mark.column >= 1);
    require(is_utf8(node.text));
    require(node.kind == doc::NodeKind::scalar || node.text.empty());
    std::set<std::string> keys;
    for (const auto& [key, value] : node.entries) {
        require(key.kind == doc::NodeKind::scalar);
        require(keys.insert(key.text).second);
        check_node(key, lines, depth + 1);
        check_node(value, lines, depth + 1);
    }
    for (const auto& item : node.items) check_node(item, lines, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto lines = static_cast<int>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
    doc::Diagnostics diagnostics("f.yaml");
    const auto node = config::read_yaml(bytes, diagnostics);
    require(node.has_value() || !diagnostics.ok());
    for (const auto& diagnostic : diagnostics.all()) {
        require(is_utf8(diagnostic.message));
        require(diagnostic.message.find('\n') == std::string::npos);
        require(diagnostic.mark.line <= lines);
    }
    // The root of an empty document has no place; all else has.
    if (node && (node->kind != doc::NodeKind::null || node->mark.line != 0)) check_node(*node, lines, 0);
    return 0;
}
