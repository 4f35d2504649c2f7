// Configuration nodes written by hand: tests of decoders need no YAML.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vigie/doc/node.hpp"

inline vigie::doc::Node scalar(std::string text, int line = 1) {
    vigie::doc::Node node;
    node.kind = vigie::doc::NodeKind::scalar;
    node.text = std::move(text);
    node.mark = {line, 1};
    return node;
}

inline vigie::doc::Node sequence(std::vector<vigie::doc::Node> items, int line = 1) {
    vigie::doc::Node node;
    node.kind = vigie::doc::NodeKind::sequence;
    node.items = std::move(items);
    node.mark = {line, 1};
    return node;
}

inline vigie::doc::Node map(std::vector<std::pair<std::string, vigie::doc::Node>> entries, int line = 1) {
    vigie::doc::Node node;
    node.kind = vigie::doc::NodeKind::map;
    for (auto& [key, value] : entries) node.entries.emplace_back(scalar(key, line), std::move(value));
    node.mark = {line, 1};
    return node;
}
