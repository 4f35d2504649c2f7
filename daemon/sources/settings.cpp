#include "vigie/sources/settings.hpp"

#include <algorithm>

#include "vigie/net/address.hpp"

namespace vigie::sources {
namespace {

using doc::Diagnostics;
using doc::Fields;
using doc::Mark;
using doc::Node;
using doc::NodeKind;

constexpr std::string_view placeholder = "{query}";
constexpr Duration second{1000};
constexpr Duration day{24 * 3'600'000};

bool lower_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool name_syntax(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 64 && lower_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-'; });
}

bool platform_syntax(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 64 &&
           std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

std::string without_placeholders(std::string url) {
    for (auto at = url.find(placeholder); at != std::string::npos; at = url.find(placeholder, at)) url.replace(at, placeholder.size(), "q");
    return url;
}

/// The URL may be a secret: no message shows any of it.
void check_url(const Secret& url, Mark mark, bool names_brands, Diagnostics& diagnostics) {
    const auto plain = without_placeholders(std::string(url.reveal()));
    if (plain.find_first_of("{}") != std::string::npos) {
        diagnostics.error(mark, "url has a placeholder other than {query}, which is the only one");
    } else if (const auto parsed = net::parse_url(plain); !parsed) {
        diagnostics.error(mark, "url is no usable URL, expected http:// or https:// with a host");
    } else if (names_brands && plain.size() == url.reveal().size()) {
        diagnostics.error(mark, "brands are listed, but url has no {query} to put their names into");
    }
}

void decode_feed(Fields& fields, const SecretReader& secret, SourceSettings& out) {
    auto& diagnostics = fields.diagnostics();
    out.every = fields.duration("every", second * 10, day * 30).value_or(out.every);
    out.timeout = fields.duration("timeout", second, second * 300).value_or(out.timeout);
    out.platform = fields.string("platform").value_or(out.platform);
    if (!platform_syntax(out.platform)) {
        const Node* node = fields.node("platform");
        diagnostics.expected(node->mark, doc::describe(*node), "lower-case letters, digits, '.', '_' and '-', at most 64");
    }
    out.language = fields.string("language").value_or("");
    out.brands = fields.strings("brands", true).value_or(std::vector<std::string>{});
    out.allow_private = fields.boolean("allow_private").value_or(false);
    const Node* node = fields.required_node("url");
    if (node == nullptr) return;
    auto url = secret(*node, diagnostics);
    if (!url) return;
    check_url(*url, node->mark, !out.brands.empty(), diagnostics);
    out.url = std::move(*url);
}

void decode_push(Fields& fields, const SecretReader& secret, SourceSettings& out) {
    const Node* node = fields.node("token");
    if (node == nullptr) return;
    if (node->kind == NodeKind::scalar) {
        // Perhaps the token itself: not shown.
        fields.diagnostics().expected(node->mark, "a plain string", "{file: path}, {credential: name} or {env: NAME}");
        return;
    }
    out.token = secret(*node, fields.diagnostics());
}

void decode_file(Fields& fields, SourceSettings& out) {
    out.path = fields.required_string("path").value_or("");
    const Node* node = fields.node("path");
    if (node != nullptr && node->kind == NodeKind::scalar && out.path.empty()) fields.diagnostics().expected(node->mark, "\"\"", "a path");
    out.follow = fields.boolean("follow").value_or(false);
    out.every = fields.duration("every", second, day).value_or(second * 2);
    if (out.follow && out.path.ends_with(".gz"))
        fields.diagnostics().error(fields.mark(), "a .gz file can't be followed: leave out follow, or unpack it");
}

}  // namespace

std::string_view to_string(SourceKind kind) noexcept {
    switch (kind) {
        case SourceKind::feed:
            return "feed";
        case SourceKind::push:
            return "push";
        case SourceKind::file:
            return "file";
    }
    return "feed";
}

std::optional<SourceSettings> decode_source(const Node& node, const SecretReader& secret, Diagnostics& diagnostics) {
    Diagnostics own(diagnostics.file());
    Fields fields(node, "a source", own);
    SourceSettings out;
    out.name = fields.required_string("name").value_or("");
    if (const Node* name = fields.node("name"); name != nullptr && name->kind == NodeKind::scalar && !name_syntax(out.name)) {
        own.expected(name->mark, doc::describe(*name), "a name of lower-case letters, digits and '-', at most 64");
    }
    fields.required_node("kind");
    const auto kind = fields.word("kind", {"feed", "push", "file"});
    if (kind == "feed") {
        out.kind = SourceKind::feed;
        decode_feed(fields, secret, out);
    } else if (kind == "push") {
        out.kind = SourceKind::push;
        decode_push(fields, secret, out);
    } else if (kind == "file") {
        out.kind = SourceKind::file;
        decode_file(fields, out);
    }
    // Without a kind, which keys it may have is not known.
    if (kind) fields.finish();
    diagnostics.append(own);
    if (!own.ok()) return std::nullopt;
    return out;
}

}  // namespace vigie::sources
