#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "vigie/core/untrusted.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::doc {
namespace {

const Node empty_map{NodeKind::map, {}, false, {}, {}, {}};

/// Ways in which YAML 1.1 also spells a boolean. We do not, and say so.
bool other_boolean(std::string_view text) noexcept {
    for (const std::string_view word : {"yes", "no",  "on", "off", "y",   "n",  "True", "False", "TRUE", "FALSE", "Yes",
                                        "No",  "YES", "NO", "On",  "Off", "ON", "OFF",  "Y",     "N",    "0",     "1"}) {
        if (text == word) return true;
    }
    return false;
}

std::string list_of(const std::vector<std::string_view>& words) {
    std::string out = words.empty() ? "none" : words.size() > 1 ? "one of " : "";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += ", ";
        out += words[i];
    }
    return out;
}

/// A plain decimal integer without leading zeros: 010 is eight to some and ten to others.
std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// A plain decimal number, finite: neither .inf nor hexadecimal nor "010".
std::optional<double> parse_number(std::string_view text) noexcept {
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
    if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

}  // namespace

Fields::Fields(const Node& node, std::string what, Diagnostics& diagnostics)
    : node_(&node), what_(std::move(what)), diagnostics_(&diagnostics) {
    if (node.kind == NodeKind::map) return;
    diagnostics.expected(node.mark, describe(node), fmt::format("{}, which is a map", what_));
    node_ = &empty_map;
}

const Node* Fields::node(std::string_view key) {
    known_.emplace(key);
    const Node* found = node_->find(key);
    return found != nullptr && found->kind != NodeKind::null ? found : nullptr;
}

const Node* Fields::required_node(std::string_view key) {
    const Node* found = node(key);
    // A node that was no map has been reported already, and has no place.
    if (found != nullptr || node_ == &empty_map) return found;
    if (const Node* null = node_->find(key)) {
        diagnostics_->error(null->mark, fmt::format("found nothing, expected a value for {} of {}", key, what_));
    } else {
        diagnostics_->error(node_->mark, fmt::format("{} needs the key {}", what_, key));
    }
    return found;
}

namespace {

std::optional<std::string> as_string(const Node* node, Diagnostics& diagnostics) {
    if (node == nullptr) return std::nullopt;
    if (node->kind == NodeKind::scalar) return node->text;
    diagnostics.expected(node->mark, describe(*node), "a string");
    return std::nullopt;
}

}  // namespace

std::optional<std::string> Fields::string(std::string_view key) {
    return as_string(node(key), *diagnostics_);
}

std::optional<std::string> Fields::required_string(std::string_view key) {
    return as_string(required_node(key), *diagnostics_);
}

