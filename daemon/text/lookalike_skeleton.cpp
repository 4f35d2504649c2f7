#include "text/lookalike_skeleton.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <vector>

#include "text/fold_char.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::text::lookalike {
namespace {

bool ascii_letter(char32_t c) noexcept {
    return c >= U'a' && c <= U'z';
}
bool ascii_digit(char32_t c) noexcept {
    return c >= U'0' && c <= U'9';
}

char32_t look_of(char32_t plain) noexcept {
    switch (plain) {
        case U'0':
            return U'o';
        case U'1':
        case U'l':
            return U'i';
        case U'3':
            return U'e';
        case U'4':
            return U'a';
        case U'5':
            return U's';
        case U'7':
            return U't';
        default:
            return plain;
    }
}

// The Latin letter that a Latin character is a form of, by its Unicode name: "LATIN SMALL LETTER B WITH HOOK", "LATIN LETTER SMALL CAPITAL
// G". UTS #39 leaves many of these alone, and forgers do not.
char32_t latin_base(char32_t c) {
    char name[128];
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t size = u_charName(static_cast<UChar32>(c), U_UNICODE_CHAR_NAME, name, sizeof name, &error);
    if (U_FAILURE(error) || size <= 0) return 0;
    std::string_view rest(name, static_cast<std::size_t>(size));
    if (!rest.starts_with("LATIN ")) return 0;
    const std::size_t letter = rest.find("LETTER ");
    if (letter == std::string_view::npos) return 0;
    rest.remove_prefix(letter + 7);
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view word :
             {"SMALL ", "CAPITAL ", "DOTLESS ", "SCRIPT ", "OPEN ", "REVERSED ", "TURNED ", "STRETCHED ", "INSULAR ", "BARRED "}) {
            if (!rest.starts_with(word)) continue;
            rest.remove_prefix(word.size());
            again = true;
        }
    }
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') return static_cast<char32_t>(word[0] - 'A' + 'a');
    if (word == "ALPHA") return U'a';
    if (word == "IOTA") return U'i';
    if (word == "SCHWA") return U'e';
    if (word == "UPSILON") return U'u';
    if (word == "WYNN" || word == "THORN") return U'p';
    if (word == "ENG") return U'n';
    if (word == "EZH") return U'z';
    return 0;
}

const USpoofChecker* spoof_checker() {
    static const USpoofChecker* const checker = [] {
        UErrorCode error = U_ZERO_ERROR;
        const USpoofChecker* made = uspoof_open(&error);
        return U_SUCCESS(error) ? made : nullptr;
    }();
    return checker;
}

// The Latin letters or digits that a character is mistaken for (UTS #39); empty where there are none.
std::string latin_look(char32_t c) {
    if (const char32_t base = latin_base(c); base != 0) return std::string(1, static_cast<char>(base));
    const USpoofChecker* checker = spoof_checker();
    if (checker == nullptr) return {};
    std::string id;
    append_utf8(id, c);
    char skeleton[64];
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t size =
        uspoof_getSkeletonUTF8(checker, 0, id.data(), static_cast<std::int32_t>(id.size()), skeleton, sizeof skeleton, &error);
    if (U_FAILURE(error) || size <= 0) return {};
    std::string out;
    const std::string_view bytes(skeleton, static_cast<std::size_t>(size));
    for (std::size_t at = 0; at < bytes.size();) {
        const char32_t one = decode(bytes, at);
        const FoldedChar folded = fold_char(one);
        if (folded.cls == CharClass::skip) continue;
        std::size_t inner = 0;
        const char32_t letter = folded.size == 0 ? 0 : decode(folded.view(), inner);
        if (ascii_letter(letter) || ascii_digit(letter)) {
            out.push_back(static_cast<char>(letter));
        } else if (const char32_t base = latin_base(letter == 0 ? one : letter); base != 0) {
            out.push_back(static_cast<char>(base));
        } else {
            return {};
        }
    }
    return out.size() <= 3 ? out : std::string();
}

// latin_look() is slow; most foreign look-alikes lie below here.
constexpr char32_t table_end = 0x2000;
const std::string& latin_look_cached(char32_t c, std::string& scratch) {
    static const std::vector<std::string> table = [] {
        std::vector<std::string> all(table_end);
        for (char32_t one = 0x80; one < table_end; ++one) all[one] = latin_look(one);
        return all;
    }();
    if (c < table_end) return table[c];
    scratch = latin_look(c);
    return scratch;
}

// Letters in boxes and circles that NFKC leaves alone.
char32_t boxed_letter(char32_t c) noexcept {
    if (c >= 0x1F150 && c <= 0x1F169) return U'a' + (c - 0x1F150);
    if (c >= 0x1F170 && c <= 0x1F189) return U'a' + (c - 0x1F170);
    return 0;
}

