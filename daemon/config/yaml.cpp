#include "vigie/config/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <set>
#include <streambuf>

#include "config/source_text.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::config {
namespace {

using doc::Diagnostics;
using doc::Mark;
using doc::Node;
using doc::NodeKind;

/// Ends the parse from inside a callback: what follows could not be read in a way that means anything.
struct Stop {};

/// Reads from a view without copying it.
class ViewBuffer final : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text) {
        // The get area is never written to; the interface only lacks const.
        char* begin = const_cast<char*>(text.data());
        setg(begin, begin, begin + text.size());
    }
};

/// Builds the tree from the library's events, and refuses what the subset leaves out.
class Builder final : public YAML::EventHandler {
public:
    Builder(const SourceText& source, Diagnostics& diagnostics) : source_(source), diagnostics_(diagnostics) {}

    Node take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        check(mark, "", anchor);
        add_null(mark);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        diagnostics_.error(place(mark), "found an alias (*name), expected the value itself: aliases are not used here");
        add(Node{NodeKind::null, {}, false, place(mark), {}, {}});
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
        check(mark, tag, anchor);
        if (!source_.quotes_close(mark.line, mark.column)) {
            diagnostics_.error(place(mark), "found a quote that is never closed");
            throw Stop{};
        }
        // The library turns the escapes \N and \_ into bytes that are no UTF-8.
        const bool readable = is_utf8(value);
        if (!readable) diagnostics_.expected(place(mark), "an escape that gives no UTF-8", "the character itself, or its \\u escape");
        if (!open_.empty() && !open_.back().key) open_.back().key_mark = mark;
        add(Node{NodeKind::scalar, readable ? value : clean_utf8(value, max_yaml_bytes), tag == "!", place(mark), {}, {}});
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        check(mark, tag, anchor);
        open(Node{NodeKind::sequence, {}, false, place(mark), {}, {}});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        check(mark, tag, anchor);
        open(Node{NodeKind::map, {}, false, place(mark), {}, {}});
    }
    void OnMapEnd() override { close(); }

private:
    /// A list or map that is still open.
    struct Open {
        Node node;
        std::set<std::string, std::less<>> keys;
        std::optional<Node> key;  ///< of a map, between a key and its value
        YAML::Mark key_mark;
        bool drop = false;  ///< the entry under that key is left out
    };

    Mark place(const YAML::Mark& mark) const { return source_.at(mark.line, mark.column); }

    void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != 0) diagnostics_.error(place(mark), "found an anchor (&name), expected a plain value: anchors are not used here");
        if (!tag.empty() && tag != "?" && tag != "!") {
            diagnostics_.error(place(mark),
                               fmt::format("found the tag {}, expected a plain value: tags are not used here", excerpt(tag, 40)));
        }
        if (source_.indented_by_tab(mark.line, mark.column)) {
            diagnostics_.error({mark.line + 1, 1}, "found a tab in the indentation, expected blanks");
            throw Stop{};
        }
    }

    /// Nothing has no place of its own: the library tells that of what comes next. Its key's is the one to point at.
    void add_null(const YAML::Mark& mark) {
        Node node{NodeKind::null, {}, false, place(mark), {}, {}};
        const auto written = source_.rest(mark.line, mark.column);
        const bool spelt =
            written.starts_with('~') || written.starts_with("null") || written.starts_with("Null") || written.starts_with("NULL");
        if (!spelt && !open_.empty() && open_.back().key) {
            const Open& map = open_.back();
            node.mark = map.key->mark;
            // A word alone at the end of a map is taken for a key by the library.
            if (!map.drop && !source_.colon_follows(map.key_mark.line, map.key_mark.column, map.key->text.size())) {
                diagnostics_.error(node.mark, fmt::format("found {} alone, expected a key, ':' and a value", doc::describe(*map.key)));
            }
        }
        add(std::move(node));
    }

    void open(Node node) {
        if (open_.size() == max_yaml_depth) {
            diagnostics_.error(node.mark, fmt::format("found lists and maps nested deeper than {}", max_yaml_depth));
            throw Stop{};
        }
        // A list or map as a key is told when it begins, and read into nothing.
        open_.push_back(Open{std::move(node), {}, std::nullopt, {}, false});
    }

    void close() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(node));
    }

    void add(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == NodeKind::sequence) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.key) {
            parent.drop = !accept_key(parent, node);
            parent.key = std::move(node);
        } else {
            if (!parent.drop) parent.node.entries.emplace_back(std::move(*parent.key), std::move(node));
            parent.key.reset();
        }
    }

    bool accept_key(Open& map, const Node& key) {
        if (key.kind != NodeKind::scalar) {
            diagnostics_.expected(key.mark, doc::describe(key), "a key, which is a word");
            return false;
        }
        if (key.text == "<<" && !key.quoted) {
            diagnostics_.error(key.mark, "found a merge key (<<), expected the keys themselves: merging is not done here");
            return false;
        }
        if (!map.keys.insert(key.text).second) {
            const auto first = first_place(map, key.text);
            diagnostics_.error(key.mark, fmt::format("found the key {} again, expected each key once{}", doc::describe(key), first));
            return false;
        }
        return true;
    }

    static std::string first_place(const Open& map, const std::string& name) {
        for (const auto& [key, value] : map.node.entries) {
            if (key.text == name) return fmt::format(" (first at {}:{})", key.mark.line, key.mark.column);
        }
        return {};
    }

    const SourceText& source_;
    Diagnostics& diagnostics_;
    Node root_;
    std::vector<Open> open_;
};

