#include "text/query_lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "text/fold_char.hpp"
#include "text/query_fields.hpp"
#include "text/terms.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t shown_bytes = 40;

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Quotation marks that word processors put in place of '"'.
bool is_typographic_quote(std::string_view text) noexcept {
    static constexpr std::array<std::string_view, 5> marks = {"“", "”", "„", "«", "»"};
    return std::any_of(marks.begin(), marks.end(), [text](std::string_view m) { return text.starts_with(m); });
}

// "NEAR", "NEAR/4", "ONEAR/4".
struct Nearness {
    bool is = false;  // meant as one, rightly written or not
    bool ordered = false;
    std::optional<std::uint32_t> distance;
    std::string advice;  // empty: rightly written
};

std::optional<std::uint32_t> number(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 6) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value;
}

Nearness nearness(std::string_view word) {
    Nearness out;
    std::string capitals(word);
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    std::string_view rest = capitals;
    out.ordered = rest.starts_with("ONEAR");
    if (out.ordered) rest.remove_prefix(1);
    if (!rest.starts_with("NEAR")) return out;
    rest.remove_prefix(4);
    const std::string name = out.ordered ? "ONEAR" : "NEAR";
    if (rest.empty()) {
        out.is = word == capitals;  // "near" alone is a word
        out.distance = default_distance;
        return out;
    }
    if (rest.front() != '/') return out;
    out.is = true;
    rest.remove_prefix(1);
    const bool forward = rest.ends_with('F');
    if (forward) rest.remove_suffix(1);
    out.distance = number(rest);
    if (!out.distance || *out.distance > max_distance)
        out.advice = "takes a number of words from 0 to " + std::to_string(max_distance) + ": " + name + "/4";
    else if (forward)
        out.advice = "write ONEAR/" + std::to_string(*out.distance) + " for words in this order";
    else if (!word.starts_with(name))
        out.advice = "operators are written in capitals: " + name + "/" + std::to_string(*out.distance);
    return out;
}

std::string shown(std::string_view text) {
    if (text.size() <= shown_bytes) return std::string(text);
    std::size_t end = shown_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "...";
}

// A mark between two letters, as a wildcard stands; "who? me" has none.
bool has_inner(std::string_view text, char mark) noexcept {
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
        const auto solid = [](char c) {
            return !is_blank(c) && (static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)));
        };
        if (at > 0 && at + 1 < text.size() && solid(text[at - 1]) && solid(text[at + 1])) return true;
    }
    return false;
}

std::string not_a_name(Term::Kind kind, std::string_view written) {
    std::string message = quoted(written);
    message += kind == Term::Kind::handle ? " is not a handle; write @name, @name.example.org or @name@example.org"
                                          : " is not a tag; write #name, without blanks or dashes";
    return message;
}

// A word with '?' in it: none where it is well written.
std::string wrong_pattern(const Term& term) {
    const std::size_t first = term.text.find('?');
    if (first == std::string::npos) return {};
    if (term.kind != Term::Kind::word) return "a '?' works in words only; write the names joined by OR";
    if (term.text.back() == '?' && !term.prefix)
        return "a '?' stands for one letter inside a word; at its end write the forms out: (name OR names)";
    if (!is_pattern_word(term.text)) return "a '?' stands for one letter inside a single word, without dashes, apostrophes or dots";
    if (characters(fold(std::string_view(term.text).substr(0, first))) < min_letters_before_blank)
        return "would match too much; write at least " + std::to_string(min_letters_before_blank) + " letters before the first '?'";
    return {};
}

// A prefix of fewer letters than this would meet half of all words.
std::string wrong_prefix(const Term& term, const std::vector<Sequence>& found) {
    if (!term.prefix) return {};
    for (const Sequence& sequence : found) {
        const std::string& folded = sequence.back().folded;
        const auto letters = characters(folded) - static_cast<std::size_t>(std::count(folded.begin(), folded.end(), '?'));
        if (letters >= min_prefix_letters) continue;
        if (folded.size() > 2 && letters == 1) return "needs no '*': a name in this script is found within longer words too";
        return "would match too much; write at least " + std::to_string(min_prefix_letters) +
               " letters before the '*', or the words out: (" + term.text + "s OR " + term.text + "ed)";
    }
    return {};
}

}  // namespace

Error error_at(std::size_t column, std::string message, Errc code) {
    return Error(code, std::move(message), "column " + std::to_string(column));
}

// Appended step by step: GCC 12 warns of an overlap that is none where a literal is put before a temporary.
std::string quoted(std::string_view text) {
    std::string out(1, '\'');
    out += shown(text);
    out += '\'';
    return out;
}

void Lexer::advance(std::size_t bytes) {
    column_ += characters(text_.substr(at_, bytes));
    at_ += bytes;
}

Lexeme Lexer::begin(Lexeme::Kind kind) const {
    Lexeme lexeme;
    lexeme.kind = kind;
    lexeme.column = column_;
    return lexeme;
}

