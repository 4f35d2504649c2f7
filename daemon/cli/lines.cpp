#include "cli/lines.hpp"

#include <string_view>

namespace vigie::cli {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

bool LineReader::read() {
    line_.clear();
    std::streambuf& bytes = *in_.rdbuf();
    constexpr int end = std::char_traits<char>::eof();
    int c = bytes.sbumpc();
    if (c == end) return false;
    for (; c != end && c != '\n'; c = bytes.sbumpc()) {
        if (line_.size() <= keep_) line_.push_back(static_cast<char>(c));
    }
    ++number_;
    return true;
}

bool LineReader::next() {
    while (read()) {
        if (number_ == 1 && line_.starts_with(byte_order_mark)) line_.erase(0, byte_order_mark.size());
        if (line_.ends_with('\r')) line_.pop_back();
        if (!line_.empty()) return true;
    }
    return false;
}

}  // namespace vigie::cli
