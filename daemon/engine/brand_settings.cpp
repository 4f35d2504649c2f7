#include "engine/brand_settings.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "vigie/core/untrusted.hpp"
#include "vigie/engine/settings.hpp"
#include "vigie/text/query.hpp"

namespace vigie::engine {
namespace {

using doc::Diagnostics;
using doc::Fields;
using doc::Mark;
using doc::Node;
using doc::NodeKind;

constexpr std::size_t max_name = 64;
constexpr std::size_t max_list = 1000;

bool lower_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool brand_name_syntax(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_name && lower_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-'; });
}

bool function_name_syntax(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_name && lower_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-' || c == '_'; });
}

bool platform_syntax(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_name &&
           std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

/// As in Prometheus.
bool label_name_syntax(std::string_view name) noexcept {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && name.size() <= max_name && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void check_query(const Node* node, text::QueryUse use, Diagnostics& diagnostics) {
    if (node == nullptr || node->kind != NodeKind::scalar) return;
    const auto query = text::parse_query(node->text, use);
    if (query) return;
    const auto& error = query.error();
    diagnostics.error(node->mark, fmt::format("in the query{}{}: {}", error.where().empty() ? "" : ", ", error.where(), error.message()));
}

void decode_official(Fields& fields, Brand& brand) {
    const Node* node = fields.node("official");
    if (node == nullptr) return;
    auto& diagnostics = fields.diagnostics();
    if (node->kind != NodeKind::map) {
        diagnostics.expected(node->mark, doc::describe(*node), "a map of platforms to handles, such as {x: [\"@aurora\"]}");
        return;
    }
    Fields platforms(*node, "official", diagnostics);
    for (const auto& [platform, handles] : node->entries) {
        if (!platform_syntax(platform.text)) {
            diagnostics.expected(platform.mark, doc::describe(platform), "a platform, or domain");
            continue;
        }
        auto list = platforms.strings(platform.text, true);
        if (list && list->size() > max_list) diagnostics.error(platform.mark, fmt::format("more than {} handles", max_list));
        if (list) brand.official.emplace(platform.text, std::move(*list));
    }
}

std::string query_of(const Brand& brand) {
    std::vector<std::string> names{brand.display};
    names.insert(names.end(), brand.aliases.begin(), brand.aliases.end());
    std::vector<std::string> handles;
    for (const auto& [platform, list] : brand.official) {
        if (platform != "domain") handles.insert(handles.end(), list.begin(), list.end());
    }
    return text::query_of_names(names, handles);
}

void decode_functions(Fields& fields, Brand& brand) {
    auto& diagnostics = fields.diagnostics();
    for (auto& [name, query] : fields.string_map("functions")) brand.functions.push_back({std::move(name), std::move(query)});
    const Node* node = fields.node("functions");
    if (node == nullptr || node->kind != NodeKind::map) return;
    if (node->entries.size() > max_brand_functions) {
        diagnostics.expected(node->mark, fmt::format("{} functions", node->entries.size()), fmt::format("at most {}", max_brand_functions));
    }
    for (const auto& [name, query] : node->entries) {
        if (!function_name_syntax(name.text)) {
            diagnostics.expected(name.mark, doc::describe(name), "a function's name: lower-case letters, digits, '-' and '_', at most 64");
        }
        if (query.kind == NodeKind::null) diagnostics.expected(query.mark, "nothing", "a query");
        check_query(&query, text::QueryUse::function, diagnostics);
    }
}

void decode_labels(Fields& fields, Brand& brand) {
    auto& diagnostics = fields.diagnostics();
    for (auto& [name, value] : fields.string_map("labels")) brand.labels.emplace(std::move(name), std::move(value));
    const Node* node = fields.node("labels");
    if (node == nullptr || node->kind != NodeKind::map) return;
    for (const auto& [name, value] : node->entries) {
        if (name.text == "brand" || name.text == "alertname" || name.text == "severity") {
            diagnostics.error(name.mark, fmt::format("found the label {}, which Vigie sets itself", name.text));
        } else if (!label_name_syntax(name.text)) {
            diagnostics.expected(name.mark, doc::describe(name), "a label's name: letters, digits and '_', not beginning with a digit");
        }
    }
}

Brand decode_brand(const Node& node, Diagnostics& diagnostics) {
    Fields fields(node, "a brand", diagnostics);
    Brand brand;
    brand.name = fields.required_string("name").value_or("");
    if (const Node* name = fields.node("name"); name != nullptr && name->kind == NodeKind::scalar && !brand_name_syntax(brand.name)) {
        diagnostics.expected(name->mark, doc::describe(*name), "a name of lower-case letters, digits and '-', at most 64");
    }
    brand.display = fields.string("display").value_or(brand.name);
    brand.aliases = fields.strings("aliases", true).value_or(std::vector<std::string>{});
    if (brand.aliases.size() > max_list) diagnostics.error(fields.node("aliases")->mark, fmt::format("more than {} aliases", max_list));
    const Node* query = fields.node("query");
    brand.query = fields.string("query").value_or("");
    check_query(query, text::QueryUse::brand, diagnostics);
    decode_official(fields, brand);
    if (query == nullptr && !brand.name.empty()) {
        brand.query = query_of(brand);
        if (brand.query.empty()) {
            diagnostics.expected(node.mark, "a brand without a name of letters or digits", "the key query, or a display name to look for");
        }
    }
    decode_functions(fields, brand);
    decode_labels(fields, brand);
    brand.timezone = checked_timezone(fields, "timezone", "");
    fields.finish();
    return brand;
}

}  // namespace

bool is_timezone(const std::string& name) {
    if (name.empty() || name.size() > 64) return false;
    try {
        return date::locate_zone(name) != nullptr;
    } catch (const std::exception&) {
        return name == "UTC";  // a machine without a time-zone database knows at least this one
    }
}

std::string checked_timezone(Fields& fields, std::string_view key, std::string otherwise) {
    auto name = fields.string(key);
    if (!name) return otherwise;
    if (is_timezone(*name)) return std::move(*name);
    fields.diagnostics().expected(fields.node(key)->mark, doc::describe(*fields.node(key)), "a time zone such as Europe/Paris or UTC");
    return otherwise;
}

std::vector<Brand> decode_brands(Fields& root) {
    std::vector<Brand> brands;
    std::map<std::uint64_t, std::pair<std::string, Mark>> keys;
    auto& diagnostics = root.diagnostics();
    root.each("brands", [&](const Node& node) {
        if (brands.size() == max_brands) {
            diagnostics.error(node.mark, fmt::format("more than {} brands", max_brands));
            return;
        }
        auto brand = decode_brand(node, diagnostics);
        if (!brand.name.empty()) {
            const Node* name = node.find("name");
            const auto [first, fresh] = keys.emplace(brand_key(brand.name), std::pair(brand.name, name->mark));
            if (!fresh) {
                const auto& [other, mark] = first->second;
                diagnostics.error(name->mark,
                                  other == brand.name
                                      ? fmt::format("found the brand {} again (first at {}:{})", other, mark.line, mark.column)
                                      : fmt::format("the brand {} has the same key in the store as {}: rename one", brand.name, other));
            }
        }
        brands.push_back(std::move(brand));
    });
    return brands;
}

}  // namespace vigie::engine
