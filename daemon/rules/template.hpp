// Annotation templates: logic-less Mustache over a closed set of names.
// Thread-safety: a Template belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/syntax.hpp"

namespace vigie::rules {

/// What stands for a name: its text, and whether a section over it is shown.
struct TemplateValue {
    std::string text;
    bool shown = true;
};

class Template {
public:
    /// The names that it uses, each once, in order of first use.
    const std::vector<std::string>& names() const noexcept { return names_; }
    /// `values` stand for names(), in their order. At most max_annotation_bytes, cut on a character with an ellipsis. Not escaped.
    std::string render(const std::vector<TemplateValue>& values) const;

private:
    friend struct TemplateReader;
    struct Impl;
    std::vector<std::string> names_;
    std::shared_ptr<Impl> impl_;
};

/// One use of a name: which, and at which byte of the text.
struct TemplateUse {
    std::string name;
    std::size_t at = 0;
};

/// A template read: usable where there are no errors. Whether the names exist is for the caller to check.
struct TemplateRead {
    Template result;
    std::vector<TemplateUse> uses;
    std::vector<SyntaxError> errors;
};
/// Variables {{x}}, {{{x}}}, {{&x}}, sections {{#x}}..{{/x}}, {{^x}}..{{/x}}, comments {{!..}}. Partials and other delimiters are refused.
TemplateRead read_template(std::string_view text);

}  // namespace vigie::rules
