#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdio>

#include "vigie/core/time.hpp"
#include "vigie/delivery/escape.hpp"
#include "vigie/delivery/message.hpp"

namespace vigie::cli {
namespace {

/// Cells that the text takes on a terminal (UAX #11): two for wide characters and emoji, none for what joins or combines.
std::size_t width(std::string_view text) {
    const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    std::size_t cells = 0;
    for (std::int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
        const UChar32 c = wide.char32At(at);
        if ((U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0) continue;
        const int kind = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        cells += kind == U_EA_WIDE || kind == U_EA_FULLWIDTH ? 2 : 1;
    }
    return cells;
}

}  // namespace

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_error(std::string_view text) {
    const std::string line = "vigie: " + std::string(text) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

int fail(const Error& error, int code) {
    print_error(error.text());
    return code;
}

std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::vector<std::string>> lines{head};
    for (const auto& row : rows) {
        std::vector<std::string> cells;
        for (const std::string& cell : row) cells.push_back(delivery::for_header(cell, delivery::Limit{200}));
        lines.push_back(std::move(cells));
    }
    std::vector<std::size_t> widths(head.size(), 0);
    for (std::size_t column = 0; column < head.size(); ++column) {
        const bool used = std::any_of(lines.begin() + 1, lines.end(), [&](const auto& line) { return !line[column].empty(); });
        if (!used && !rows.empty()) continue;
        for (const auto& line : lines) widths[column] = std::max(widths[column], width(line[column]));
    }
    std::string out;
    for (const auto& line : lines) {
        std::string text;
        for (std::size_t column = 0; column < head.size(); ++column) {
            if (widths[column] == 0) continue;
            text += line[column] + std::string(widths[column] - width(line[column]) + 2, ' ');
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    }
    return out;
}

std::string relative(std::string_view rfc3339, std::string_view now) {
    const Result<Time> then = parse_time(rfc3339);
    const Result<Time> at = parse_time(now);
    if (!then || !at) return "-";
    const Duration d = *at - *then;
    if (d < Duration{0}) return "in " + delivery::human_duration(-d, delivery::Language::en);
    return delivery::human_duration(d, delivery::Language::en) + " ago";
}

std::string bytes_text(double bytes) {
    const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
    return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[unit]);
}

}  // namespace vigie::cli
