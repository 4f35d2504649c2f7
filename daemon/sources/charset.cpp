#include "sources/charset.hpp"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sources/ascii.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::sources {
namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view bytes;
    std::string_view charset;
};
// The longer first: a UTF-32 mark begins like a UTF-16 one.
constexpr std::array<Signature, 5> marks{{{"\xEF\xBB\xBF"sv, "utf-8"},
                                          {"\xFF\xFE\0\0"sv, "utf-32le"},
                                          {"\0\0\xFE\xFF"sv, "utf-32be"},
                                          {"\xFF\xFE"sv, "utf-16le"},
                                          {"\xFE\xFF"sv, "utf-16be"}}};
// How "<?" or "<r" looks without a mark (XML 1.0, appendix F).
constexpr std::array<Signature, 5> shapes{
    {{"<\0\0\0"sv, "utf-32le"}, {"\0\0\0<"sv, "utf-32be"}, {"<\0"sv, "utf-16le"}, {"\0<"sv, "utf-16be"}, {"\x4C\x6F\xA7\x94"sv, "cp037"}}};

/// An encoding's name as ICU shall open it; empty for names that are none.
std::string known_charset(std::string name) {
    name = lower_ascii(trim(name));
    if (name.empty() || name.size() > 40) return {};
    const bool clean = std::all_of(name.begin(), name.end(), [](char c) { return is_name_char(c) || c == '(' || c == ')'; });
    if (!clean) return {};
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> supersets{{{"iso-8859-1", "windows-1252"},
                                                                                              {"iso8859-1", "windows-1252"},
                                                                                              {"latin1", "windows-1252"},
                                                                                              {"us-ascii", "windows-1252"},
                                                                                              {"ascii", "windows-1252"},
                                                                                              {"iso-8859-9", "windows-1254"},
                                                                                              {"iso-8859-11", "windows-874"},
                                                                                              {"tis-620", "windows-874"},
                                                                                              {"gb2312", "gb18030"},
                                                                                              {"gbk", "gb18030"},
                                                                                              {"euc-kr", "windows-949"},
                                                                                              {"ks_c_5601-1987", "windows-949"}}};
    for (const auto& [from, to] : supersets)
        if (name == from) return std::string(to);
    if (name == "utf8") return "utf-8";
    UErrorCode status = U_ZERO_ERROR;
    if (ucnv_countAliases(name.c_str(), &status) == 0 || U_FAILURE(status)) return {};
    return name;
}

/// What an XML declaration in ASCII-compatible bytes says; empty if nothing.
std::string declared_in(std::string_view head) {
    const std::size_t begin = head.substr(0, 1024).find("<?xml");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = head.find("?>", begin);
    if (end == std::string_view::npos || end - begin > 1024) return {};
    const std::string_view declaration = head.substr(begin, end - begin);
    std::size_t at = declaration.find("encoding");
    if (at == std::string_view::npos) return {};
    at = declaration.find_first_of("\"'", at);
    if (at == std::string_view::npos) return {};
    const std::size_t close = declaration.find(declaration[at], at + 1);
    if (close == std::string_view::npos) return {};
    return std::string(declaration.substr(at + 1, close - at - 1));
}

std::optional<std::string> convert(std::string_view body, const std::string& charset) {
    if (body.size() > (1u << 30)) return std::nullopt;
    std::string out(body.size() + body.size() / 2 + 64, '\0');
    for (int round = 0; round < 2; ++round) {
        UErrorCode status = U_ZERO_ERROR;
        const std::int32_t length = ucnv_convert("UTF-8", charset.c_str(), out.data(), static_cast<std::int32_t>(out.size()), body.data(),
                                                 static_cast<std::int32_t>(body.size()), &status);
        if (length < 0) return std::nullopt;
        if (U_SUCCESS(status) && static_cast<std::size_t>(length) <= out.size()) {
            out.resize(static_cast<std::size_t>(length));
            return out;
        }
        if (status != U_BUFFER_OVERFLOW_ERROR) return std::nullopt;
        out.resize(static_cast<std::size_t>(length) + 1);
    }
    return std::nullopt;
}

