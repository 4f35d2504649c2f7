// Expressions, templates and series of strangers: what is read is written so that it reads back as the same, and nothing crashes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/program.hpp"
#include "rules/syntax.hpp"
#include "rules/template.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/rules/rule.hpp"
#include "vigie/rules/test_file.hpp"

namespace {

using namespace vigie::rules;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void expression(std::string_view text) {
    const Parsed parsed = parse_expression(text);
    if (!parsed.tree) {
        require(!parsed.error.message.empty());
        require(parsed.error.at <= text.size());
        return;
    }
    require(parsed.tree->depth <= max_expression_depth);
    const std::string canonical = format_expression(*parsed.tree);
    const Parsed again = parse_expression(canonical);
    if (!again.tree) {
        // Only blanks and escapes that the canonical form adds may take a text over the bound.
        require(canonical.size() > max_expression_bytes);
        return;
    }
    require(same_syntax(*parsed.tree, *again.tree));
    require(format_expression(*again.tree) == canonical);

    const std::vector<Threshold> thresholds{{"t", 1, vigie::rules::Unit::number}, {"d", 60, vigie::rules::Unit::duration}};
    const std::vector<std::string> by;
    Program program;
    Scope scope{thresholds, by, program};
    const Compiled compiled = compile_expression(*parsed.tree, text, scope);
    if (!compiled.expr) {
        require(!compiled.error.message.empty());
        require(compiled.error.at <= text.size());
        return;
    }
    for (const auto& selector : program.selectors) require(vigie::detect::check_selector(selector).ok());
}

void annotation(std::string_view text) {
    const TemplateRead read = read_template(text);
    for (const auto& use : read.uses) require(use.at < text.size());
    for (const auto& error : read.errors) require(error.at <= text.size());
    if (!read.errors.empty()) return;
    const std::string out = read.result.render(std::vector<TemplateValue>(read.result.names().size(), TemplateValue{"{{x}} <&>", true}));
    require(out.size() <= max_annotation_bytes);
    if (read.result.names().empty() && text.find("{{") == std::string_view::npos) require(out == text);
}

void series(std::string_view text) {
    const auto values = parse_series(text);
    if (values.ok()) require(!values->empty() && values->size() <= max_series_values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 8192) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0:
            expression(text);
            break;
        case 1:
            annotation(text);
            break;
        default:
            series(text);
            break;
    }
    return 0;
}
