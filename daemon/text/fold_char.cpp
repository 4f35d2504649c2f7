#include "text/fold_char.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <vector>

namespace vigie::text {
namespace {

constexpr char32_t replacement = 0xFFFD;

// U+00C0..U+017F; nullptr is a separator.
constexpr std::array<const char*, 0xC0> latin = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",     "e", "e", "e", "e", "i", "i", "i",  "i",   // C0
    "d", "n", "o",  "o",  "o", "o", "o",  nullptr, "o", "u", "u", "u", "u", "y", "th", "ss",  // D0
    "a", "a", "a",  "a",  "a", "a", "ae", "c",     "e", "e", "e", "e", "i", "i", "i",  "i",   // E0
    "d", "n", "o",  "o",  "o", "o", "o",  nullptr, "o", "u", "u", "u", "u", "y", "th", "y",   // F0
    "a", "a", "a",  "a",  "a", "a", "c",  "c",     "c", "c", "c", "c", "c", "c", "d",  "d",   // 100
    "d", "d", "e",  "e",  "e", "e", "e",  "e",     "e", "e", "e", "e", "g", "g", "g",  "g",   // 110
    "g", "g", "g",  "g",  "h", "h", "h",  "h",     "i", "i", "i", "i", "i", "i", "i",  "i",   // 120
    "i", "i", "ij", "ij", "j", "j", "k",  "k",     "k", "l", "l", "l", "l", "l", "l",  "l",   // 130
    "l", "l", "l",  "n",  "n", "n", "n",  "n",     "n", "n", "n", "n", "o", "o", "o",  "o",   // 140
    "o", "o", "oe", "oe", "r", "r", "r",  "r",     "r", "r", "s", "s", "s", "s", "s",  "s",   // 150
    "s", "s", "t",  "t",  "t", "t", "t",  "t",     "u", "u", "u", "u", "u", "u", "u",  "u",   // 160
    "u", "u", "u",  "u",  "w", "w", "y",  "y",     "y", "z", "z", "z", "z", "z", "z",  "s",   // 170
};

// Capitals alternate with small letters, except that U+0138..0148 and U+0179..017E have theirs on odd numbers.
constexpr bool latin_upper(char32_t c) noexcept {
    if (c < 0xE0) return c != 0xDF;
    if (c < 0x100) return false;
    if (c == 0x138 || c == 0x149 || c == 0x17F) return false;
    if (c == 0x178) return true;
    const bool odd = (c & 1) != 0;
    return (c > 0x138 && c < 0x149) || c > 0x178 ? odd : !odd;
}

constexpr FoldedChar make(CharClass cls, std::string_view bytes = {}, bool upper = false) noexcept {
    FoldedChar f;
    f.cls = cls;
    f.upper = upper;
    f.size = static_cast<std::uint8_t>(std::min(bytes.size(), sizeof f.bytes));
    std::copy_n(bytes.data(), f.size, f.bytes);
    return f;
}

constexpr FoldedChar fold_ascii(char32_t c) noexcept {
    const char ch = static_cast<char>(c);
    if (c >= 'a' && c <= 'z') return make(CharClass::letter, {&ch, 1});
    if (c >= 'A' && c <= 'Z') {
        const char low = static_cast<char>(c + 32);
        return make(CharClass::letter, {&low, 1}, true);
    }
    if (c >= '0' && c <= '9') return make(CharClass::digit, {&ch, 1});
    return make(c == '\'' || c == '`' ? CharClass::apostrophe : CharClass::separator);
}

constexpr std::array<FoldedChar, latin.size()> latin_folds = [] {
    std::array<FoldedChar, latin.size()> all;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const char* letters = latin[i];
        all[i] = letters == nullptr ? make(CharClass::separator)
                                    : make(CharClass::letter, letters, latin_upper(static_cast<char32_t>(0xC0 + i)));
    }
    return all;
}();

