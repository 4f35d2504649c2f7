// Lines of NDJSON from a stream that may hold anything.
// Thread-safety: a LineReader belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>

namespace vigie::cli {

/// Reads line after line, whatever their length: of a line longer than `keep` bytes the first keep + 1 are kept, so that whoever checks the
/// length sees that it is too long, and the rest is skipped. A byte-order mark before the first line and a carriage return at the end of
/// one go. Memory: keep + 1 bytes.
class LineReader {
public:
    LineReader(std::istream& in, std::size_t keep) : in_(in), keep_(keep) {}

    /// The next line that is not empty; false at the end.
    bool next();
    const std::string& line() const noexcept { return line_; }
    /// From 1; empty lines count.
    std::int64_t number() const noexcept { return number_; }

private:
    bool read();

    std::istream& in_;
    std::size_t keep_;
    std::string line_;
    std::int64_t number_ = 0;
};

}  // namespace vigie::cli
