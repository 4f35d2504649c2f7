// The text of a file as its messages need it: lines, columns, and what stands before a place.
// Thread-safety: const.
#pragma once

#include <string_view>
#include <vector>

#include "vigie/doc/node.hpp"

namespace vigie::config {

class SourceText {
public:
    /// `text` must outlive it.
    explicit SourceText(std::string_view text);

    /// The place of a byte: line and column in characters, both from 1.
    doc::Mark at(std::size_t byte) const;
    /// The place of a byte column (from 0) in a line (from 0), as the YAML library tells them. Nothing known: {0, 0}.
    doc::Mark at(int line, int column) const;
    /// Whether only blanks stand before that place, and a tab is one of them.
    bool indented_by_tab(int line, int column) const;
    /// False where a quoted scalar begins at that place and the file ends in it: the YAML library takes that for an end, if a line ends
    /// first.
    bool quotes_close(int line, int column) const;
    /// Whether a ':' comes after the key that begins at that place; a key without quotes is `length` bytes long.
    bool colon_follows(int line, int column, std::size_t length) const;
    /// What stands at that place, to the end of the text.
    std::string_view rest(int line, int column) const;

private:
    std::string_view line(std::size_t index) const;

    std::string_view text_;
    std::vector<std::size_t> starts_;  ///< of the lines
};

}  // namespace vigie::config
