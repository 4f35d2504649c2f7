#include "core/json_split.hpp"

#include <algorithm>

namespace vigie {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";

bool blank(std::string_view text) noexcept {
    return text.find_first_not_of(blanks) == std::string_view::npos;
}

std::string_view without_mark(std::string_view body) noexcept {
    if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
    return body;
}

}  // namespace

LineSplitter::LineSplitter(std::string_view body) : rest_(without_mark(body)) {}

std::optional<Piece> LineSplitter::next() {
    while (!rest_.empty()) {
        const auto end = std::min(rest_.find('\n'), rest_.size());
        auto line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        ++number_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!blank(line)) return Piece{line, number_};
    }
    return std::nullopt;
}

ArraySplitter::ArraySplitter(std::string_view body) : rest_(without_mark(body)) {
    skip_blanks();
    if (!rest_.starts_with('[')) return;
    array_ = true;
    rest_.remove_prefix(1);
    skip_blanks();
    if (!rest_.starts_with(']')) return;
    rest_.remove_prefix(1);
    skip_blanks();
    done_ = true;
    if (!rest_.empty()) fail("the end of the body");
}

std::optional<Piece> ArraySplitter::next() {
    if (done_) return std::nullopt;
    ++number_;
    if (!array_) {
        done_ = true;
        if (rest_.empty()) {
            number_ = 0;
            return fail("a list of records, or one record");
        }
        return Piece{rest_, number_};
    }
    const auto length = element_length();
    const auto element = rest_.substr(0, length);
    if (blank(element)) return --number_, fail("a record");
    auto after = rest_.substr(length);
    if (after.empty()) return --number_, fail("a whole record, then ',' or ']'");
    // Whatever follows, the element itself is whole: it is handed out, and a break is told afterwards.
    rest_ = after;
    if (after.front() == '}') {
        fail("',' or ']'");
        return Piece{element, number_};
    }
    rest_.remove_prefix(1);
    skip_blanks();
    if (after.front() == ']') {
        done_ = true;
        if (!rest_.empty()) fail("the end of the body");
    }
    return Piece{element, number_};
}

void ArraySplitter::skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
}

std::optional<Piece> ArraySplitter::fail(std::string_view expected) {
    done_ = true;
    const auto found = excerpt(rest_);
    broken_ = Rejection{number_ + 1, "", found.empty() ? "the end of the body" : found, std::string(expected)};
    return std::nullopt;
}

/// Up to the ',' or closing bracket that ends the element, or to the end of the body.
std::size_t ArraySplitter::element_length() const {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
        const char c = rest_[at];
        if (in_string) {
            if (c == '\\') {
                ++at;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if (c == ']' || c == '}') {
            if (depth == 0) return at;
            --depth;
        } else if (c == ',' && depth == 0) {
            return at;
        }
    }
    return rest_.size();
}

}  // namespace vigie
