#include "config/source_text.hpp"

#include <algorithm>

namespace vigie::config {
namespace {

/// Characters of valid UTF-8, and bytes of what is not.
int count_characters(std::string_view bytes) {
    return static_cast<int>(std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_quote(std::string_view text) {
    return text.starts_with('"') || text.starts_with('\'');
}

/// The length of the quoted scalar at the beginning, quotes included; 0 if it never ends.
std::size_t quoted_length(std::string_view text) {
    const char quote = text.front();
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote) {
            if (quote == '"' || !text.substr(at + 1).starts_with(quote)) return at + 1;
            ++at;
        } else if (text[at] == '\\' && quote == '"') {
            ++at;
        }
    }
    return 0;
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), starts_{0} {
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) starts_.push_back(at + 1);
}

std::string_view SourceText::line(std::size_t index) const {
    if (index >= starts_.size()) return {};
    const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
    return text_.substr(starts_[index], end - starts_[index]);
}

doc::Mark SourceText::at(std::size_t byte) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), byte);
    const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
    return at(static_cast<int>(index), static_cast<int>(byte - starts_[index]));
}

doc::Mark SourceText::at(int line_index, int column) const {
    if (line_index < 0 || column < 0) return {};
    const auto before = line(static_cast<std::size_t>(line_index)).substr(0, static_cast<std::size_t>(column));
    return {line_index + 1, count_characters(before) + 1};
}

bool SourceText::indented_by_tab(int line_index, int column) const {
    if (line_index < 0 || column < 0) return false;
    const auto before = line(static_cast<std::size_t>(line_index)).substr(0, static_cast<std::size_t>(column));
    return before.find('\t') != std::string_view::npos && before.find_first_not_of(" \t") == std::string_view::npos;
}

std::string_view SourceText::rest(int line_index, int column) const {
    if (line_index < 0 || column < 0 || static_cast<std::size_t>(line_index) >= starts_.size()) return {};
    const std::size_t at = starts_[static_cast<std::size_t>(line_index)] + static_cast<std::size_t>(column);
    return at < text_.size() ? text_.substr(at) : std::string_view{};
}

bool SourceText::quotes_close(int line_index, int column) const {
    const auto text = rest(line_index, column);
    return !is_quote(text) || quoted_length(text) > 0;
}

bool SourceText::colon_follows(int line_index, int column, std::size_t length) const {
    auto text = rest(line_index, column);
    if (is_quote(text)) length = quoted_length(text);
    text.remove_prefix(std::min(length, text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.starts_with(':');
}

}  // namespace vigie::config