bool is_wide(std::string_view charset) {
    return charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.starts_with("ucs-") ||
           charset.starts_with("iso-10646");
}

Decoded finish(std::string text, std::string charset, bool guessed) {
    if (!is_utf8(text) || text.find('\0') != std::string::npos) text = clean_utf8(text, 3 * text.size());  // a bad byte becomes three
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return {std::move(text), std::move(charset), guessed};
}

/// Share of the non-ASCII bytes that are part of well-formed UTF-8 is high: damaged UTF-8 rather than another encoding.
bool mostly_utf8(std::string_view body) {
    std::size_t good = 0, bad = 0;
    for (std::size_t i = 0; i < body.size();) {
        const auto lead = static_cast<unsigned char>(body[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
        if (length > 1 && i + length <= body.size() && is_utf8(body.substr(i, length))) {
            ++good;
            i += length;
        } else {
            ++bad;
            ++i;
        }
    }
    return good > bad;
}

Decoded decode_as_utf8(std::string_view body, const std::string& declared) {
    if (is_utf8(body)) return finish(std::string(body), "utf-8", false);
    if (!declared.empty() && declared != "utf-8" && !is_wide(declared))
        if (auto text = convert(body, declared)) return finish(std::move(*text), declared, true);
    if (mostly_utf8(body)) return finish(std::string(body), "utf-8", true);
    if (auto text = convert(body, "windows-1252")) return finish(std::move(*text), "windows-1252", true);
    return finish(std::string(body), "utf-8", true);
}

}  // namespace

std::string charset_of(std::string_view content_type) {
    const std::string lower = lower_ascii(content_type);
    for (std::size_t at = lower.find("charset"); at != std::string::npos; at = lower.find("charset", at + 7)) {
        std::size_t i = lower.find_first_not_of(" \t", at + 7);
        if (i == std::string::npos || lower[i] != '=') continue;
        i = lower.find_first_not_of(" \t\"'", i + 1);
        if (i == std::string::npos) return {};
        const std::size_t end = lower.find_first_of(" \t\"';,", i);
        return lower.substr(i, end == std::string::npos ? end : end - i);
    }
    return {};
}

Decoded decode_to_utf8(std::string_view body, std::string_view content_type) {
    for (const auto& mark : marks) {
        if (!body.starts_with(mark.bytes)) continue;
        const std::string_view rest = body.substr(mark.bytes.size());
        if (mark.charset == "utf-8") return decode_as_utf8(rest, {});
        if (auto text = convert(rest, std::string(mark.charset))) return finish(std::move(*text), std::string(mark.charset), false);
    }
    for (const auto& shape : shapes) {
        if (!body.starts_with(shape.bytes)) continue;
        auto text = convert(body, std::string(shape.charset));
        if (!text) break;
        const std::string inner = shape.charset == "cp037" ? known_charset(declared_in(*text)) : std::string();
        if (!inner.empty() && inner != shape.charset && !is_wide(inner) && inner != "utf-8")
            if (auto better = convert(body, inner)) return finish(std::move(*better), inner, false);
        return finish(std::move(*text), std::string(shape.charset), false);
    }
    const std::string declared = known_charset(declared_in(body));
    std::string charset = known_charset(charset_of(content_type));
    // Sixteen-bit encodings would have shown above: the header, or a declaration that could be read, is wrong.
    if (is_wide(charset)) charset.clear();
    if (charset.empty()) charset = declared;
    if (charset.empty() || is_wide(charset) || charset == "utf-8") return decode_as_utf8(body, declared);
    if (auto text = convert(body, charset)) return finish(std::move(*text), charset, false);
    return decode_as_utf8(body, declared);
}

}  // namespace vigie::sources