bool is_invisible(char32_t c, CharClass cls) noexcept {
    return cls == CharClass::skip && (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) == 0;
}

enum class Case : std::uint8_t { none, lower, upper, digit };

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text.substr(0, max_text_bytes)) {}

    Spelling read() {
        for (std::size_t at = 0; at < text_.size() && !out_.cut;) {
            const char32_t c = decode(text_, at);
            if (c < 0x80) {
                ascii(c, at);
            } else {
                beyond_ascii(c);
            }
        }
        return out_;
    }

private:
    void ascii(char32_t c, std::size_t next) {
        if (c >= U'A' && c <= U'Z') {
            letter(c - U'A' + U'a', Case::upper, 0);
        } else if (ascii_letter(c)) {
            letter(c, Case::lower, 0);
        } else if (ascii_digit(c)) {
            letter(c, Case::digit, digit_mark);
        } else if (const char32_t stands_for = symbol(c, next); stands_for != 0) {
            letter(stands_for, before_ == Case::none ? Case::lower : before_, leet_mark);
        } else if (c == 0) {
            out_.invisible = true;
        } else if (c != U'\'') {
            separator_ = true;
        }
    }

    // "@", "$", "!" and "|" are letters only between others: "Ryanair!" ends with a full stop of sorts.
    char32_t symbol(char32_t c, std::size_t next) const noexcept {
        if (out_.size == 0 || separator_) return 0;
        const bool inside = next < text_.size() && (static_cast<unsigned char>(text_[next]) >= 0x80 || is_word(text_[next]));
        if (c == U'$') return U's';
        if (!inside) return 0;
        if (c == U'@') return U'a';
        return c == U'!' || c == U'|' ? U'i' : 0;
    }
    static bool is_word(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

    void beyond_ascii(char32_t c) {
        if (const char32_t boxed = boxed_letter(c); boxed != 0) {
            letter(boxed, Case::lower, foreign_mark);
            return;
        }
        const FoldedChar folded = fold_char(c);
        switch (folded.cls) {
            case CharClass::skip:
                if (is_invisible(c, folded.cls))
                    out_.invisible = true;
                else if (out_.size > 0)
                    out_.marks[out_.size - 1] |= accent_mark;
                return;
            case CharClass::apostrophe:
                return;
            case CharClass::separator:
            case CharClass::pictograph:
                separator_ = true;
                return;
            default:
                break;
        }
        for (std::size_t at = 0; at < folded.view().size();) {
            const char32_t one = decode(folded.view(), at);
            const Case kind = folded.upper ? Case::upper : Case::lower;
            if (ascii_letter(one)) {
                letter(one, kind, c < 0x250 ? accent_mark : foreign_mark);
            } else if (ascii_digit(one)) {
                letter(one, Case::digit, digit_mark | foreign_mark);
            } else if (folded.cls == CharClass::ideograph) {
                letter(one, kind, 0);
            } else {
                std::string scratch;
                const std::string& latin = latin_look_cached(one, scratch);
                if (latin.empty()) letter(one, kind, 0);
                for (const char l : latin) letter(static_cast<char32_t>(static_cast<unsigned char>(l)), kind, foreign_mark);
            }
        }
    }

    void letter(char32_t plain, Case kind, std::uint8_t marks) {
        if (out_.size == max_letters) {
            out_.cut = true;
            return;
        }
        if (separator_ || out_.size == 0) {
            marks |= token_begin;
        } else if ((kind == Case::upper && before_ != Case::upper) || ((kind == Case::digit) != (before_ == Case::digit))) {
            marks |= camel_begin;
        } else if (kind == Case::lower && before_ == Case::upper && capitals_ >= 2) {
            out_.marks[out_.size - 1] |= camel_begin;  // the last of a run of capitals begins the next word: "SFRSupport"
        }
        capitals_ = kind == Case::upper ? capitals_ + 1 : 0;
        before_ = kind;
        separator_ = false;
        out_.plain[out_.size] = plain;
        out_.look[out_.size] = look_of(plain);
        out_.marks[out_.size] = marks;
        ++out_.size;
    }

    std::string_view text_;
    Spelling out_;
    Case before_ = Case::none;
    std::size_t capitals_ = 0;
    bool separator_ = false;
};

constexpr std::string_view cyrillic[] = {"a", "b", "v", "g", "d", "e", "zh", "z",  "i",  "i",  "k", "l", "m", "n", "o",  "p",
                                         "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sh", "",  "y", "",  "e", "yu", "ya"};
