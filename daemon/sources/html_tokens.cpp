#include "sources/html_tokens.hpp"

#include <algorithm>
#include <array>

#include "sources/ascii.hpp"
#include "sources/entities.hpp"

namespace vigie::sources {
namespace {

constexpr std::size_t max_attributes = 64;
constexpr std::array<std::string_view, 8> silent{"script", "style", "template", "noscript", "iframe", "object", "svg", "math"};

bool starts_tag(std::string_view html, std::size_t at) noexcept {
    if (html[at] != '<' || at + 1 >= html.size()) return false;
    const char c = html[at + 1];
    return is_alpha(c) || c == '/' || c == '!' || c == '?';
}

}  // namespace

std::string_view HtmlToken::attribute(std::string_view wanted) const noexcept {
    for (const auto& [key, value] : attributes)
        if (key == wanted) return value;
    return {};
}

bool HtmlReader::next(HtmlToken& token) {
    while (at_ < html_.size()) {
        if (starts_tag(html_, at_)) {
            if (read_tag(token)) return true;
            continue;
        }
        std::size_t end = html_.find('<', at_ + 1);
        while (end != std::string_view::npos && !starts_tag(html_, end)) end = html_.find('<', end + 1);
        if (end == std::string_view::npos) end = html_.size();
        token.type = HtmlToken::Type::text;
        token.text = html_.substr(at_, end - at_);
        at_ = end;
        return true;
    }
    return false;
}

/// True if a token came out; false if something was passed over.
bool HtmlReader::read_tag(HtmlToken& token) {
    if (html_.substr(at_).starts_with("<!--")) {
        at_ += 4;
        skip_past("-->");
        return false;
    }
    const bool closing = html_[at_ + 1] == '/';
    const std::size_t first = at_ + (closing ? 2 : 1);
    std::size_t end = first;
    while (end < html_.size() && is_name_char(html_[end])) ++end;
    if (end == first) {  // <!doctype>, <?php ?>, </>
        if (html_.substr(at_).starts_with("<![CDATA[")) {
            at_ += 9;
            const std::size_t close = html_.find("]]>", at_);
            token.type = HtmlToken::Type::text;
            token.text = html_.substr(at_, close == std::string_view::npos ? close : close - at_);
            at_ = close == std::string_view::npos ? html_.size() : close + 3;
            return true;
        }
        skip_past(">");
        return false;
    }
    token.name = lower_ascii(html_.substr(first, end - first));
    token.type = closing ? HtmlToken::Type::close : HtmlToken::Type::open;
    at_ = end;
    read_attributes(token);
    if (!closing && std::find(silent.begin(), silent.end(), token.name) != silent.end()) {
        const bool empty = at_ >= 2 && html_[at_ - 2] == '/';
        if (!empty) skip_to_close(token.name);
        return false;
    }
    return true;
}

std::size_t HtmlReader::read_open_tag(HtmlToken& token) {
    at_ = 1;
    while (at_ < html_.size() && is_name_char(html_[at_])) ++at_;
    token.type = HtmlToken::Type::open;
    token.name = lower_ascii(html_.substr(1, at_ - 1));
    read_attributes(token);
    return at_;
}

void HtmlReader::read_attributes(HtmlToken& token) {
    token.attributes.clear();
    while (at_ < html_.size()) {
        while (at_ < html_.size() && (is_blank(html_[at_]) || html_[at_] == '/')) ++at_;
        if (at_ >= html_.size()) return;
        if (html_[at_] == '>') {
            ++at_;
            return;
        }
        const std::size_t name = at_;
        while (at_ < html_.size() && !is_blank(html_[at_]) && html_[at_] != '=' && html_[at_] != '>' && html_[at_] != '/') ++at_;
        const std::string_view key = html_.substr(name, at_ - name);
        while (at_ < html_.size() && is_blank(html_[at_])) ++at_;
        std::string_view value;
        if (at_ < html_.size() && html_[at_] == '=') {
            ++at_;
            while (at_ < html_.size() && is_blank(html_[at_])) ++at_;
            if (at_ >= html_.size()) return;
            const char quote = html_[at_];
            if (quote == '"' || quote == '\'') {
                const std::size_t begin = ++at_;
                const std::size_t end = std::min(html_.find(quote, begin), html_.size());
                value = html_.substr(begin, end - begin);
                at_ = std::min(end + 1, html_.size());
            } else {
                const std::size_t begin = at_;
                while (at_ < html_.size() && !is_blank(html_[at_]) && html_[at_] != '>') ++at_;
                value = html_.substr(begin, at_ - begin);
            }
        }
        if (key.empty() || token.attributes.size() >= max_attributes) continue;
        std::string decoded;
        append_decoded(decoded, value);
        token.attributes.emplace_back(lower_ascii(key), std::move(decoded));
    }
}

void HtmlReader::skip_to_close(std::string_view name) {
    for (std::size_t end = html_.find("</", at_); end != std::string_view::npos; end = html_.find("</", end + 2)) {
        const std::string_view rest = html_.substr(end + 2);
        if (rest.size() >= name.size() && equal_nocase(rest.substr(0, name.size()), name)) {
            at_ = end + 2 + name.size();
            skip_past(">");
            return;
        }
    }
    at_ = html_.size();
}

void HtmlReader::skip_past(std::string_view mark) {
    const std::size_t end = html_.find(mark, at_);
    at_ = end == std::string_view::npos ? html_.size() : end + mark.size();
}

void append_decoded(std::string& out, std::string_view html) {
    while (!html.empty()) {
        const std::size_t mark = html.find('&');
        out += html.substr(0, mark);
        if (mark == std::string_view::npos) return;
        html.remove_prefix(mark);
        const CharacterReference reference = read_reference(html);
        if (reference.length == 0) {
            out += '&';
            html.remove_prefix(1);
            continue;
        }
        if (reference.code != 0) append_utf8(out, reference.code);
        html.remove_prefix(reference.length);
    }
}

}  // namespace vigie::sources
