#include "vigie/delivery/escape.hpp"

#include <fmt/format.h>

#include "delivery/characters.hpp"

namespace vigie::delivery {
namespace {

constexpr std::string_view word_joiner = "\u2060";
constexpr std::string_view ellipsis = "\u2026";
constexpr std::string_view isolate = "\u2068";
constexpr std::string_view isolate_end = "\u2069";

std::size_t measure(std::string_view utf8, LimitUnit unit) {
    if (unit == LimitUnit::bytes) return utf8.size();
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
    }
    return units;
}

/// Collects pieces, one for each grapheme, up to a limit.
class Collector {
public:
    Collector(Limit limit, std::size_t reserved) : limit_(limit), room_(limit.max < reserved ? 0 : limit.max - reserved) {}

    /// False: the piece did not fit, and the text now ends with the ellipsis.
    bool add(std::string_view piece) {
        const auto size = measure(piece, limit_.unit);
        if (size > room_ - used_) {
            out_.resize(safe_);
            if (measure(ellipsis, limit_.unit) <= room_) out_ += ellipsis;
            return false;
        }
        out_ += piece;
        used_ += size;
        if (used_ + measure(ellipsis, limit_.unit) <= room_) safe_ = out_.size();
        return true;
    }
    std::string take() { return std::move(out_); }

private:
    Limit limit_;
    std::size_t room_;
    std::size_t used_ = 0;
    std::size_t safe_ = 0;  ///< so long is the text behind which an ellipsis still fits
    std::string out_;
};

enum class Lines : std::uint8_t { keep, join };

/// What every surface but the log drops or folds.
class Scrubber {
public:
    explicit Scrubber(Lines lines) : lines_(lines) {}

    std::string scrub(std::string_view text) {
        out_.reserve(text.size());
        for (std::size_t at = 0; at < text.size();) {
            const auto start = at;
            const char32_t c = next_code_point(text, at);
            if (c == '\r' && at < text.size() && text[at] == '\n') continue;
            take(c, text.substr(start, at - start));
        }
        return std::move(out_);
    }

private:
    void take(char32_t c, std::string_view bytes) {
        const bool joins = is_joiner(c);
        if (is_line_end(c) || c == '\t' || (lines_ == Lines::join && c == ' ')) {
            space(is_line_end(c));
        } else if (is_control(c) || is_bidi_control(c) || is_invisible(c) || (joins && !joins_after(before_))) {
            return;
        } else {
            if (blank_ && !out_.empty()) out_ += ' ';
            blank_ = false;
            out_ += bytes;
        }
        before_ = c;
    }
    void space(bool line_end) {
        if (lines_ == Lines::join) {
            blank_ = true;
        } else {
            out_ += line_end ? '\n' : ' ';
        }
    }

    Lines lines_;
    std::string out_;
    char32_t before_ = 0;
    bool blank_ = false;
};

bool has_right_to_left(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (is_right_to_left(next_code_point(text, at))) return true;
    }
    return false;
}

/// Escapes a grapheme; `line_start`: nothing stands before it on its line.
using Escape = std::string (*)(std::string_view grapheme, bool line_start);

std::string render(std::string_view text, Escape escape, Limit limit, bool isolates) {
    const bool wrap = isolates && has_right_to_left(text);
    Collector out(limit, wrap ? measure(isolate, limit.unit) + measure(isolate_end, limit.unit) : 0);
    Graphemes graphemes(text);
    bool line_start = true;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = graphemes.next();
        const auto grapheme = text.substr(at, end - at);
        if (!out.add(escape(grapheme, line_start))) break;
        line_start = grapheme == "\n" || (line_start && grapheme == " ");
        at = end;
    }
    std::string done = out.take();
    if (!wrap || done.empty()) return done;
    return std::string(isolate) + done + std::string(isolate_end);
}

std::string nothing_to_escape(std::string_view grapheme, bool) {
    return std::string(grapheme);
}