/// Notices where a second document begins.
class SecondDocument final : public YAML::EventHandler {
public:
    std::optional<YAML::Mark> mark;

    void OnDocumentStart(const YAML::Mark& start) override {
        mark = start;
        throw Stop{};
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

/// How many bytes at the beginning are whole characters of valid UTF-8.
std::size_t valid_beginning(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t length = 1;
        while (length <= 4 && !is_utf8(text.substr(at, length))) ++length;
        if (length > 4) break;
        at += length;
    }
    return std::min(at, text.size());
}

/// Reports bytes that no configuration holds; the YAML library would take some of them for the end of the file.
bool check_bytes(std::string_view text, const SourceText& source, Diagnostics& diagnostics) {
    if (text.size() > max_yaml_bytes) {
        diagnostics.expected({}, fmt::format("{} bytes", text.size()), fmt::format("at most {}", max_yaml_bytes));
        return false;
    }
    if (!is_utf8(text)) {
        const auto good = valid_beginning(text);
        diagnostics.error(source.at(good), "found bytes that are not UTF-8, expected UTF-8");
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
            diagnostics.error(source.at(i), fmt::format("found the control character {}, expected text", excerpt(text.substr(i, 1))));
            return false;
        }
    }
    return true;
}

void report(const YAML::Exception& exception, const SourceText& source, Diagnostics& diagnostics) {
    const auto& mark = exception.mark;
    if (source.indented_by_tab(mark.line, mark.column + 1)) {
        diagnostics.error({mark.line + 1, 1}, "found a tab in the indentation, expected blanks");
    } else {
        diagnostics.error(source.at(mark.line, mark.column), fmt::format("not valid YAML: {}", excerpt(exception.msg, 200)));
    }
}

}  // namespace

std::optional<Node> read_yaml(std::string_view text, Diagnostics& diagnostics) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const SourceText source(text);
    if (!check_bytes(text, source, diagnostics)) return std::nullopt;
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    Builder builder(source, diagnostics);
    SecondDocument second;
    try {
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        parser.HandleNextDocument(second);
    } catch (const Stop&) {
        if (!second.mark) return std::nullopt;
        const auto found = excerpt(source.rest(second.mark->line, second.mark->column), 40);
        diagnostics.error(source.at(second.mark->line, second.mark->column),
                          found.starts_with("---") || found.starts_with('%')
                              ? "found a second document, expected one in each file"
                              : fmt::format("found \"{}\", expected the end: the document ended before", found));
    } catch (const YAML::Exception& exception) {
        report(exception, source, diagnostics);
        return std::nullopt;
    }
    return builder.take();
}

std::optional<Node> read_yaml_file(const std::string& path, const Environment& environment, Diagnostics& diagnostics) {
    const auto content = environment.read_file(path, max_yaml_bytes);
    if (!content) {
        diagnostics.error({}, fmt::format("cannot read {}: {}", excerpt(path, 200), content.error().message()));
        return std::nullopt;
    }
    return read_yaml(content->bytes, diagnostics);
}

}  // namespace vigie::config