Lexeme Lexer::taken(Lexeme lexeme) {
    advance(lexeme.source.size());
    return lexeme;
}

Lexeme Lexer::punctuation(Lexeme::Kind kind) {
    Lexeme lexeme = begin(kind);
    lexeme.source = text_.substr(at_, 1);
    return taken(std::move(lexeme));
}

std::string_view Lexer::word_at(std::size_t at) const noexcept {
    std::size_t end = at;
    while (end < text_.size() && !is_blank(text_[end]) && text_[end] != '(' && text_[end] != ')' && text_[end] != '"') ++end;
    return text_.substr(at, end - at);
}

Result<Lexeme> Lexer::next() {
    std::size_t blanks = 0;
    while (at_ + blanks < text_.size() && is_blank(text_[at_ + blanks])) ++blanks;
    advance(blanks);
    if (at_ == text_.size()) return begin(Lexeme::Kind::end);
    switch (text_[at_]) {
        case '(':
            return punctuation(Lexeme::Kind::open);
        case ')':
            return punctuation(Lexeme::Kind::close);
        case '"':
            return phrase(Term::Form::folded, 0);
        case '+':
            return plus();
        case '-': {
            const std::size_t after = at_ + 1;
            if (after == text_.size() || is_blank(text_[after]))
                return error_at(column_, "a dash alone; write -word without a blank between, or NOT word");
            return punctuation(Lexeme::Kind::minus);
        }
        default:
            return word();
    }
}

Result<Lexeme> Lexer::plus() {
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') return phrase(Term::Form::cased, 1);
    const std::string_view word = word_at(at_ + 1);
    if (word.empty()) return error_at(column_, "a plus alone; write AND between words that must all be there");
    std::string message = quoted(word_at(at_));
    message += ": write +\"";
    message += shown(word);
    message += "\" for capitals and accents as written, or the word without '+'";
    return error_at(column_, std::move(message));
}

// The "~n" behind a phrase that ends before `end`, which moves behind it.
Result<std::optional<std::uint32_t>> Lexer::slack(std::size_t& end) {
    if (end == text_.size() || text_[end] != '~') return std::optional<std::uint32_t>();
    const std::string_view written = word_at(end);
    const std::optional<std::uint32_t> words = number(written.substr(1));
    if (!words || *words > max_distance)
        return error_at(column_ + characters(text_.substr(at_, end - at_)),
                        "behind '~' stands a number of words from 0 to " + std::to_string(max_distance) + ": \"two words\"~3");
    end += written.size();
    return words;
}

Result<Lexeme> Lexer::phrase(Term::Form form, std::size_t mark_bytes) {
    Lexeme lexeme = begin(Lexeme::Kind::term);
    const std::size_t open = at_ + mark_bytes;
    const std::size_t close = text_.find('"', open + 1);
    if (close == std::string_view::npos) return error_at(column_, "this quotation mark is never closed; put a \" behind the phrase");
    const std::string_view inside = text_.substr(open + 1, close - open - 1);
    for (const char mark : {'*', '?'})
        if (mark == '*' ? inside.find(mark) != std::string_view::npos : has_inner(inside, mark))
            return error_at(column_,
                            std::string("'") + mark +
                                "' does not work inside quotation marks; write the words joined by ONEAR/0: pilot* ONEAR/0 strike");
    std::size_t end = close + 1;
    Result<std::optional<std::uint32_t>> words = slack(end);
    if (!words) return std::move(words).error();
    lexeme.source = text_.substr(at_, end - at_);
    lexeme.term.kind = Term::Kind::phrase;
    lexeme.term.form = form;
    lexeme.term.slack = *words;
    lexeme.term.text = inside;
    const std::string_view written = lexeme.source;
    return term(std::move(lexeme), written);
}

Result<Lexeme> Lexer::word() {
    const std::string_view written = word_at(at_);
    Lexeme lexeme = begin(Lexeme::Kind::term);
    lexeme.source = written;
    if (is_typographic_quote(written)) return error_at(column_, "typographic quotation marks; write phrases in straight ones: \"...\"");
    if (written.front() == '~') return error_at(column_, "a '~' stands right behind a phrase: \"two words\"~3");
    if (written == "!" && at_ + 1 < text_.size() && text_[at_ + 1] == '"')
        return error_at(column_, "write +\"...\" for capitals and accents as written");
    if (written == "AND" || written == "OR" || written == "NOT") {
        lexeme.kind = written == "AND" ? Lexeme::Kind::op_and : written == "OR" ? Lexeme::Kind::op_or : Lexeme::Kind::op_not;
        return taken(std::move(lexeme));
    }
    if (const Nearness near = nearness(written); near.is) {
        if (!near.advice.empty()) return error_at(column_, quoted(written) + ": " + near.advice);
        lexeme.kind = Lexeme::Kind::op_near;
        lexeme.distance = *near.distance;
        lexeme.ordered = near.ordered;
        return taken(std::move(lexeme));
    }
    if (written.find(':') != std::string_view::npos) {
        if (written.starts_with("exact:")) return exact();
        if (written.starts_with("in:title")) {
            if (written.size() > 9) return error_at(column_, "write a blank behind in:title: in:title " + shown(written.substr(9)));
            lexeme.kind = Lexeme::Kind::in_title;
            return taken(std::move(lexeme));
        }
        if (const std::optional<Field::Name> name = field_of(written)) return field(*name, written);
        if (const std::optional<std::string> advice = advice_on_field(written)) return error_at(column_, *advice);
    }
    return bare_term(std::move(lexeme), written);
}

