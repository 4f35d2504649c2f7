#include <algorithm>

#include "text/lookalike_score.hpp"
#include "text/lookalike_words.hpp"

namespace vigie::text::lookalike {
namespace {

// Whether two letters stand in it that together look like one.
bool joins(const Letters& letters) {
    for (std::size_t i = 0; i + 1 < letters.size; ++i) {
        const char32_t a = letters.plain[i];
        const char32_t b = letters.plain[i + 1];
        if ((a == U'r' && b == U'n') || (a == U'v' && b == U'v') || (a == U'c' && b == U'l')) return true;
    }
    return false;
}

// How the letters differ where their looks are the same.
void tell_letters(const KeyIndex& index, const Reading& reading, Finding& found) {
    const Match& match = found.match;
    const Letters name = index.letters(*match.key);
    const std::uint8_t* marks = index.marks(*match.key);
    const Spelling& seen = reading.spelling;
    found.foreign = seen.invisible;
    found.doubled =
        match.edit.doubled || (match.likeness == Likeness::merged && !joins(reading.letters(match.begin, match.end)) && !joins(name));
    for (std::size_t at = match.begin; at < match.end; ++at) {
        const bool aligned = match.likeness == Likeness::same;
        const std::uint8_t own = aligned ? marks[at - match.begin] : 0;
        if ((seen.marks[at] & foreign_mark) != 0 && (own & foreign_mark) == 0) found.foreign = true;
        if (aligned && (seen.marks[at] & accent_mark) != 0 && (own & accent_mark) == 0) found.foreign = true;
        if (at > match.begin && (seen.marks[at] & token_begin) != 0 && (own & (token_begin | camel_begin)) == 0) found.separators = true;
        if (aligned && (seen.plain[at] != name.plain[at - match.begin] || ((seen.marks[at] & leet_mark) != 0 && (own & leet_mark) == 0)))
            found.swapped = true;
    }
}

// Words and numbers on both sides of the name.
void tell_affixes(const Reading& reading, Finding& found) {
    const Peels& peels = reading.peels;
    const std::size_t begin = found.match.begin;
    const std::size_t end = found.match.end;
    found.whole = begin == 0 && end == reading.spelling.size && !reading.spelling.cut;
    const Peel& left = peels.left[begin];
    const Peel& right = peels.right[end];
    if (left.possible) found.kinds |= left.kinds;
    if (right.possible) found.kinds |= right.kinds;
    found.pieces = left.pieces + right.pieces;
    found.loose = (left.possible && left.loose) || (right.possible && right.loose);
    found.unknown = !left.possible || !right.possible || reading.spelling.cut;
    if (!found.unknown) return;
    // Among unknown words a known one still speaks where it touches the name or stands by itself.
    for (std::size_t i = 0; i < peels.count; ++i) {
        const Piece& piece = peels.pieces[i];
        if (piece.begin < end && piece.end > begin) continue;
        const bool apart = reading.spelling.boundary(piece.begin) && reading.spelling.boundary(piece.end);
        const bool touches = (piece.begin == end || piece.end == begin) && piece.end - piece.begin >= 4;
        if (apart || touches) found.kinds |= piece.kind;
    }
}

bool first_name_beside(const Reading& reading, const Match& match) {
    if (is_first_name(reading.plain, 0, match.begin) || is_first_name(reading.plain, match.end, reading.spelling.size)) return true;
    for (std::size_t at = 1; at < match.begin; ++at)
        if (reading.spelling.boundary(at) && is_first_name(reading.plain, at, match.begin)) return true;
    for (std::size_t at = match.end + std::size_t{1}; at < reading.spelling.size; ++at)
        if (reading.spelling.boundary(at) && is_first_name(reading.plain, match.end, at)) return true;
    return false;
}

// A part of a longer word: the "revolut" of revolution, the "michelin" of Micheline.
bool inside_a_word(const Reading& reading, const Match& match) {
    const Spelling& spelling = reading.spelling;
    std::size_t begin = match.begin;
    std::size_t end = match.end;
    while (!spelling.boundary(begin)) --begin;
    while (!spelling.boundary(end)) ++end;
    if (begin == match.begin && end == match.end) return false;
    for (std::size_t to = match.end; to <= end; ++to) {
        if ((to > match.end || begin < match.begin) && is_common(reading.plain, spelling, begin, to)) return true;
        if (to > match.end && is_common(reading.plain, spelling, match.begin, to)) return true;
    }
    return false;
}

// "Ryan_Airey" is two other names.
bool holds_separator(const Spelling& spelling, const Match& match) {
    for (std::size_t at = match.begin + std::size_t{1}; at < match.end; ++at)
        if (spelling.begins_token(at)) return true;
    return false;
}

// Among words that say nothing a name is told only if it is long enough, and set off.
double among_others(const Reading& reading, const Finding& found) {
    const Match& match = found.match;
    const std::size_t n = match.key->size;
    const bool set_off = reading.spelling.boundary(match.begin) && reading.spelling.boundary(match.end);
    const bool at_an_end = match.begin == 0 || match.end == reading.spelling.size;
    const bool one_side = reading.peels.left[match.begin].possible || reading.peels.right[match.end].possible;
    if (!set_off && inside_a_word(reading, match)) return 0;
    const double at_least = found.foreign ? 0.55 : 0;
    if (!set_off && holds_separator(reading.spelling, match)) return std::max(0.30, at_least);
    if (n < 7 && !(set_off && one_side)) return std::max(0.40, at_least);
    if (n < 8 && !set_off && !at_an_end) return std::max(0.40, at_least);
    if ((found.kinds & (trust | role)) != 0) return 0.70;
    if (first_name_beside(reading, match)) return std::max(0.30, at_least);
    return n >= 8 ? 0.55 : std::max(0.50, at_least);
}

double edited(const Finding& found) {
    const std::size_t n = found.match.key->size;
    const Edit& edit = found.match.edit;
    if (found.match.likeness == Likeness::merged) return n >= 7 ? 0.92 : 0.88;
    if (found.match.likeness == Likeness::two_edits) return n >= 15 ? 0.65 : 0.55;
    if (edit.doubled) return n >= 7 ? 0.88 : n == 6 ? 0.85 : 0.80;
    if (edit.likely) return n >= 8 ? 0.85 : n == 7 ? 0.80 : n == 6 ? 0.70 : 0.60;
    return n >= 8 ? 0.78 : n == 7 ? 0.70 : n == 6 ? 0.60 : 0.50;
}

// A name that means nothing else.
double distinctive(const Reading& reading, const Finding& found) {
    const Key& key = *found.match.key;
    const bool exact = found.exact();
    const double base = !exact ? edited(found) : found.foreign ? 0.95 : found.swapped || found.separators ? 0.92 : 0.95;
    const double shape = found.foreign && !exact ? std::max(base, 0.85) : base;
    if (found.unknown) return exact ? among_others(reading, found) : 0;
    if (found.whole) return shape;
    const double loss = shape >= 0.90 ? 0 : key.size <= known_among_others ? 1 - shape : 0.95 - shape;
    double with = 0.70;
    if ((found.kinds & trust) != 0)
        with = 0.90;
    else if ((found.kinds & (role | domain)) != 0)
        with = 0.80;
    else if ((found.kinds & number) != 0)
        with = 0.75;
    if (key.taken_down) with = std::min(with + 0.15, 0.90);
    if (found.foreign) with += 0.05;
    if (found.loose) with -= key.size >= known_among_others ? 0.05 : 0.20;
    return std::max(0.0, with - loss);
}

// A name that is a word, or so short that many things begin with it.
double common(const Finding& found) {
    const Key& key = *found.match.key;
    const std::size_t n = key.size;
    const bool strong = (found.kinds & trust) != 0;
    if (!found.exact()) {
        if (found.unknown || found.match.likeness == Likeness::two_edits) return 0;
        const Edit& edit = found.match.edit;
        double base = 0;
        if (found.match.likeness == Likeness::merged)
            base = n >= 4 ? 0.65 : 0.55;
        else if (edit.doubled)
            base = n >= 4 ? 0.60 : 0.55;
        else if (n >= 6)
            base = edit.likely ? 0.55 : 0.50;
        else if (n == 5)
            base = edit.likely ? 0.52 : 0.45;
        else if (n <= 3 && found.match.end - found.match.begin <= 3)
            base = 0.30;  // three other letters are another's name
        else
            base = edit.likely ? 0.50 : 0.30;
        if (found.foreign) base = std::max(base, 0.75);
        if (!key.own) base -= 0.10;
        if (found.whole) return base;
        if (n < 5 && !found.foreign) return 0;
        return strong ? base + 0.05 : base - 0.15;
    }
    if (found.unknown) return found.foreign ? 0.50 : (found.kinds & trust) != 0 ? 0.30 : 0;
    const double not_own = key.own ? 0 : 0.20;
    if (found.whole) return found.foreign ? 0.92 : (found.swapped ? 0.72 : found.separators ? 0.62 : 0.60) - not_own;
    if (found.loose && (key.word || n <= short_name)) return 0;
    if (n <= 2 && (found.kinds & (trust | role | place)) == 0) return 0;
    if (strong) return found.foreign ? 0.92 : found.swapped ? 0.85 : 0.80;
    double with = key.word ? 0.42 : 0.52;
    if ((found.kinds & (role | domain)) != 0)
        with = 0.60;
    else if ((found.kinds & place) != 0)
        with = 0.56;
    else if ((found.kinds & sector) != 0)
        with = std::max(with, 0.48);
    if (found.foreign || found.swapped) with = std::max(with, 0.60) + 0.10;
    if (found.pieces >= 3) with -= 0.10;
    return with - not_own / 2 - (found.loose ? 0.02 : 0);
}

// "ryanair2" is the name and a number, and is found as that.
bool is_added_digit(const KeyIndex& index, const Reading& reading, const Finding& found) {
    const Match& match = found.match;
    const std::size_t n = match.key->size;
    const bool one_more = match.likeness == Likeness::one_edit && match.end - match.begin == static_cast<int>(n) + 1;
    if (!one_more || match.key->common) return false;
    const char32_t* name = index.letters(*match.key).look;
    const char32_t* seen = reading.spelling.look.data() + match.begin;
    return (reading.spelling.digit(match.begin) && std::equal(name, name + n, seen + 1)) ||
           (reading.spelling.digit(match.begin + n) && std::equal(name, name + n, seen));
}

}  // namespace

Finding assess(const KeyIndex& index, const Reading& reading, const Match& match) {
    Finding found;
    found.match = match;
    tell_letters(index, reading, found);
    tell_affixes(reading, found);
    // "Finance" is one key away from Binance, and yet a word of its own.
    const bool letter_for_letter = found.exact() && !found.swapped;
    if (is_added_digit(index, reading, found)) return found;
    if (!letter_for_letter && !found.foreign && is_common(reading.plain, reading.spelling, match.begin, match.end)) return found;
    found.score = match.key->common ? common(found) : distinctive(reading, found);
    return found;
}

void Best::add(const Finding& found) {
    if (found.exact() && found.score > 0) {
        declares = declares || (found.kinds & lookalike::declares) != 0;
        against = against || (found.kinds & lookalike::against) != 0;
    }
    whole = whole || (found.whole && (found.exact() || found.match.likeness == Likeness::merged));
    if (!finding || found.score > finding->score) finding = found;
}

}  // namespace vigie::text::lookalike
