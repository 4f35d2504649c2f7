// Finds the records in a body: its lines, or the elements of its array. Knows JSON's strings and brackets, and no more.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vigie/core/record_json.hpp"

namespace vigie {

/// A view into the body, and its number from 1.
struct Piece {
    std::string_view text;
    std::int64_t number = 0;
};

/// Lines that are not blank, without "\r\n" and without a byte-order mark.
class LineSplitter {
public:
    explicit LineSplitter(std::string_view body);
    std::optional<Piece> next();

private:
    std::string_view rest_;
    std::int64_t number_ = 0;
};

/// The elements of one array; a body that is no array is one element.
class ArraySplitter {
public:
    explicit ArraySplitter(std::string_view body);
    /// The next element, or nothing at the end or where the array breaks.
    std::optional<Piece> next();
    /// Where and how the array broke, if it did.
    std::optional<Rejection> broken() const { return broken_; }

private:
    void skip_blanks();
    std::optional<Piece> fail(std::string_view expected);
    std::size_t element_length() const;

    std::string_view rest_;
    std::int64_t number_ = 0;
    bool done_ = false;
    bool array_ = false;
    std::optional<Rejection> broken_;
};

}  // namespace vigie