struct Range {
    char32_t first, last;
};

template <std::size_t N>
constexpr bool in_ranges(char32_t c, const std::array<Range, N>& ranges) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

constexpr std::array<Range, 17> without_blanks = {{
    {0x0E00, 0x0EFF},
    {0x1000, 0x109F},
    {0x1100, 0x11FF},
    {0x1780, 0x17FF},
    {0x2E80, 0x2FDF},
    {0x3005, 0x3007},
    {0x3040, 0x30FF},
    {0x3100, 0x318F},
    {0x31A0, 0x31BF},
    {0x31F0, 0x31FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7FF},
    {0xF900, 0xFAFF},
    {0x20000, 0x2FFFF},
    {0x30000, 0x3FFFF},
}};

// Marks that decorate a letter. The vowel signs of Indic scripts are not among them: without them words would run together.
constexpr std::array<Range, 12> decorations = {{
    {0x0300, 0x036F},
    {0x0483, 0x0489},
    {0x0591, 0x05C7},
    {0x0610, 0x061A},
    {0x064B, 0x065F},
    {0x0670, 0x0670},
    {0x06D6, 0x06ED},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
}};

constexpr std::array<Range, 11> invisible = {{
    {0x00AD, 0x00AD},
    {0x061C, 0x061C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x202A, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xFEFF, 0xFEFF},
    {0xE0000, 0xE0FFF},
}};

// What keyboards and word processors put in its place: quotation marks, modifier letters, the acute, the prime, full width.
constexpr bool is_apostrophe(char32_t c) noexcept {
    return (c >= 0x2018 && c <= 0x201B && c != 0x201A) || c == 0xB4 || c == 0x2BC || c == 0x2B9 || c == 0x2BB || c == 0x2BD || c == 0x2C8 ||
           c == 0x2032 || c == 0x55A || c == 0x5F3 || c == 0xA78B || c == 0xA78C || c == 0xFF07 || c == 0xFF40;
}

constexpr bool is_trade_mark(char32_t c) noexcept {
    return c == 0x2122 || c == 0x2120 || c == 0xAE || c == 0xA9;
}

bool is_word_char(char32_t c) noexcept {
    return u_isalnum(static_cast<UChar32>(c)) != 0 || (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

void append_letters(const icu::UnicodeString& s, std::string& out) {
    for (std::int32_t i = 0; i < s.length();) {
        const UChar32 c = s.char32At(i);
        i += U16_LENGTH(c);
        const auto u = static_cast<char32_t>(c);
        if (u >= 0xC0 && u < 0x180) {  // what only the fixed table folds: ø, ł, æ
            if (latin[u - 0xC0] != nullptr) out += latin[u - 0xC0];
        } else if (!in_ranges(u, decorations) && is_word_char(u)) {
            append_utf8(out, u);
        }
    }
}

// Latin, Greek, Cyrillic, Arabic, Hebrew: NFD lays the marks bare. Hangul and kana stay as they are.
std::string letters_of(char32_t c) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
    const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(error);
    icu::UnicodeString text(static_cast<UChar32>(c));
    if (U_SUCCESS(error)) text = casefold->normalize(text, error);
    const bool keep = text.isEmpty() || in_ranges(static_cast<char32_t>(text.char32At(0)), without_blanks);
    if (U_SUCCESS(error) && !keep) text = decompose->normalize(text, error);
    std::string out;
    append_letters(text, out);
    return out;
}

CharClass class_of_letters(char32_t original, std::string_view letters) noexcept {
    std::size_t at = 0;
    const char32_t c = decode(letters, at);
    if (in_ranges(c, without_blanks)) return CharClass::ideograph;
    return u_isdigit(static_cast<UChar32>(c)) && !u_isalpha(static_cast<UChar32>(original)) ? CharClass::digit : CharClass::letter;
}

FoldedChar fold_by_icu(char32_t c) {
    if (in_ranges(c, invisible) || in_ranges(c, decorations) || is_emoji_modifier(c)) return make(CharClass::skip);
    if (is_apostrophe(c)) return make(CharClass::apostrophe);
    if (is_pictograph(c)) return make(CharClass::pictograph);
    if (is_trade_mark(c) || c == replacement) return make(CharClass::separator);
    std::string letters = letters_of(c);
    if (letters.empty()) return make(CharClass::separator);
    while (letters.size() > sizeof FoldedChar::bytes) {  // U+FDFA alone: eighteen letters; cut before a character
        do letters.pop_back();
        while ((static_cast<unsigned char>(letters.back()) & 0xC0) == 0x80);
        letters.pop_back();
    }
    return make(class_of_letters(c, letters), letters, u_isupper(static_cast<UChar32>(c)) != 0);
}

constexpr char32_t table_end = 0x2500;

const std::vector<FoldedChar>& table() {
    static const std::vector<FoldedChar> entries = [] {
        std::vector<FoldedChar> all;
        all.reserve(table_end);
        for (char32_t c = 0; c < table_end; ++c) all.push_back(fold_by_icu(c));
        return all;
    }();
    return entries;
}

bool stays_itself(char32_t c) noexcept {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FE);
}

