#include "vigie/text/normalise.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "text/fold_char.hpp"
#include "text/script_mix.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t max_parts = 8;               // apostrophes in one word
constexpr std::size_t max_emoji_joins = 10;        // pictures in one joined sequence
constexpr std::uint32_t gap_between_texts = 1000;  // wider than any proximity operator will ask for

constexpr char32_t zero_width_joiner = 0x200D;

constexpr bool is_ascii_alnum(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

template <std::size_t N>
bool one_of(std::string_view s, const std::array<std::string_view, N>& set) noexcept {
    return std::find(set.begin(), set.end(), s) != set.end();
}

bool is_english_clitic(std::string_view s) noexcept {
    static constexpr std::array<std::string_view, 6> set = {"ll", "re", "ve", "d", "m", "t"};
    return one_of(s, set);
}

bool is_elision(std::string_view s) noexcept {
    // French, Catalan, and the Italian articles with their prepositions.
    static constexpr std::array<std::string_view, 35> set = {
        "l",      "d",      "j",     "m",      "t",    "s",    "n",   "c",    "qu",   "jusqu", "lorsqu", "puisqu",
        "quoiqu", "presqu", "entr",  "quelqu", "v",    "gl",   "un",  "dell", "all",  "dall",  "nell",   "sull",
        "coll",   "quell",  "quest", "bell",   "sant", "anch", "com", "dov",  "tutt", "mezz",  "cent"};
    return one_of(s, set);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower) noexcept {
    if (text.size() < lower.size()) return false;
    return std::equal(lower.begin(), lower.end(), text.begin(),
                      [](char l, char t) { return l == (t >= 'A' && t <= 'Z' ? static_cast<char>(t + 32) : t); });
}

std::string_view bounded(std::string_view text) noexcept {
    if (text.size() <= max_text_bytes) return text;
    std::size_t end = max_text_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace

std::uint64_t token_hash(TokenKind kind, std::string_view folded) noexcept {
    return hash64(folded) + static_cast<std::uint64_t>(kind) * 0x9E3779B97F4A7C15U;
}

// One pass over one text. Every reading of a piece of text is a range of the same folded bytes, so that readings cost no copies.
class Scanner {
    // What an ASCII character may begin.
    enum class Start : std::uint8_t { nothing, word, other };
    static constexpr std::array<Start, 0x80> starts = [] {
        std::array<Start, 0x80> all{};
        for (std::size_t c = 0; c < all.size(); ++c) {
            if (is_ascii_alnum(static_cast<char>(c))) all[c] = Start::word;
            if (c == '@' || c == '#') all[c] = Start::other;
        }
        return all;
    }();

public:
    Scanner(TokenStream& out, std::string_view text, TokenStream::Elision elision) : out_(out), text_(text), elision_(elision) {}

    void run() {
        while (at_ < text_.size()) {
            const auto c = static_cast<unsigned char>(text_[at_]);
            const bool ascii = c < 0x80;
            if (ascii && starts[c] == Start::nothing) {
                ++at_;
            } else if (!ascii || starts[c] == Start::other || may_be_url(c) || !take_plain_word()) {
                step();
            }
        }
    }

private:
    struct Part {
        std::uint32_t folded_begin, folded_end, source_begin, source_end;
        bool starts_upper;
    };

    std::uint32_t folded_size() const noexcept { return static_cast<std::uint32_t>(out_.buffer_.size()); }

    void emit(TokenKind kind, std::uint32_t folded_begin, std::uint32_t folded_end, std::size_t source_begin, std::size_t source_end,
              std::uint32_t first, std::uint32_t last) {
        Token token;
        token.folded_begin = folded_begin;
        token.folded_size = folded_end - folded_begin;
        token.source_begin = static_cast<std::uint32_t>(source_begin);
        token.source_end = static_cast<std::uint32_t>(source_end);
        token.first = first;
        token.last = last;
        token.text = out_.texts_;
        token.kind = kind;
        token.hash = token_hash(kind, out_.folded(token));
        out_.tokens_.push_back(token);
        if (foreign_ && elision_ == TokenStream::Elision::apart) emit_look(token);
    }

    // A word that mixes Latin letters with Greek or Cyrillic ones is also read in the one script that it looks like.
    void emit_look(Token token) {
        const std::string_view source = text_.substr(token.source_begin, token.source_end - token.source_begin);
        if (std::none_of(source.begin(), source.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); })) return;
        for (const bool latin : {true, false}) {
            const std::uint32_t begin = folded_size();
            if (!append_look(source, token.kind, latin)) {
                out_.buffer_.resize(begin);
                continue;
            }
            token.folded_begin = begin;
            token.folded_size = folded_size() - begin;
            token.hash = token_hash(token.kind, out_.folded(token));
            out_.tokens_.push_back(token);
            return;
        }
    }

    bool append_look(std::string_view source, TokenKind kind, bool latin) {
        bool mixed = false;  // a piece of a longer name may hold one script only
        for (std::size_t at = 0; at < source.size();) {
            const char32_t c = decode(source, at);
            const FoldedChar f = fold_char(c);
            const bool foreign = is_greek_or_cyrillic(c);
            mixed = mixed || foreign;
            if (c == '_' || c == '.' || c == '-' || c == '@') {
                if (kind != TokenKind::word) out_.buffer_.push_back(static_cast<char>(c));
            } else if (foreign && latin) {
                const char look = latin_look(c);
                if (look == '\0') return false;
                out_.buffer_.push_back(look);
            } else if (foreign && !is_cyrillic(c)) {
                return false;
            } else if (!latin && !foreign && f.cls == CharClass::letter) {
                const char32_t look = f.size == 1 ? cyrillic_look(f.bytes[0]) : 0;
                if (look == 0) return false;
                append_utf8(out_.buffer_, look);
            } else {
                out_.buffer_.append(f.view());
            }
        }
        return mixed;
    }

    void step() {
        const char c = text_[at_];
        if ((c == 'h' || c == 'H' || c == 'w' || c == 'W') && word_end_ != at_ && skip_url()) return;
        std::size_t next = at_;
        const char32_t cp = decode(text_, next);
        if ((cp == '@' || cp == 0xFF20) && word_end_ != at_ && word_char_at(next)) return scan_handle(next);
        if ((cp == '#' || cp == 0xFF03) && (word_char_at(next) || class_at(next) == CharClass::ideograph)) return scan_tag(next);
        const FoldedChar f = fold_char(cp);
        switch (f.cls) {
            case CharClass::letter:
            case CharClass::digit:
                return scan_word();
            case CharClass::ideograph:
                return take_ideograph(cp, f, next);
            case CharClass::pictograph:
                return scan_emoji();
            case CharClass::separator:
            case CharClass::skip:
            case CharClass::apostrophe:
                at_ = next;
        }
    }

    CharClass class_at(std::size_t at) const { return at < text_.size() ? fold_char(decode(text_, at)).cls : CharClass::separator; }
    bool word_char_at(std::size_t at) const {
        if (at >= text_.size()) return false;
        if (text_[at] == '_') return true;
        const CharClass cls = class_at(at);
        return cls == CharClass::letter || cls == CharClass::digit;
    }

    bool skip_url() {
        const std::string_view rest = text_.substr(at_);
        if (!starts_with_ignoring_case(rest, "http://") && !starts_with_ignoring_case(rest, "https://") &&
            !starts_with_ignoring_case(rest, "www."))
            return false;
        const auto ends = [](char c) { return c <= ' ' || c > '~' || c == '<' || c == '>' || c == '"'; };
        at_ += static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), ends) - rest.begin());
        ++out_.next_position_;
        return true;
    }

    // Puts [begin, end) of the text, ASCII letters and digits, into the buffer in lower case.
    void append_lowered(std::size_t begin, std::size_t end) {
        const std::size_t old = out_.buffer_.size();
        out_.buffer_.append(text_.data() + begin, end - begin);
        for (char* c = out_.buffer_.data() + old; c != out_.buffer_.data() + out_.buffer_.size(); ++c)
            *c = static_cast<char>(*c + ((*c >= 'A' && *c <= 'Z') ? 32 : 0));
    }

    // "ht...", "ww..."
    bool may_be_url(unsigned char c) const noexcept {
        const auto small = c | 0x20;
        return (small == 'h' || small == 'w') && at_ + 1 < text_.size() && (text_[at_ + 1] | 0x20) == (small == 'h' ? 't' : 'w');
    }

    std::size_t ascii_run_end(std::size_t at) const noexcept {
        while (at < text_.size() && is_ascii_alnum(text_[at])) ++at;
        return at;
    }

    // Most words: ASCII letters and digits with an ASCII blank or mark behind. False, and nothing done, where it is another.
    bool take_plain_word() {
        const std::size_t end = ascii_run_end(at_);
        if (end < text_.size() && (static_cast<unsigned char>(text_[end]) >= 0x80 || text_[end] == '\'' || text_[end] == '`')) return false;
        foreign_ = false;
        const std::uint32_t begin = folded_size();
        append_lowered(at_, end);
        emit(TokenKind::word, begin, folded_size(), at_, end, out_.next_position_, out_.next_position_);
        ++out_.next_position_;
        at_ = word_end_ = end;
        return true;
    }

    // Folds a run of letters and digits up to what ends it; a skipped character inside belongs to it.
    Part take_run() {
        Part part{folded_size(), 0, static_cast<std::uint32_t>(at_), 0, false};
        bool begun = false;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (is_ascii_alnum(c)) {
                if (!begun) part.starts_upper = c >= 'A' && c <= 'Z';
                const std::size_t end = ascii_run_end(at_);
                append_lowered(at_, end);
                begun = true;
                at_ = end;
                continue;
            }
            if (static_cast<unsigned char>(c) < 0x80) break;
            std::size_t next = at_;
            const char32_t cp = decode(text_, next);
            const FoldedChar f = fold_char(cp);
            if (f.cls != CharClass::letter && f.cls != CharClass::digit && f.cls != CharClass::skip) break;
            foreign_ = foreign_ || is_greek_or_cyrillic(cp);
            if (f.cls != CharClass::skip && !begun) part.starts_upper = f.upper;
            begun = begun || f.cls != CharClass::skip;
            out_.buffer_.append(f.view());
            at_ = next;
        }
        part.folded_end = folded_size();
        part.source_end = static_cast<std::uint32_t>(at_);
        return part;
    }

    bool take_apostrophe() {
        if (at_ >= text_.size()) return false;
        std::size_t next = at_;
        if (fold_char(decode(text_, next)).cls != CharClass::apostrophe || !word_char_at(next) || text_[next] == '_') return false;
        at_ = next;
        return true;
    }

    std::string_view folded(const Part& part) const noexcept {
        return std::string_view(out_.buffer_).substr(part.folded_begin, part.folded_end - part.folded_begin);
    }

    bool joins(const std::array<Part, max_parts>& parts, std::size_t count) const noexcept {
        if (is_english_clitic(folded(parts[count - 1]))) return false;
        return elision_ == TokenStream::Elision::joined || parts[1].starts_upper || !is_elision(folded(parts[0]));
    }

    void scan_word() {
        std::array<Part, max_parts> parts;
        std::size_t count = 0;
        foreign_ = false;
        do parts[count++] = take_run();
        while (count < max_parts && take_apostrophe());
        const std::uint32_t position = out_.next_position_;
        for (std::size_t i = 0; i < count; ++i) {
            const auto p = position + static_cast<std::uint32_t>(i);
            emit(TokenKind::word, parts[i].folded_begin, parts[i].folded_end, parts[i].source_begin, parts[i].source_end, p, p);
        }
        out_.next_position_ += static_cast<std::uint32_t>(count);
        if (count > 1 && joins(parts, count))
            emit(TokenKind::word, parts[0].folded_begin, parts[count - 1].folded_end, parts[0].source_begin, parts[count - 1].source_end,
                 position, out_.next_position_ - 1);
        word_end_ = at_;
    }

    // A voicing mark or a jamo that follows completes the character before it.
    bool joined_to_previous(char32_t cp) {
        if (ideograph_end_ != at_ || out_.tokens_.empty()) return false;
        if (cp != 0x3099 && cp != 0x309A && !(cp >= 0x1161 && cp <= 0x1175) && !(cp >= 0x11A8 && cp <= 0x11C2)) return false;
        const char32_t joined = compose(previous_ideograph_, cp);
        if (joined == 0) return false;
        Token& token = out_.tokens_.back();
        out_.buffer_.resize(token.folded_begin);
        append_utf8(out_.buffer_, joined);
        token.folded_size = folded_size() - token.folded_begin;
        token.hash = token_hash(token.kind, out_.folded(token));
        previous_ideograph_ = joined;
        return true;
    }

    void take_ideograph(char32_t original, const FoldedChar& f, std::size_t next) {
        foreign_ = false;
        std::size_t ignored = 0;
        const char32_t cp = f.size == 0 ? original : decode(f.view(), ignored);
        if (joined_to_previous(cp)) {
            out_.tokens_.back().source_end = static_cast<std::uint32_t>(next);
        } else {
            const std::uint32_t begin = folded_size();
            out_.buffer_.append(f.view());
            emit(TokenKind::word, begin, folded_size(), at_, next, out_.next_position_, out_.next_position_);
            ++out_.next_position_;
            previous_ideograph_ = cp;
        }
        at_ = next;
        ideograph_end_ = next;
    }

    char32_t peek(std::size_t at) const noexcept { return at < text_.size() ? decode(text_, at) : 0; }

    void skip_modifiers() {
        while (at_ < text_.size() && is_emoji_modifier(peek(at_))) decode(text_, at_);
    }

    void scan_emoji() {
        foreign_ = false;
        const std::size_t source_begin = at_;
        const std::uint32_t begin = folded_size();
        const char32_t head = decode(text_, at_);
        append_utf8(out_.buffer_, head);
        if (is_regional(head) && is_regional(peek(at_))) append_utf8(out_.buffer_, decode(text_, at_));
        skip_modifiers();
        for (std::size_t joins = 0; joins < max_emoji_joins && peek(at_) == zero_width_joiner; ++joins) {
            std::size_t next = at_;
            decode(text_, next);
            if (!is_pictograph(peek(next))) break;
            append_utf8(out_.buffer_, zero_width_joiner);
            append_utf8(out_.buffer_, decode(text_, next));
            at_ = next;
            skip_modifiers();
        }
        emit(TokenKind::emoji, begin, folded_size(), source_begin, at_, out_.next_position_, out_.next_position_);
        ++out_.next_position_;
    }

    struct Piece {
        std::uint32_t folded_begin, source_begin;
        bool chunk;  // begins a part between underscores
    };

    // Where a name in CamelCase breaks: aB, a1, 1a, and before the last capital of ABc.
    static bool camel_break(const FoldedChar& before, const FoldedChar& now) noexcept {
        if ((before.cls == CharClass::digit) != (now.cls == CharClass::digit)) return true;
        return !before.upper && now.upper;
    }

    // Folds [at_, end) into pieces; `end` is the first character that the name cannot hold.
    void take_name(bool ideographs) {
        pieces_.clear();
        foreign_ = false;
        FoldedChar before;
        bool fresh = true;  // the next letter begins a piece
        bool chunk = true;
        std::uint32_t before_folded = 0;
        std::size_t before_source = 0;
        std::size_t run = 0;  // letters in the current piece
        while (at_ < text_.size()) {
            std::size_t next = at_;
            const char32_t cp = decode(text_, next);
            if (cp == '_') {
                fresh = chunk = true;
                at_ = next;
                continue;
            }
            const FoldedChar f = fold_char(cp);
            const bool ideograph = f.cls == CharClass::ideograph && ideographs;
            if (f.cls == CharClass::skip) {
                at_ = next;
                continue;
            }
            if (!ideograph && f.cls != CharClass::letter && f.cls != CharClass::digit) break;
            const std::uint32_t folded_at = folded_size();
            if (fresh || ideograph || before.cls == CharClass::ideograph || camel_break(before, f)) {
                pieces_.push_back({folded_at, static_cast<std::uint32_t>(at_), chunk});
                run = 0;
            } else if (run >= 2 && before.upper && !f.upper && f.cls == CharClass::letter) {
                pieces_.push_back({before_folded, static_cast<std::uint32_t>(before_source), false});
                run = 1;
            }
            foreign_ = foreign_ || is_greek_or_cyrillic(cp);
            fresh = chunk = false;
            ++run;
            before = f;
            before_folded = folded_at;
            before_source = at_;
            out_.buffer_.append(f.view());
            at_ = next;
        }
        word_end_ = at_;
    }

    // The words of a name that take_name has cut: pieces, parts between underscores, the whole.
    void emit_name_words(std::uint32_t first, std::size_t source_end) {
        const std::uint32_t folded_end = folded_size();
        const auto count = static_cast<std::uint32_t>(pieces_.size());
        const auto emit_pieces = [&](std::uint32_t from, std::uint32_t to) {
            const std::uint32_t fold_end = to < count ? pieces_[to].folded_begin : folded_end;
            emit(TokenKind::word, pieces_[from].folded_begin, fold_end, pieces_[from].source_begin,
                 to < count ? pieces_[to].source_begin : source_end, first + from, first + to - 1);
        };
        std::uint32_t chunk_begin = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            emit_pieces(i, i + 1);
            if (i + 1 == count || pieces_[i + 1].chunk) {
                const bool several_pieces = i > chunk_begin;
                if (several_pieces) emit_pieces(chunk_begin, i + 1);
                if (i + 1 == count && chunk_begin > 0) emit_pieces(0, count);
                chunk_begin = i + 1;
            }
        }
    }

    // The name as the platform keeps it, underscores and dots included, in a range of its own behind the pieces.
    void emit_name(TokenKind kind, std::size_t begin, std::size_t end, std::uint32_t first, std::uint32_t last) {
        const std::uint32_t folded_begin = folded_size();
        for (std::size_t at = begin; at < end;) {
            const char32_t cp = decode(text_, at);
            if (cp == '_' || cp == '.' || cp == '-' || cp == '@')
                out_.buffer_.push_back(static_cast<char>(cp));
            else
                out_.buffer_.append(fold_char(cp).view());
        }
        emit(kind, folded_begin, folded_size(), begin, end, first, last);
    }

    std::uint32_t take_positions() noexcept {
        const std::uint32_t first = out_.next_position_;
        out_.next_position_ += std::max<std::uint32_t>(1, static_cast<std::uint32_t>(pieces_.size()));
        return first;
    }

    void scan_tag(std::size_t begin) {
        at_ = begin;
        take_name(true);
        const std::uint32_t first = take_positions();
        emit_name_words(first, at_);
        emit_name(TokenKind::tag, begin, at_, first, out_.next_position_ - 1);
    }

    // "@ana.bsky.social" and "@ana@mas.to" name an account in full; "@ana" alone is also what "@ana." ends a sentence with. All are given.
    void scan_handle(std::size_t begin) {
        at_ = begin;
        take_name(false);
        const std::size_t end = at_;
        const std::uint32_t first = take_positions();
        const std::uint32_t last = out_.next_position_ - 1;
        emit_name_words(first, end);
        emit_name(TokenKind::handle, begin, end, first, last);
        const std::size_t dotted = dotted_end(end);
        if (dotted != end) emit_name(TokenKind::handle, begin, dotted, first, last);
        if (dotted + 1 < text_.size() && text_[dotted] == '@' && is_ascii_alnum(text_[dotted + 1]))
            emit_name(TokenKind::handle, begin, dotted_end(dotted + 1), first, last);
    }

    std::size_t dotted_end(std::size_t at) const noexcept {
        const auto plain = [](char c) { return is_ascii_alnum(c) || c == '_'; };
        while (at < text_.size()) {
            const bool dot = (text_[at] == '.' || text_[at] == '-') && at + 1 < text_.size() && plain(text_[at + 1]);
            if (!dot && !plain(text_[at])) break;
            ++at;
        }
        return at;
    }

    TokenStream& out_;
    std::string_view text_;
    TokenStream::Elision elision_;
    std::size_t at_ = 0;
    std::size_t word_end_ = std::string_view::npos;
    std::size_t ideograph_end_ = std::string_view::npos;
    char32_t previous_ideograph_ = 0;
    bool foreign_ = false;  // the word at hand holds Greek or Cyrillic letters
    std::vector<Piece> pieces_;
};

void TokenStream::clear() noexcept {
    buffer_.clear();
    tokens_.clear();
    next_position_ = 0;
    texts_ = 0;
}

void TokenStream::add(std::string_view text, Elision elision) {
    Scanner(*this, bounded(text), elision).run();
    next_position_ += gap_between_texts;
    ++texts_;
}

std::string fold(std::string_view text) {
    std::string out;
    text = bounded(text);
    bool gap = false;
    for (std::size_t at = 0; at < text.size();) {
        const FoldedChar f = fold_char(decode(text, at));
        if (f.cls == CharClass::skip) continue;
        if (f.cls == CharClass::letter || f.cls == CharClass::digit || f.cls == CharClass::ideograph) {
            if (gap && !out.empty()) out.push_back(' ');
            gap = false;
            out.append(f.view());
        } else {
            gap = true;
        }
    }
    return out;
}

}  // namespace vigie::text