void append_entity(std::string& out, char c) {
    switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        default:
            out += c;
    }
}

std::string entities(std::string_view grapheme, bool) {
    std::string out;
    for (const char c : grapheme) append_entity(out, c);
    return out;
}

std::string html(std::string_view grapheme, bool) {
    std::string out;
    for (const char c : grapheme) {
        if (c == '"') {
            out += "&quot;";
        } else if (c == '\'') {
            out += "&#39;";
        } else {
            append_entity(out, c);
        }
    }
    return out;
}

// A mark of layout only works next to a blank or a letter, a mention only before a letter: an invisible joiner stands there instead.
std::string mrkdwn(std::string_view grapheme, bool line_start) {
    std::string out;
    for (const char c : grapheme) {
        switch (c) {
            case '*':
            case '_':
            case '~':
            case '`':
                out += word_joiner;
                out += c;
                out += word_joiner;
                break;
            case '@':
                out += c;
                out += word_joiner;
                break;
            case '>':
                if (line_start) out += word_joiner;
                out += "&gt;";
                break;
            default:
                append_entity(out, c);
        }
    }
    return out;
}

std::string log_escape(std::string_view grapheme, bool) {
    std::string out;
    for (std::size_t at = 0; at < grapheme.size();) {
        const auto start = at;
        const char32_t c = next_code_point(grapheme, at);
        const auto number = static_cast<std::uint32_t>(c);
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (is_control(c)) {
            out += fmt::format("\\x{:02x}", number);
        } else if (is_line_end(c) || is_bidi_control(c) || is_invisible(c) || is_joiner(c)) {
            out += number > 0xFFFF ? fmt::format("\\U{:08x}", number) : fmt::format("\\u{:04x}", number);
        } else {
            out += grapheme.substr(start, at - start);
        }
    }
    return out;
}

std::string running(std::string_view text, Escape escape, Limit limit) {
    return render(Scrubber(Lines::keep).scrub(clean_utf8(text)), escape, limit, true);
}

}  // namespace

std::string for_slack_mrkdwn(std::string_view text, Limit limit) {
    return running(text, mrkdwn, limit);
}

std::string for_slack_plain(std::string_view text, Limit limit) {
    return running(text, entities, limit);
}

std::string for_html(std::string_view text, Limit limit) {
    return running(text, html, limit);
}

std::string for_plain(std::string_view text, Limit limit) {
    return running(text, nothing_to_escape, limit);
}

std::string for_header(std::string_view text, Limit limit) {
    return render(Scrubber(Lines::join).scrub(clean_utf8(text)), nothing_to_escape, limit, true);
}

std::string for_log(std::string_view text, Limit limit) {
    return render(clean_utf8(text), log_escape, limit, false);
}

std::string for_slack_mrkdwn(const Untrusted& text, Limit limit) {
    return for_slack_mrkdwn(text.bytes(), limit);
}

std::string for_slack_plain(const Untrusted& text, Limit limit) {
    return for_slack_plain(text.bytes(), limit);
}

std::string for_html(const Untrusted& text, Limit limit) {
    return for_html(text.bytes(), limit);
}

std::string for_plain(const Untrusted& text, Limit limit) {
    return for_plain(text.bytes(), limit);
}

std::string for_header(const Untrusted& text, Limit limit) {
    return for_header(text.bytes(), limit);
}

std::string for_log(const Untrusted& text, Limit limit) {
    return for_log(text.bytes(), limit);
}

std::string cut(std::string_view text, Limit limit) {
    const std::string clean = is_utf8(text) ? std::string(text) : clean_utf8(text, text.size() * 3);
    return render(clean, nothing_to_escape, limit, false);
}

std::size_t length_in(std::string_view text, LimitUnit unit) {
    return is_utf8(text) ? measure(text, unit) : measure(clean_utf8(text, text.size() * 3), unit);
}

}  // namespace vigie::delivery