std::optional<bool> Fields::boolean(std::string_view key) {
    const Node* value = node(key);
    if (value == nullptr) return std::nullopt;
    if (value->kind == NodeKind::scalar && !value->quoted) {
        if (value->text == "true") return true;
        if (value->text == "false") return false;
    }
    const bool near = value->kind == NodeKind::scalar && (other_boolean(value->text) || value->quoted);
    diagnostics_->expected(value->mark, describe(*value), near ? "true or false, spelt so and without quotes" : "true or false");
    return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(std::string_view key, std::int64_t low, std::int64_t high) {
    const Node* value = node(key);
    if (value == nullptr) return std::nullopt;
    const auto number = value->kind == NodeKind::scalar && !value->quoted ? parse_integer(value->text) : std::nullopt;
    if (number && *number >= low && *number <= high) return number;
    diagnostics_->expected(value->mark, describe(*value), fmt::format("a whole number from {} to {}", low, high));
    return std::nullopt;
}

std::optional<double> Fields::number(std::string_view key, double low, double high) {
    const Node* value = node(key);
    if (value == nullptr) return std::nullopt;
    const auto number = value->kind == NodeKind::scalar && !value->quoted ? parse_number(value->text) : std::nullopt;
    if (number && *number >= low && *number <= high) return number;
    diagnostics_->expected(value->mark, describe(*value), fmt::format("a number from {} to {}", low, high));
    return std::nullopt;
}

std::optional<Duration> Fields::duration(std::string_view key, Duration low, Duration high) {
    const Node* value = node(key);
    if (value == nullptr) return std::nullopt;
    if (value->kind == NodeKind::scalar) {
        const auto parsed = parse_duration(value->text);
        if (parsed && *parsed >= low && *parsed <= high) return *parsed;
        if (parsed || parsed.error().code() == Errc::limit) {
            diagnostics_->expected(value->mark, describe(*value),
                                   fmt::format("a duration from {} to {}", format_duration(low), format_duration(high)));
            return std::nullopt;
        }
    }
    diagnostics_->expected(value->mark, describe(*value), "a duration such as 30s, 5m, 6h, 14d or 2w");
    return std::nullopt;
}

std::optional<std::string> Fields::word(std::string_view key, const std::vector<std::string_view>& words) {
    const Node* value = node(key);
    if (value == nullptr) return std::nullopt;
    if (value->kind == NodeKind::scalar && std::find(words.begin(), words.end(), value->text) != words.end()) return value->text;
    std::string expected = list_of(words);
    if (value->kind == NodeKind::scalar) {
        const auto near = nearest(value->text, {words.begin(), words.end()});
        if (!near.empty()) expected += fmt::format("; did you mean {}?", near);
    }
    diagnostics_->expected(value->mark, describe(*value), expected);
    return std::nullopt;
}

std::optional<std::vector<std::string>> Fields::strings(std::string_view key, bool lone) {
    const Node* value = node(key);
    if (value == nullptr) return std::nullopt;
    if (lone && value->kind == NodeKind::scalar) return std::vector<std::string>{value->text};
    if (value->kind != NodeKind::sequence) {
        diagnostics_->expected(value->mark, describe(*value), lone ? "a string or a list of strings" : "a list of strings");
        return std::nullopt;
    }
    std::vector<std::string> out;
    bool good = true;
    for (const auto& item : value->items) {
        if (item.kind == NodeKind::scalar) {
            out.push_back(item.text);
        } else {
            diagnostics_->expected(item.mark, describe(item), "a string");
            good = false;
        }
    }
    if (!good) return std::nullopt;
    return out;
}

std::vector<std::pair<std::string, std::string>> Fields::string_map(std::string_view key) {
    std::vector<std::pair<std::string, std::string>> out;
    const Node* value = node(key);
    if (value == nullptr) return out;
    if (value->kind != NodeKind::map) {
        diagnostics_->expected(value->mark, describe(*value), "a map of strings");
        return out;
    }
    for (const auto& [name, text] : value->entries) {
        if (text.kind == NodeKind::scalar) {
            out.emplace_back(name.text, text.text);
        } else {
            diagnostics_->expected(text.mark, describe(text), "a string");
        }
    }
    return out;
}

void Fields::each(std::string_view key, const std::function<void(const Node&)>& f) {
    const Node* value = node(key);
    if (value == nullptr) return;
    if (value->kind != NodeKind::sequence) {
        diagnostics_->expected(value->mark, describe(*value), "a list");
        return;
    }
    for (const auto& item : value->items) f(item);
}

void Fields::allow(std::string_view key) {
    known_.emplace(key);
}

void Fields::finish() {
    const std::vector<std::string> known(known_.begin(), known_.end());
    for (const auto& [name, value] : node_->entries) {
        if (known_.find(name.text) != known_.end()) continue;
        const auto near = nearest(name.text, known);
        const auto found = fmt::format("{} has no key {}", what_, describe(name));
        if (!near.empty()) {
            diagnostics_->error(name.mark, fmt::format("{}; did you mean {}?", found, near));
        } else {
            diagnostics_->error(name.mark, fmt::format("{}, expected {}", found, list_of({known.begin(), known.end()})));
        }
    }
}

}  // namespace vigie::doc
