// RFC 3986, section 5.2, over the text of URLs.
#include <string>
#include <string_view>

#include "sources/ascii.hpp"
#include "vigie/sources/feed.hpp"

namespace vigie::sources {
namespace {

constexpr std::size_t longest_url = 8192;

struct Parts {
    std::string_view scheme, authority, path, query, fragment;
    bool has_authority = false, has_query = false, has_fragment = false;
};

std::size_t scheme_length(std::string_view text) noexcept {
    if (text.empty() || !is_alpha(text[0])) return 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ':') return i;
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
    }
    return 0;
}

Parts split(std::string_view text) noexcept {
    Parts parts;
    if (const std::size_t length = scheme_length(text); length > 0) {
        parts.scheme = text.substr(0, length);
        text.remove_prefix(length + 1);
    }
    if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
        parts.has_fragment = true;
        parts.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
        parts.has_query = true;
        parts.query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    if (text.starts_with("//")) {
        parts.has_authority = true;
        text.remove_prefix(2);
        const std::size_t slash = text.find('/');
        parts.authority = text.substr(0, slash);
        text = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
    }
    parts.path = text;
    return parts;
}

/// Section 5.2.4.
std::string without_dots(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        if (path.starts_with("../")) {
            path.remove_prefix(3);
        } else if (path.starts_with("./")) {
            path.remove_prefix(2);
        } else if (path.starts_with("/./")) {
            path.remove_prefix(2);
        } else if (path == "/.") {
            path = "/";
        } else if (path.starts_with("/../") || path == "/..") {
            path = path.size() > 3 ? path.substr(3) : std::string_view("/");
            const std::size_t slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
        } else if (path == "." || path == "..") {
            path = {};
        } else {
            const std::size_t next = path.find('/', 1);
            out += path.substr(0, next);
            path = next == std::string_view::npos ? std::string_view() : path.substr(next);
        }
    }
    return out;
}

std::string merged(const Parts& base, std::string_view path) {
    if (base.has_authority && base.path.empty()) return "/" + std::string(path);
    const std::size_t slash = base.path.rfind('/');
    std::string out(slash == std::string_view::npos ? std::string_view() : base.path.substr(0, slash + 1));
    return out += path;
}

}  // namespace

std::string resolve_reference(std::string_view base_text, std::string_view reference) {
    reference = trim(reference);
    base_text = trim(base_text);
    if (reference.size() > longest_url || base_text.size() > longest_url) return std::string(reference);
    const Parts ref = split(reference);
    if (!ref.scheme.empty()) return std::string(reference);
    const Parts base = split(base_text);
    if (base.scheme.empty() || !base.has_authority) return std::string(reference);

    std::string path;
    Parts out = ref;
    out.scheme = base.scheme;
    if (ref.has_authority) {
        path = without_dots(ref.path);
    } else {
        out.authority = base.authority;
        out.has_authority = true;
        if (ref.path.empty()) {
            path = std::string(base.path);
            if (!ref.has_query) {
                out.query = base.query;
                out.has_query = base.has_query;
            }
        } else {
            path = without_dots(ref.path.starts_with('/') ? std::string(ref.path) : merged(base, ref.path));
        }
    }
    std::string text(out.scheme);
    text += "://";
    text += out.authority;
    text += path;
    if (out.has_query) (text += '?') += out.query;
    if (out.has_fragment) (text += '#') += out.fragment;
    return text;
}

}  // namespace vigie::sources
