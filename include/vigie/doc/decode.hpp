// Typed reading of a located document. All errors are collected, none stops the reading; unknown keys get the nearest known one.
// Thread-safety: values, one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/time.hpp"
#include "vigie/doc/node.hpp"

namespace vigie::doc {

enum class Severity : std::uint8_t { error, warning };

/// "file:line:column: what was found, what was expected".
struct Diagnostic {
    std::string file;
    Mark mark;
    std::string message;
    Severity severity = Severity::error;
    std::string text() const;
    friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// Where errors of one file are gathered.
class Diagnostics {
public:
    explicit Diagnostics(std::string file) : file_(std::move(file)) {}
    const std::string& file() const noexcept { return file_; }
    /// "found X, expected Y".
    void expected(Mark mark, std::string_view found, std::string_view expected);
    void error(Mark mark, std::string message);
    void warning(Mark mark, std::string message);
    bool ok() const noexcept;  ///< no error (warnings do not count)
    const std::vector<Diagnostic>& all() const noexcept { return all_; }
    void append(const Diagnostics& other);

private:
    std::string file_;
    std::vector<Diagnostic> all_;
};

/// A map being read key by key. Each getter notes its key as known; finish() reports the others as unknown, with the nearest known key.
/// A wrong type is reported and reads as absent. `required` getters report a missing key, at the map's own place.
class Fields {
public:
    /// `what` names the thing for messages ("a source"). A node that is no map is reported at once and reads as empty.
    Fields(const Node& node, std::string what, Diagnostics& diagnostics);

    const Node* node(std::string_view key);
    const Node* required_node(std::string_view key);
    std::optional<std::string> string(std::string_view key);
    std::optional<std::string> required_string(std::string_view key);
    /// true and false alone; yes, on, 1 are errors that say so.
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
    std::optional<double> number(std::string_view key, double low, double high);
    std::optional<Duration> duration(std::string_view key, Duration low, Duration high);
    /// One of the given words.
    std::optional<std::string> word(std::string_view key, const std::vector<std::string_view>& words);
    /// A sequence of strings; a lone string counts as one where `lone` is true.
    std::optional<std::vector<std::string>> strings(std::string_view key, bool lone = false);
    /// A map of string to string, in order of the file.
    std::vector<std::pair<std::string, std::string>> string_map(std::string_view key);
    /// Calls f for each element of a sequence; absent is empty.
    void each(std::string_view key, const std::function<void(const Node&)>& f);
    /// Marks a key as known without reading it.
    void allow(std::string_view key);
    void finish();

    Mark mark() const noexcept { return node_->mark; }
    Diagnostics& diagnostics() noexcept { return *diagnostics_; }

private:
    const Node* node_;
    std::string what_;
    Diagnostics* diagnostics_;
    std::set<std::string, std::less<>> known_;
};

/// The nearest of `words` to `word` (edit distance of at most a third of its length), or "".
std::string nearest(std::string_view word, const std::vector<std::string>& words);
/// How a node reads in a message: `"text"`, "a list", "a map", "nothing". At most 60 bytes, valid UTF-8.
std::string describe(const Node& node);

}  // namespace vigie::doc
