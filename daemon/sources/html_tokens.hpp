// HTML as a run of tags and text: one pass, no tree, linear on any input.
// Thread-safety: a reader belongs to one thread; it keeps views into the text that it was given.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::sources {

struct HtmlToken {
    enum class Type { text, open, close };
    Type type = Type::text;
    std::string name;                                             ///< of a tag, lower case
    std::string_view text;                                        ///< of text: raw, references not decoded
    std::vector<std::pair<std::string, std::string>> attributes;  ///< names lower case, values decoded; at most 64
    /// The value of an attribute; empty if there is none.
    std::string_view attribute(std::string_view wanted) const noexcept;
};

class HtmlReader {
public:
    explicit HtmlReader(std::string_view html) : html_(html) {}
    /// The next tag or text; false at the end. Comments, doctypes and what stands inside script, style and their like are passed over.
    bool next(HtmlToken& token);
    /// Reads the start tag at the very beginning of the text, and answers its length.
    std::size_t read_open_tag(HtmlToken& token);

private:
    bool read_tag(HtmlToken& token);
    void read_attributes(HtmlToken& token);
    void skip_to_close(std::string_view name);
    void skip_past(std::string_view mark);

    std::string_view html_;
    std::size_t at_ = 0;
};

/// Appends text with its character references decoded.
void append_decoded(std::string& out, std::string_view html);

}  // namespace vigie::sources
