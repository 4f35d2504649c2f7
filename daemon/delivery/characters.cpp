#include "delivery/characters.hpp"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

namespace vigie::delivery {

char32_t next_code_point(std::string_view utf8, std::size_t& at) noexcept {
    const auto byte = [&](std::size_t i) { return i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0U; };
    const unsigned first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte(at + i) & 0x3FU);
    at += length;
    return c;
}

bool is_control(char32_t c) noexcept {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool is_line_end(char32_t c) noexcept {
    return (c >= 0x0A && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_bidi_control(char32_t c) noexcept {
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_BIDI_CONTROL) != 0;
}

bool is_joiner(char32_t c) noexcept {
    return c == 0x200C || c == 0x200D;
}

bool is_invisible(char32_t c) noexcept {
    if (is_joiner(c) || (c >= 0xFE00 && c <= 0xFE0F)) return false;
    // Default ignorable code points show nothing; with the fillers of Hangul, which show nothing either, they let two names look the same.
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 || c == 0xFFF9 || c == 0xFFFA ||
           c == 0xFFFB;
}

bool joins_after(char32_t before) noexcept {
    const auto c = static_cast<UChar32>(before);
    if (before == 0xFE0F || u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) || u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER))
        return true;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
        case USCRIPT_LATIN:
        case USCRIPT_GREEK:
        case USCRIPT_CYRILLIC:
        case USCRIPT_HAN:
        case USCRIPT_COMMON:
            return false;
        case USCRIPT_INHERITED:
            return u_charType(c) == U_NON_SPACING_MARK && u_getCombiningClass(c) == 9;
        default:
            return U_SUCCESS(status) && (u_isalpha(c) || u_getCombiningClass(c) == 9);
    }
}

bool is_right_to_left(char32_t c) noexcept {
    const auto direction = u_charDirection(static_cast<UChar32>(c));
    return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

struct Graphemes::Impl {
    UText text = UTEXT_INITIALIZER;
    UBreakIterator* iterator = nullptr;
    ~Impl() {
        if (iterator != nullptr) ubrk_close(iterator);
        utext_close(&text);
    }
};

Graphemes::Graphemes(std::string_view utf8) : impl_(std::make_unique<Impl>()), size_(utf8.size()) {
    UErrorCode status = U_ZERO_ERROR;
    utext_openUTF8(&impl_->text, utf8.data(), static_cast<std::int64_t>(utf8.size()), &status);
    impl_->iterator = ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status);
    if (U_SUCCESS(status)) ubrk_setUText(impl_->iterator, &impl_->text, &status);
    if (U_FAILURE(status) && impl_->iterator != nullptr) {
        ubrk_close(impl_->iterator);
        impl_->iterator = nullptr;
    }
}

Graphemes::~Graphemes() = default;

std::size_t Graphemes::next() {
    if (at_ >= size_) return size_;
    // Without ICU's data the whole text is one unit: it is then kept or cut away whole, never torn.
    const auto end = impl_->iterator == nullptr ? UBRK_DONE : ubrk_next(impl_->iterator);
    at_ = end == UBRK_DONE ? size_ : static_cast<std::size_t>(end);
    return at_;
}

}  // namespace vigie::delivery
