#include "vigie/alerts/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace vigie::alerts {
namespace {

constexpr std::size_t max_value_bytes = 1024;
constexpr std::size_t max_matchers = 64;

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_part(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9');
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Reads matchers from left to right; every error names the column, from 1.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    void skip_spaces() {
        while (!at_end() && is_space(text_[at_])) ++at_;
    }
    bool at_end() const { return at_ >= text_.size(); }
    bool take(char c) {
        if (at_end() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    Error error(std::string_view expected) const {
        return {Errc::parse, "column " + std::to_string(at_ + 1) + ": expected " + std::string(expected)};
    }
    Result<Matcher> matcher();

private:
    std::string name();
    std::optional<MatchOp> op();
    Result<std::string> value();
    Result<std::string> quoted();

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string Reader::name() {
    const auto start = at_;
    while (!at_end() && is_name_part(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
}

std::optional<MatchOp> Reader::op() {
    if (take('=')) return take('~') ? MatchOp::matches : MatchOp::equal;
    if (!take('!')) return {};
    if (take('=')) return MatchOp::not_equal;
    if (take('~')) return MatchOp::not_matches;
    return {};
}

Result<std::string> Reader::quoted() {
    std::string value;
    while (!at_end()) {
        const char c = text_[at_++];
        if (c == '"') return value;
        if (c != '\\') {
            value += c;
            continue;
        }
        if (at_end()) break;
        const char escaped = text_[at_++];
        if (escaped == 'n') {
            value += '\n';
        } else if (escaped == '"' || escaped == '\\') {
            value += escaped;
        } else {
            // As Alertmanager: a backslash before anything else stands for itself, so that =~"\d+" needs no doubling.
            value += '\\';
            value += escaped;
        }
    }
    return error("a closing quote");
}

Result<std::string> Reader::value() {
    if (take('"')) return quoted();
    const auto start = at_;
    while (!at_end() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != '"') ++at_;
    if (!at_end() && text_[at_] == '"') return error("a value that is quoted as a whole");
    auto end = at_;
    while (end > start && is_space(text_[end - 1])) --end;
    return std::string(text_.substr(start, end - start));
}

Result<Matcher> Reader::matcher() {
    skip_spaces();
    if (at_end() || !is_name_start(text_[at_])) return error("a label name");
    std::string label = name();
    skip_spaces();
    const auto relation = op();
    if (!relation) return error("=, !=, =~ or !~");
    skip_spaces();
    auto text = value();
    if (!text) return text.error();
    skip_spaces();
    return Matcher::make(std::move(label), *relation, *std::move(text));
}

}  // namespace

std::string_view to_string(MatchOp op) noexcept {
    switch (op) {
        case MatchOp::equal:
            return "=";
        case MatchOp::not_equal:
            return "!=";
        case MatchOp::matches:
            return "=~";
        case MatchOp::not_matches:
            return "!~";
    }
    return "?";
}

Result<Matcher> Matcher::make(std::string name, MatchOp op, std::string value) {
    if (name.empty() || !is_name_start(name.front()) || !std::all_of(name.begin(), name.end(), is_name_part)) {
        return Error(Errc::invalid, "a label name is expected: letters, digits and _, no digit first");
    }
    if (value.size() > max_value_bytes) return Error(Errc::limit, "the value of " + name + " is longer than 1 kB");
    Matcher matcher;
    if (op == MatchOp::matches || op == MatchOp::not_matches) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_dot_nl(true);
        auto regex = std::make_shared<re2::RE2>(value, options);
        if (!regex->ok()) return Error(Errc::invalid, "not a regular expression: " + regex->error());
        matcher.regex_ = std::move(regex);
    }
    matcher.name_ = std::move(name);
    matcher.op_ = op;
    matcher.value_ = std::move(value);
    return matcher;
}

bool Matcher::value_matches(std::string_view value) const {
    switch (op_) {
        case MatchOp::equal:
            return value == value_;
        case MatchOp::not_equal:
            return value != value_;
        case MatchOp::matches:
            return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
        case MatchOp::not_matches:
            return !re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
    }
    return false;
}

bool Matcher::matches(const Labels& labels) const {
    const auto it = labels.find(name_);
    return value_matches(it == labels.end() ? std::string_view("") : std::string_view(it->second));
}

bool Matcher::matches_empty() const {
    return value_matches("");
}

std::string Matcher::text() const {
    std::string out = name_;
    out += to_string(op_);
    out += '"';
    for (const char c : value_) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    out += '"';
    return out;
}

Result<Matcher> parse_matcher(std::string_view text) {
    Reader reader(text);
    auto matcher = reader.matcher();
    if (matcher && !reader.at_end()) return reader.error("the end of the matcher");
    return matcher;
}

Result<std::vector<Matcher>> parse_matchers(std::string_view text) {
    Reader reader(text);
    std::vector<Matcher> matchers;
    reader.skip_spaces();
    const bool braced = reader.take('{');
    reader.skip_spaces();
    const auto closes = [&] { return braced ? reader.take('}') : reader.at_end(); };
    if (!closes()) {
        for (;;) {
            if (matchers.size() >= max_matchers) return Error(Errc::limit, "more than 64 matchers");
            auto matcher = reader.matcher();
            if (!matcher) return matcher.error();
            matchers.push_back(*std::move(matcher));
            if (closes()) break;
            if (!reader.take(',')) return reader.error(braced ? "',' or '}'" : "','");
            reader.skip_spaces();
            if (closes()) break;
        }
    }
    reader.skip_spaces();
    if (!reader.at_end()) return reader.error("the end");
    return matchers;
}

bool all_match(const std::vector<Matcher>& matchers, const Labels& labels) {
    return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) { return matcher.matches(labels); });
}

std::string format_matchers(const std::vector<Matcher>& matchers) {
    std::string out = "{";
    for (const auto& matcher : matchers) {
        if (out.size() > 1) out += ',';
        out += matcher.text();
    }
    return out + "}";
}

}  // namespace vigie::alerts
