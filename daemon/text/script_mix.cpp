#include "text/script_mix.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie::text {
namespace {

// By eye, in common typefaces; sorted. Unicode's confusables (UTS #39) hold more, most of which nobody types into a name.
constexpr std::array<std::pair<char32_t, char>, 100> looks = {{
    {0x391, 'a'}, {0x392, 'b'}, {0x395, 'e'}, {0x396, 'z'}, {0x397, 'h'}, {0x399, 'i'}, {0x39A, 'k'}, {0x39C, 'm'}, {0x39D, 'n'},
    {0x39F, 'o'}, {0x3A1, 'p'}, {0x3A4, 't'}, {0x3A5, 'y'}, {0x3A7, 'x'}, {0x3AC, 'a'}, {0x3AD, 'e'}, {0x3AE, 'n'}, {0x3AF, 'i'},
    {0x3B1, 'a'}, {0x3B2, 'b'}, {0x3B3, 'y'}, {0x3B5, 'e'}, {0x3B7, 'n'}, {0x3B9, 'i'}, {0x3BA, 'k'}, {0x3BC, 'u'}, {0x3BD, 'v'},
    {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3C4, 't'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x3C9, 'w'}, {0x3CC, 'o'}, {0x3CD, 'u'}, {0x3CE, 'w'},
    {0x3F2, 'c'}, {0x3F3, 'j'}, {0x3F9, 'c'}, {0x401, 'e'}, {0x405, 's'}, {0x406, 'i'}, {0x407, 'i'}, {0x408, 'j'}, {0x410, 'a'},
    {0x412, 'b'}, {0x415, 'e'}, {0x41A, 'k'}, {0x41C, 'm'}, {0x41D, 'h'}, {0x41E, 'o'}, {0x420, 'p'}, {0x421, 'c'}, {0x422, 't'},
    {0x423, 'y'}, {0x425, 'x'}, {0x42C, 'b'}, {0x430, 'a'}, {0x432, 'b'}, {0x433, 'r'}, {0x435, 'e'}, {0x438, 'u'}, {0x43A, 'k'},
    {0x43C, 'm'}, {0x43D, 'h'}, {0x43E, 'o'}, {0x43F, 'n'}, {0x440, 'p'}, {0x441, 'c'}, {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'},
    {0x44C, 'b'}, {0x450, 'e'}, {0x451, 'e'}, {0x455, 's'}, {0x456, 'i'}, {0x457, 'i'}, {0x458, 'j'}, {0x474, 'v'}, {0x475, 'v'},
    {0x4AE, 'y'}, {0x4AF, 'y'}, {0x4BA, 'h'}, {0x4BB, 'h'}, {0x4C0, 'l'}, {0x4CF, 'l'}, {0x4D0, 'a'}, {0x4D1, 'a'}, {0x4D2, 'a'},
    {0x4D3, 'a'}, {0x4E6, 'o'}, {0x4E7, 'o'}, {0x500, 'd'}, {0x501, 'd'}, {0x50C, 'g'}, {0x51A, 'q'}, {0x51B, 'q'}, {0x51C, 'w'},
    {0x51D, 'w'},
}};
static_assert(std::is_sorted(looks.begin(), looks.end()));

}  // namespace

char latin_look(char32_t c) noexcept {
    const auto place =
        std::lower_bound(looks.begin(), looks.end(), c, [](const auto& look, char32_t sought) { return look.first < sought; });
    return place != looks.end() && place->first == c ? place->second : '\0';
}

char32_t cyrillic_look(char c) noexcept {
    switch (c) {
        case 'a':
            return 0x430;
        case 'b':
            return 0x432;
        case 'c':
            return 0x441;
        case 'e':
            return 0x435;
        case 'h':
            return 0x43D;
        case 'i':
            return 0x456;
        case 'k':
            return 0x43A;
        case 'm':
            return 0x43C;
        case 'n':
            return 0x43F;
        case 'o':
            return 0x43E;
        case 'p':
            return 0x440;
        case 'r':
            return 0x433;
        case 't':
            return 0x442;
        case 'u':
            return 0x438;
        case 'x':
            return 0x445;
        case 'y':
            return 0x443;
        default:
            return 0;
    }
}

}  // namespace vigie::text
