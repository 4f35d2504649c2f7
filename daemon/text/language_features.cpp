#include "text/language_features.hpp"

#include <unicode/uchar.h>

#include <algorithm>

#include "text/fold_char.hpp"

namespace vigie::text {
namespace {

bool is_latin(char32_t c) noexcept {
    return (c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7) || (c >= 0x1E00 && c < 0x1F00);
}

char32_t lower(char32_t c) noexcept {
    if (c == 0x130) return 'i';
    return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

// Writes letters one behind the other; a mark joins the letter before it, so that NFD reads as NFC.
class Preparer {
public:
    explicit Preparer(LanguageText& out) : out_(out) {
        out_.prepared.assign(1, ' ');
        out_.latin_letters = out_.other_letters = 0;
    }

    void blank() {
        flush();
        if (out_.prepared.back() != ' ') out_.prepared.push_back(' ');
    }
    void letter(char32_t c) {
        flush();
        pending_ = c;
        ++out_.latin_letters;
    }
    void apostrophe() {
        flush();
        if (out_.prepared.back() != ' ') out_.prepared.push_back('\'');
    }
    void mark(char32_t c) {
        if (pending_ == 0) return;
        if (const char32_t joined = compose(pending_, c); joined != 0) pending_ = joined;
    }
    bool full() const noexcept { return out_.prepared.size() >= language_bytes; }

private:
    void flush() {
        if (pending_ != 0) append_utf8(out_.prepared, pending_);
        pending_ = 0;
    }

    LanguageText& out_;
    char32_t pending_ = 0;
};

std::size_t skip_to_blank(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ') ++at;
    return at;
}

}  // namespace

void prepare_language(std::string_view text, LanguageText& out) {
    Preparer preparer(out);
    // Enough to find the letters among emoji and links, and no more.
    text = text.substr(0, std::min<std::size_t>(text.size(), 8 * language_bytes));
    for (std::size_t at = 0; at < text.size() && !preparer.full();) {
        const char c = text[at];
        if (c == '@' || (c == 'h' && text.substr(at, 4) == "http")) {
            preparer.blank();
            at = skip_to_blank(text, at);
            continue;
        }
        const char32_t cp = decode(text, at);
        if (cp < 0x80) {
            const bool small = cp >= 'a' && cp <= 'z';
            const bool capital = cp >= 'A' && cp <= 'Z';
            if (small || capital)
                preparer.letter(capital ? cp + 32 : cp);
            else if (cp == '\'')
                preparer.apostrophe();
            else
                preparer.blank();
        } else if (cp == 0x2019) {
            preparer.apostrophe();
        } else if (cp >= 0x300 && cp < 0x370) {
            preparer.mark(cp);
        } else if (is_latin(cp)) {
            preparer.letter(lower(cp));
        } else {
            if (u_isalpha(static_cast<UChar32>(cp))) ++out.other_letters;
            if (fold_char(cp).cls != CharClass::skip) preparer.blank();
        }
    }
    preparer.blank();
}

}  // namespace vigie::text
