// A name as the eye reads it: letters that look alike are one letter.
// Thread-safety: values; the functions are pure over tables that never change once made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::text::lookalike {

/// Of a name so many letters and digits are read; no platform allows a longer handle that people still read as a whole.
inline constexpr std::size_t max_letters = 64;

/// What is known of one letter of a Spelling.
enum Mark : std::uint8_t {
    token_begin = 1,  ///< a separator stands before it
    camel_begin = 2,  ///< capitals or digits begin or end before it
    digit_mark = 4,
    foreign_mark = 8,  ///< another character that looks like this letter
    accent_mark = 16,
    leet_mark = 32,  ///< a symbol in a letter's place: @ $ ! |
};

/// The letters and digits of a name in two forms, side by side: `plain` (folded, accents off, foreign look-alikes made Latin) and `look`,
/// in which digits and letters that are mistaken for each other are the same (0 o; 1 i l; 3 e; 4 a; 5 s; 7 t). Both keep every position, so
/// that edits can be counted.
struct Spelling {
    std::size_t size = 0;
    std::array<char32_t, max_letters> plain;
    std::array<char32_t, max_letters> look;
    std::array<std::uint8_t, max_letters> marks;
    bool invisible = false;  ///< zero-width or direction characters were left out
    bool cut = false;        ///< there was more

    bool begins_token(std::size_t at) const noexcept { return at == 0 || at >= size || (marks[at] & token_begin) != 0; }
    bool boundary(std::size_t at) const noexcept { return begins_token(at) || (marks[at] & camel_begin) != 0; }
    bool digit(std::size_t at) const noexcept { return (marks[at] & digit_mark) != 0; }
};

/// Reads the first 64 kB. Never fails; of a text without letters the size is 0.
Spelling read_spelling(std::string_view text);
/// How a name in Cyrillic or Greek sounds, in Latin letters; empty where it holds other letters too, or none of these.
std::string sound(std::string_view text);

/// The first 64 kB of a text without its invisible characters (zero-width, direction); combining marks stay.
std::string without_invisible(std::string_view text);

/// The part of a handle that names its owner: without '@', address of a profile and instance.
std::string_view local_part(std::string_view handle);
/// The same without the host that Bluesky gives to everybody.
std::string_view own_part(std::string_view handle);

/// Look-alikes that change the number of letters: rn for m, vv for w, cl for d, and one letter for two of the same. [begin, end) of a
/// spelling; returns how many letters went into `out`, and whether any were joined.
struct Merged {
    std::array<char32_t, max_letters> letters;
    std::size_t size = 0;
    bool changed = false;
};
Merged merge(const Spelling& spelling, std::size_t begin, std::size_t end);

/// Hashes of all pieces of a sequence, each in constant time (Karp and Rabin 1987, modulo 2^64; whoever finds a hash compares letters).
class PieceHashes {
public:
    PieceHashes(const char32_t* letters, std::size_t size) noexcept;
    std::uint64_t piece(std::size_t begin, std::size_t end) const noexcept { return at_[end] - at_[begin] * power(end - begin); }
    /// Of [begin, end) without the letter at i.
    std::uint64_t without(std::size_t begin, std::size_t end, std::size_t i) const noexcept {
        return piece(begin, i) * power(end - i - 1) + piece(i + 1, end);
    }
    /// Of [begin, end) without the letters at i < j.
    std::uint64_t without(std::size_t begin, std::size_t end, std::size_t i, std::size_t j) const noexcept {
        return (piece(begin, i) * power(j - i - 1) + piece(i + 1, j)) * power(end - j - 1) + piece(j + 1, end);
    }

private:
    static std::uint64_t power(std::size_t n) noexcept;
    std::array<std::uint64_t, max_letters + 1> at_;
};

}  // namespace vigie::text::lookalike