constexpr std::string_view greek[] = {"a", "v", "g", "d", "e", "z", "i", "th", "i", "k",  "l",  "m", "n",
                                      "x", "o", "p", "r", "s", "s", "t", "u",  "f", "ch", "ps", "o"};

bool starts_with_no_case(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), [](char p, char t) {
               return p == (t >= 'A' && t <= 'Z' ? static_cast<char>(t - 'A' + 'a') : t);
           });
}
bool ends_with_no_case(std::string_view text, std::string_view suffix) noexcept {
    return text.size() >= suffix.size() && starts_with_no_case(text.substr(text.size() - suffix.size()), suffix);
}

}  // namespace

Spelling read_spelling(std::string_view text) {
    return Reader(text).read();
}

std::string sound(std::string_view text) {
    std::string out;
    bool any = false;
    text = text.substr(0, max_text_bytes);
    for (std::size_t at = 0; at < text.size() && out.size() < 2 * max_letters;) {
        const char32_t c = decode(text, at);
        if (c < 0x80) {
            if ((c | 0x20) >= U'a' && (c | 0x20) <= U'z') return {};
            out.push_back(static_cast<char>(c));
            continue;
        }
        const FoldedChar folded = fold_char(c);
        std::size_t inner = 0;
        const char32_t letter = folded.size == 0 ? 0 : decode(folded.view(), inner);
        if (letter >= 0x430 && letter < 0x450) {
            out += cyrillic[letter - 0x430];
        } else if (letter >= 0x3B1 && letter < 0x3CA) {
            out += greek[letter - 0x3B1];
        } else if (letter == 0x454) {
            out += "e";
        } else if (letter == 0x456) {
            out += "i";
        } else if (folded.cls == CharClass::letter || folded.cls == CharClass::ideograph) {
            return {};
        } else {
            if (folded.cls != CharClass::skip) out.push_back(' ');
            continue;
        }
        any = true;
    }
    return any ? out : std::string();
}

std::string without_invisible(std::string_view text) {
    text = text.substr(0, max_text_bytes);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = decode(text, at);
        if (c != 0 && (c < 0x80 || !is_invisible(c, fold_char(c).cls))) out += text.substr(begin, at - begin);
    }
    return out;
}

std::string_view local_part(std::string_view handle) {
    handle = handle.substr(0, max_text_bytes);
    const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!handle.empty() && blank(handle.front())) handle.remove_prefix(1);
    while (!handle.empty() && (blank(handle.back()) || handle.back() == '/')) handle.remove_suffix(1);
    if (starts_with_no_case(handle, "https://") || starts_with_no_case(handle, "http://")) {
        handle = handle.substr(handle.rfind('/') + 1);
    }
    if (handle.starts_with('@')) handle.remove_prefix(1);
    const std::size_t at = handle.rfind('@');
    if (at != std::string_view::npos && at > 0 && handle.find('.', at) != std::string_view::npos) handle = handle.substr(0, at);
    return handle;
}

std::string_view own_part(std::string_view handle) {
    handle = local_part(handle);
    if (ends_with_no_case(handle, ".bsky.social")) handle.remove_suffix(12);
    return handle;
}

Merged merge(const Spelling& spelling, std::size_t begin, std::size_t end) {
    Merged out;
    for (std::size_t i = begin; i < end; ++i) {
        char32_t letter = spelling.look[i];
        if (i + 1 < end) {
            const char32_t a = spelling.plain[i];
            const char32_t b = spelling.plain[i + 1];
            const char32_t joined = a == U'r' && b == U'n' ? U'm' : a == U'v' && b == U'v' ? U'w' : a == U'c' && b == U'l' ? U'd' : 0;
            if (joined != 0) {
                letter = joined;
                out.changed = true;
                ++i;
            }
        }
        if (out.size > 0 && out.letters[out.size - 1] == letter) {
            out.changed = true;
            continue;
        }
        out.letters[out.size++] = letter;
    }
    return out;
}

std::uint64_t PieceHashes::power(std::size_t n) noexcept {
    static constexpr auto powers = [] {
        std::array<std::uint64_t, max_letters + 1> all{};
        all[0] = 1;
        for (std::size_t i = 1; i < all.size(); ++i) all[i] = all[i - 1] * 0x9E3779B97F4A7C15U;
        return all;
    }();
    return powers[n];
}

PieceHashes::PieceHashes(const char32_t* letters, std::size_t size) noexcept {
    at_[0] = 0;
    for (std::size_t i = 0; i < size; ++i) at_[i + 1] = at_[i] * power(1) + letters[i];
}

}  // namespace vigie::text::lookalike
