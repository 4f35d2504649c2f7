#include "text/sentiment_units.hpp"

#include <algorithm>
#include <array>

#include "text/fold_char.hpp"

namespace vigie::text {
namespace {

bool starts_url(std::string_view text) noexcept {
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    constexpr std::string_view http = "http";
    if (text.size() < 4 || !std::equal(http.begin(), http.end(), text.begin(), same)) return false;
    // "http" alone is what anonymised corpora leave of a link.
    return text.size() == 4 || text[4] == ':' || text[4] == 's' || text[4] == 'S' || text[4] == ' ';
}

// Eyes, maybe a nose, a mouth: bytes taken, or 0.
std::size_t emoticon(std::string_view text) noexcept {
    if (text.starts_with("<3")) return 2;
    if (text.empty() || std::string_view(":;=8xX").find(text[0]) == std::string_view::npos) return 0;
    std::size_t at = 1;
    if (at < text.size() && std::string_view("-'o").find(text[at]) != std::string_view::npos) ++at;
    if (at >= text.size() || std::string_view(")(DPp/\\|*3oO][").find(text[at]) == std::string_view::npos) return 0;
    if (text[at] == '/' && at + 1 < text.size() && text[at + 1] == '/') return 0;
    const bool letters = (text[0] | 0x20) == 'x' || text[0] == '8';
    const bool mouth_is_letter = std::string_view("DPpoO3").find(text[at]) != std::string_view::npos;
    const bool ends = at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) <= ' ';
    if ((letters || mouth_is_letter) && !ends) return 0;
    return at + 1;
}

// What anonymised and exported posts still hold of HTML: bytes taken, or 0.
std::size_t entity(std::string_view text) noexcept {
    for (const std::string_view name : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
        if (text.starts_with(name)) return name.size();
    }
    return 0;
}

}  // namespace

// Cuts the text into units and counts its marks.
struct SentimentUnits::Scan {
    SentimentUnits& f;
    std::string_view text;
    std::size_t at = 0;

    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(f.buffer_.size()); }

    void put(Kind kind, std::string_view bytes) {
        const std::uint32_t begin = size();
        f.buffer_ += bytes;
        f.units_.push_back({begin, size() - begin, kind, false, false});
    }

    void run() {
        while (at < text.size()) step();
    }

    void step() {
        const char c = text[at];
        if (static_cast<unsigned char>(c) <= ' ' || c == '#') {
            ++at;
            return;
        }
        const std::string_view rest = text.substr(at);
        if ((c == 'h' || c == 'H') && starts_url(rest)) return stand_in("~url");
        if (c == '@' && rest.size() > 1 && static_cast<unsigned char>(rest[1]) > ' ') return stand_in("~user");
        if (c == '&') {
            if (rest.starts_with("&lt;3")) return heart(5);
            if (const std::size_t bytes = entity(rest); bytes > 0) {
                at += bytes;
                return;
            }
        }
        if (const std::size_t bytes = emoticon(rest); bytes > 0) {
            if (rest.starts_with("<3")) return heart(bytes);
            const std::array<char, 2> face = {':', rest[bytes - 1]};
            put(Kind::picture, {face.data(), 2});
            at += bytes;
            return;
        }
        std::size_t next = at;
        const char32_t cp = decode(text, next);
        switch (fold_char(cp).cls) {
            case CharClass::letter:
            case CharClass::digit:
                return word();
            case CharClass::ideograph:
                put(Kind::word, fold_char(cp).view());
                break;
            case CharClass::pictograph:
                picture(cp);
                break;
            case CharClass::separator:
                mark(cp);
                break;
            case CharClass::skip:
            case CharClass::apostrophe:
                break;
        }
        at = next;
    }

    void heart(std::size_t bytes) {
        put(Kind::picture, "<3");
        at += bytes;
    }

    void stand_in(std::string_view name) {
        put(Kind::stand_in, name);
        while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ') ++at;
    }

    void picture(char32_t cp) {
        const std::uint32_t begin = size();
        append_utf8(f.buffer_, cp);
        f.units_.push_back({begin, size() - begin, Kind::picture, false, false});
    }

    void mark(char32_t cp) {
        if (cp == '!') ++f.exclamations_;
        if (cp == '?') ++f.questions_;
        if (cp == 0x2026 || (cp == '.' && text.substr(at, 3) == "...")) ++f.ellipses_;
        if (cp < 0x80 && std::string_view(".,;:!?()\"").find(static_cast<char>(cp)) != std::string_view::npos) {
            const char byte = static_cast<char>(cp);
            put(Kind::mark, {&byte, 1});
        }
    }

    // A word folded, digits as 0, no letter more than twice in a row. "n't" stays with its word; other clitics are words.
    void word() {
        Unit unit{size(), 0, Kind::word, true, false};
        int letters = 0;
        int run_length = 0;
        char last = 0;
        while (at < text.size()) {
            std::size_t next = at;
            const FoldedChar c = fold_char(decode(text, next));
            if (c.cls == CharClass::skip) {
                at = next;
                continue;
            }
            if (c.cls == CharClass::apostrophe) {
                const bool clitic = next < text.size() && (text[next] | 0x20) == 't' && last == 'n';
                at = next;
                if (!clitic) break;
                f.buffer_.push_back('\'');
                last = '\'';
                continue;
            }
            if (c.cls != CharClass::letter && c.cls != CharClass::digit) break;
            at = next;
            const char byte = c.cls == CharClass::digit ? '0' : c.bytes[0];
            run_length = c.size == 1 && byte == last ? run_length + 1 : 1;
            last = c.size == 1 ? byte : '\0';
            if (c.cls == CharClass::letter) {
                ++letters;
                unit.shouted = unit.shouted && c.upper;
            }
            if (run_length > 2) {
                unit.stretched = unit.stretched || c.cls == CharClass::letter;
                continue;
            }
            if (c.cls == CharClass::digit || c.size == 1)
                f.buffer_.push_back(byte);
            else
                f.buffer_.append(c.view());
        }
        unit.shouted = unit.shouted && letters >= 3;
        unit.size = size() - unit.begin;
        if (unit.size > 0) f.units_.push_back(unit);
    }
};

void SentimentUnits::read(std::string_view text) {
    buffer_.clear();
    units_.clear();
    exclamations_ = questions_ = ellipses_ = 0;
    Scan{*this, text.substr(0, sentiment_bytes)}.run();
}

bool SentimentUnits::says_something() const noexcept {
    return std::any_of(units_.begin(), units_.end(), [](const Unit& u) { return u.kind == Kind::word || u.kind == Kind::picture; });
}

}  // namespace vigie::text
