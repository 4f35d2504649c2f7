// A located tree from block YAML as the tests write it: maps and lists by indentation, [..] and {..} on one line, plain and quoted scalars.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/doc/node.hpp"

namespace vigie::test {

class Yaml {
public:
    explicit Yaml(std::string_view text) {
        int number = 0;
        std::size_t at = 0;
        while (at <= text.size()) {
            ++number;
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string line(text.substr(at, end - at));
            at = end + 1;
            const std::size_t first = line.find_first_not_of(' ');
            if (first == std::string::npos || line[first] == '#') continue;
            lines_.push_back({number, first, line});
        }
    }
    doc::Node read() {
        if (lines_.empty()) return {};
        return block(lines_[0].indent);
    }

private:
    struct Line {
        int number;
        std::size_t indent;
        std::string text;
    };
    std::vector<Line> lines_;
    std::size_t at_ = 0;

    bool more(std::size_t indent) const { return at_ < lines_.size() && lines_[at_].indent == indent; }

    doc::Node block(std::size_t indent) {
        Line& line = lines_[at_];
        if (line.text[indent] == '-' && (line.text.size() == indent + 1 || line.text[indent + 1] == ' ')) return list(indent);
        if (line.text[indent] == '{' || line.text[indent] == '[' || key_end(line.text, indent) == std::string::npos) {
            doc::Node out = inline_value(line, indent);
            ++at_;
            return out;
        }
        return map(indent);
    }

    doc::Node list(std::size_t indent) {
        doc::Node out;
        out.kind = doc::NodeKind::sequence;
        out.mark = {lines_[at_].number, static_cast<int>(indent) + 1};
        while (more(indent) && lines_[at_].text[indent] == '-') {
            Line& line = lines_[at_];
            line.text[indent] = ' ';
            line.indent = line.text.find_first_not_of(' ');
            out.items.push_back(block(line.indent));
        }
        return out;
    }

    static std::size_t key_end(const std::string& text, std::size_t from) {
        if (text[from] == '"' || text[from] == '\'') return std::string::npos;
        for (std::size_t i = from; i < text.size(); ++i)
            if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) return i;
        return std::string::npos;
    }

    doc::Node map(std::size_t indent) {
        doc::Node out;
        out.kind = doc::NodeKind::map;
        out.mark = {lines_[at_].number, static_cast<int>(indent) + 1};
        while (more(indent)) {
            const Line line = lines_[at_];
            const std::size_t colon = key_end(line.text, indent);
            if (colon == std::string::npos) throw std::runtime_error("no key: " + line.text);
            doc::Node key = scalar(line.text.substr(indent, colon - indent), line.number, indent);
            const std::size_t value = line.text.find_first_not_of(' ', colon + 1);
            if (value != std::string::npos) {
                out.entries.emplace_back(std::move(key), inline_value(line, value));
                ++at_;
                continue;
            }
            ++at_;
            const bool deeper =
                at_ < lines_.size() && (lines_[at_].indent > indent || (lines_[at_].indent == indent && lines_[at_].text[indent] == '-'));
            doc::Node inner;
            inner.mark = {line.number, static_cast<int>(colon) + 1};
            if (deeper) inner = block(lines_[at_].indent);
            out.entries.emplace_back(std::move(key), std::move(inner));
        }
        return out;
    }

    static doc::Node scalar(std::string text, int number, std::size_t column, bool quoted = false) {
        doc::Node out;
        out.kind = doc::NodeKind::scalar;
        out.text = std::move(text);
        out.quoted = quoted;
        out.mark = {number, static_cast<int>(column) + 1};
        return out;
    }

    static doc::Node inline_value(const Line& line, std::size_t from) {
        std::size_t at = from;
        if (line.text[from] == '[' || line.text[from] == '{' || line.text[from] == '"' || line.text[from] == '\'') return flow(line, at);
        std::size_t end = line.text.find(" #", from);
        end = line.text.find_last_not_of(' ', end == std::string::npos ? end : end - 1);
        return scalar(line.text.substr(from, end + 1 - from), line.number, from);
    }

    static void blanks(const Line& line, std::size_t& at) {
        while (at < line.text.size() && line.text[at] == ' ') ++at;
    }

    static doc::Node quoted(const Line& line, std::size_t& at) {
        const std::size_t from = at;
        const char quote = line.text[at++];
        std::string out;
        for (; line.text.at(at) != quote || (quote == '\'' && at + 1 < line.text.size() && line.text[at + 1] == '\''); ++at) {
            if (line.text[at] == quote || (quote == '"' && line.text[at] == '\\')) ++at;
            out += line.text.at(at);
        }
        ++at;
        return scalar(std::move(out), line.number, from, true);
    }

    static doc::Node flow(const Line& line, std::size_t& at) {
        blanks(line, at);
        const std::size_t from = at;
        const char open = line.text.at(at);
        if (open == '"' || open == '\'') return quoted(line, at);
        doc::Node out;
        out.mark = {line.number, static_cast<int>(from) + 1};
        if (open == '[') {
            out.kind = doc::NodeKind::sequence;
            for (++at, blanks(line, at); line.text.at(at) != ']'; separator(line, at)) out.items.push_back(flow(line, at));
            ++at;
            return out;
        }
        if (open == '{') {
            out.kind = doc::NodeKind::map;
            for (++at, blanks(line, at); line.text.at(at) != '}'; separator(line, at)) {
                doc::Node key = plain(line, at, ":,}");
                ++at;
                out.entries.emplace_back(std::move(key), flow(line, at));
            }
            ++at;
            return out;
        }
        return plain(line, at, ",]}");
    }

    static void separator(const Line& line, std::size_t& at) {
        blanks(line, at);
        if (line.text.at(at) == ',') ++at;
        blanks(line, at);
    }

    static doc::Node plain(const Line& line, std::size_t& at, std::string_view stop) {
        const std::size_t from = at;
        while (at < line.text.size() && stop.find(line.text[at]) == std::string_view::npos) ++at;
        std::size_t end = at;
        while (end > from && line.text[end - 1] == ' ') --end;
        return scalar(line.text.substr(from, end - from), line.number, from);
    }
};

inline doc::Node yaml(std::string_view text) {
    return Yaml(text).read();
}

}  // namespace vigie::test