bool continuation(std::string_view text, std::size_t at) noexcept {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

char32_t bits(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]) & 0x3FU;
}

}  // namespace

constinit const std::array<FoldedChar, 0x80> ascii_folds = [] {
    std::array<FoldedChar, 0x80> all;
    for (std::size_t c = 0; c < all.size(); ++c) all[c] = fold_ascii(static_cast<char32_t>(c));
    return all;
}();

char32_t decode_sequence(std::string_view text, std::size_t& at) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0xC2 && lead < 0xE0 && continuation(text, at + 1)) {
        const char32_t c = (lead & 0x1FU) << 6 | bits(text, at + 1);
        at += 2;
        return c;
    }
    if (lead >= 0xE0 && lead < 0xF0 && continuation(text, at + 1) && continuation(text, at + 2)) {
        const char32_t c = (lead & 0x0FU) << 12 | bits(text, at + 1) << 6 | bits(text, at + 2);
        if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) {
            at += 3;
            return c;
        }
    }
    if (lead >= 0xF0 && lead < 0xF5 && continuation(text, at + 1) && continuation(text, at + 2) && continuation(text, at + 3)) {
        const char32_t c = (lead & 0x07U) << 18 | bits(text, at + 1) << 12 | bits(text, at + 2) << 6 | bits(text, at + 3);
        if (c >= 0x10000 && c <= 0x10FFFF) {
            at += 4;
            return c;
        }
    }
    ++at;
    return replacement;
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

FoldedChar fold_beyond_ascii(char32_t c) {
    if (c >= 0xC0 && c < 0x180) return latin_folds[c - 0xC0];
    if (c < table_end) return table()[c];
    if (c == replacement) return make(CharClass::separator);
    if (stays_itself(c)) {
        std::string self;
        append_utf8(self, c);
        return make(CharClass::ideograph, self);
    }
    return fold_by_icu(c);
}

bool is_pictograph(char32_t c) noexcept {
    if (c < 0x203C || is_trade_mark(c) || is_emoji_modifier(c)) return false;
    return is_regional(c) || u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
}

bool is_emoji_modifier(char32_t c) noexcept {
    return (c >= 0x1F3FB && c <= 0x1F3FF) || c == 0xFE0F || c == 0xFE0E || c == 0x20E3 || (c >= 0xE0020 && c <= 0xE007F);
}

char32_t compose(char32_t a, char32_t b) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
    if (U_FAILURE(error)) return 0;
    const UChar32 joined = nfc->composePair(static_cast<UChar32>(a), static_cast<UChar32>(b));
    return joined < 0 ? 0 : static_cast<char32_t>(joined);
}

}  // namespace vigie::text
