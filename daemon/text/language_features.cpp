#include "text/language_features.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <utility>

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

// Writes letters one behind the other; a mark joins the letter before it, so that NFD reads as NFC. Of a letter or a pair of letters that
// goes on and on ("soooo", "hahahaha") the beginning is kept: how long it goes on says nothing of the language.
class Preparer {
public:
    explicit Preparer(LanguageText& out) : out_(out) {
        out_.prepared.assign(1, ' ');
        out_.latin_letters = out_.other_letters = out_.words = 0;
    }

    void end_word() {
        flush();
        previous_ = before_previous_ = 0;
        same_ = alternating_ = 0;
        if (out_.prepared.back() == ' ') return;
        if (std::string_view(out_.prepared).substr(word_begin_) == "rt") {  // "retweet", in every language
            out_.prepared.resize(word_begin_);
            out_.latin_letters -= 2;
            return;
        }
        out_.prepared.push_back(' ');
        word_begin_ = out_.prepared.size();
        ++out_.words;
    }
    void letter(char32_t c) {
        ++out_.latin_letters;
        same_ = c == previous_ ? same_ + 1 : 0;
        alternating_ = c == before_previous_ ? alternating_ + 1 : 0;
        before_previous_ = std::exchange(previous_, c);
        if (same_ >= 2 || alternating_ >= 3) return;
        flush();
        pending_ = c;
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
    std::size_t word_begin_ = 1;
    char32_t pending_ = 0;
    char32_t previous_ = 0;
    char32_t before_previous_ = 0;
    int same_ = 0;         // how often the last letter has followed itself
    int alternating_ = 0;  // for how many letters each was the one before the previous
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
    bool tag = false;          // inside a hashtag, whose words CamelCase parts
    bool after_small = false;  // a small letter came just before
    const auto letter = [&](char32_t c, bool small) {
        if (tag && after_small && !small) preparer.end_word();
        preparer.letter(c);
        after_small = small;
    };
    for (std::size_t at = 0; at < text.size() && !preparer.full();) {
        const char c = text[at];
        if (c == '@' || (c == 'h' && text.substr(at, 4) == "http")) {
            preparer.end_word();
            tag = false;
            at = skip_to_blank(text, at);
            continue;
        }
        const char32_t cp = decode(text, at);
        if (cp < 0x80) {
            const bool small = cp >= 'a' && cp <= 'z';
            if (small || (cp >= 'A' && cp <= 'Z')) {
                letter(small ? cp : cp + 32, small);
            } else if (cp == '\'') {
                preparer.apostrophe();
            } else {
                preparer.end_word();
                after_small = false;
                tag = cp == '#' || (tag && (cp == '_' || (cp >= '0' && cp <= '9')));
            }
        } else if (cp == 0x2019) {
            preparer.apostrophe();
        } else if (cp >= 0x300 && cp < 0x370) {
            preparer.mark(cp);
        } else if (is_latin(cp)) {
            const char32_t lowered = lower(cp);
            letter(lowered, lowered == cp);
        } else {
            if (u_isalpha(static_cast<UChar32>(cp))) ++out.other_letters;
            if (fold_char(cp).cls == CharClass::skip) continue;
            preparer.end_word();
            tag = after_small = false;
        }
    }
    preparer.end_word();
}

}  // namespace vigie::text
