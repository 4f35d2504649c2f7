#include <fmt/format.h>

#include <algorithm>

#include "vigie/core/untrusted.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::doc {
namespace {

/// A broken file of a megabyte must not become a gigabyte of messages.
constexpr std::size_t max_diagnostics = 200;

}  // namespace

std::string Diagnostic::text() const {
    std::string place = file;
    if (mark.line > 0) place += fmt::format("{}{}:{}", place.empty() ? "" : ":", mark.line, mark.column);
    if (!place.empty()) place += ": ";
    return place + (severity == Severity::warning ? "warning: " : "") + message;
}

void Diagnostics::expected(Mark mark, std::string_view found, std::string_view expected) {
    error(mark, fmt::format("found {}, expected {}", found, expected));
}

void Diagnostics::error(Mark mark, std::string message) {
    if (all_.size() == max_diagnostics) message = "too many errors: the rest is left out";
    if (all_.size() <= max_diagnostics) all_.push_back({file_, mark, std::move(message), Severity::error});
}

void Diagnostics::warning(Mark mark, std::string message) {
    if (all_.size() < max_diagnostics) all_.push_back({file_, mark, std::move(message), Severity::warning});
}

bool Diagnostics::ok() const noexcept {
    return std::none_of(all_.begin(), all_.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
}

void Diagnostics::append(const Diagnostics& other) {
    all_.insert(all_.end(), other.all_.begin(), other.all_.end());
}

std::string describe(const Node& node) {
    switch (node.kind) {
        case NodeKind::null:
            return "nothing";
        case NodeKind::scalar:
            return '"' + excerpt(node.text, 58) + '"';
        case NodeKind::sequence:
            return "a list";
        case NodeKind::map:
            return "a map";
    }
    return "nothing";
}

}  // namespace vigie::doc