Result<Lexeme> Lexer::exact() {
    constexpr std::size_t mark = 6;
    if (at_ + mark < text_.size() && text_[at_ + mark] == '"') return phrase(Term::Form::exact, mark);
    Lexeme lexeme = begin(Lexeme::Kind::term);
    lexeme.source = word_at(at_);
    lexeme.term.form = Term::Form::exact;
    const std::string_view written = lexeme.source.substr(mark);
    if (written.empty() || written.front() == '+' || field_of(written) || written.starts_with("exact:") || written.starts_with("in:"))
        return error_at(column_, "exact: stands right before a word, a phrase, a handle or a tag: exact:Orange, exact:\"Le Monde\"");
    return bare_term(std::move(lexeme), written);
}

Result<Lexeme> Lexer::field(Field::Name name, std::string_view written) {
    Lexeme lexeme = begin(Lexeme::Kind::field);
    std::string_view value = written.substr(name_of(name).size());
    lexeme.source = written;
    lexeme.field.name = name;
    const std::size_t open = at_ + written.size();
    if (value.empty() && open < text_.size() && text_[open] == '"') {
        const std::size_t close = text_.find('"', open + 1);
        if (close == std::string_view::npos) return error_at(column_, "this quotation mark is never closed");
        value = text_.substr(open + 1, close - open - 1);
        lexeme.source = text_.substr(at_, close + 1 - at_);
    }
    Result<std::string> plain = field_value(name, value);
    if (!plain) return error_at(column_, plain.error().message());
    lexeme.field.value = std::move(plain).value();
    return taken(std::move(lexeme));
}

Result<Lexeme> Lexer::bare_term(Lexeme lexeme, std::string_view written) {
    Term& term = lexeme.term;
    if (written.size() > 1 && (written[0] == '@' || written[0] == '#')) {
        term.kind = written[0] == '@' ? Term::Kind::handle : Term::Kind::tag;
        written.remove_prefix(1);
    }
    term.prefix = written.ends_with('*');
    term.text = written.substr(0, written.size() - (term.prefix ? 1 : 0));
    if (term.text.empty() && term.prefix) return error_at(lexeme.column, "a '*' alone would match everything; write letters before it");
    if (term.text.find('*') != std::string::npos)
        return error_at(lexeme.column, quoted(lexeme.source) + ": a '*' may only stand at the end of a word");
    if (std::string why = wrong_pattern(term); !why.empty()) return error_at(lexeme.column, quoted(lexeme.source) + ": " + why);
    if (term.form == Term::Form::exact && (term.prefix || term.text.find('?') != std::string::npos))
        return error_at(lexeme.column, "exact: takes no '*' and no '?'; write the forms out: (exact:Pilot OR exact:Pilots)");
    const std::string_view source = lexeme.source;
    return this->term(std::move(lexeme), source);
}

Result<Lexeme> Lexer::term(Lexeme lexeme, std::string_view written) {
    const Term& term = lexeme.term;
    std::size_t plain_words = 0;
    if (read_plainly(term, [&](Met, std::string_view) { ++plain_words; }) && plain_words <= max_phrase_words &&
        (!term.slack || plain_words > 1))
        return taken(std::move(lexeme));
    const std::vector<Sequence> found = readings(term);
    if (found.empty()) {
        if (term.kind == Term::Kind::handle || term.kind == Term::Kind::tag) return error_at(lexeme.column, not_a_name(term.kind, written));
        return error_at(lexeme.column, quoted(written) + " holds no letter, digit or emoji to look for; remove it");
    }
    if (found.back().size() > max_phrase_words)
        return error_at(lexeme.column, "a phrase of more than " + std::to_string(max_phrase_words) + " words; shorten it", Errc::limit);
    if (term.slack && found.front().size() < 2)
        return error_at(lexeme.column, quoted(written) + ": '~' needs a phrase of two words or more; remove it");
    if (std::string why = wrong_prefix(term, found); !why.empty()) return error_at(lexeme.column, quoted(written) + ": " + why);
    return taken(std::move(lexeme));
}

}  // namespace vigie::text
