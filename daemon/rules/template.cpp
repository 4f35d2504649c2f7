#include "rules/template.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "vigie/core/untrusted.hpp"
#include "vigie/rules/rule.hpp"

namespace vigie::rules {

struct Template::Impl {
    explicit Impl(const std::string& text) : mustache(text) {
        // A receiver escapes for itself: HTML entities would be wrong in all but one.
        mustache.set_custom_escape([](const std::string& s) { return s; });
    }
    kainjow::mustache::mustache mustache;
};

namespace {

constexpr std::size_t deepest_section = 10;

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

/// Reads the tags itself, for their places, and hands the library a template whose names are numbers: so no name of ours can clash with its
/// dotted look-up, and a section asks for "is shown" where a variable asks for the text.
struct TemplateReader {
    explicit TemplateReader(std::string_view given) : text(given) {}

    std::string_view text;
    TemplateRead out;
    std::string numbered;
    struct Open {
        std::string name;
        std::size_t at;
    };
    std::vector<Open> open;

    void error(std::size_t at, std::string message) { out.errors.push_back({at, std::move(message)}); }

    std::size_t number_of(const std::string& name) {
        auto& names = out.result.names_;
        const auto found = std::find(names.begin(), names.end(), name);
        if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
        names.push_back(name);
        return names.size() - 1;
    }

    /// One tag: `kind` is its first character ('\0' for a variable), `name` what follows it, `at` where the name stands.
    void tag(char kind, const std::string& name, std::size_t at) {
        if (kind == '!') {
            numbered += "{{!}}";
            return;
        }
        if (kind == '>') return error(at, "found a partial ({{>...}}), expected a name: a template stands by itself");
        if (kind == '=') return error(at, "found a change of delimiters ({{=...=}}), expected a name");
        if (name.empty()) return error(at, "found an empty tag, expected a name, as in {{brand.display}}");
        if (kind == '/') return close(name, at);
        out.uses.push_back({name, at});
        const std::size_t number = number_of(name);
        if (kind == '#' || kind == '^') {
            open.push_back({name, at});
            if (open.size() > deepest_section) error(at, fmt::format("found sections nested deeper than {}", deepest_section));
            numbered += fmt::format("{{{{{}s{}}}}}", kind, number);
        } else {
            numbered += fmt::format("{{{{n{}}}}}", number);
        }
    }

    void close(const std::string& name, std::size_t at) {
        if (open.empty()) return error(at, fmt::format("found the end of a section `{}` that was never begun", excerpt(name, 40)));
        if (open.back().name != name)
            return error(at, fmt::format("found the end of the section `{}`, expected that of `{}` first", excerpt(name, 40),
                                         excerpt(open.back().name, 40)));
        numbered += fmt::format("{{{{/s{}}}}}", number_of(name));
        open.pop_back();
    }

    void run() {
        if (text.size() > max_annotation_bytes)
            return error(0, fmt::format("found a template of {} bytes, expected at most {}", text.size(), max_annotation_bytes));
        std::size_t at = 0;
        while (true) {
            const std::size_t begin = text.find("{{", at);
            numbered += text.substr(at, begin == std::string_view::npos ? begin : begin - at);
            if (begin == std::string_view::npos) break;
            const bool triple = text.substr(begin, 3) == "{{{";
            const std::size_t inside = begin + (triple ? 3 : 2);
            const std::string_view closing = triple ? "}}}" : "}}";
            const std::size_t end = text.find(closing, inside);
            if (end == std::string_view::npos) return error(begin, fmt::format("found a tag that does not end, expected {}", closing));
            one(inside, end, triple);
            at = end + closing.size();
        }
        for (const Open& section : open)
            error(section.at, fmt::format("found a section `{}` that does not end, expected {{{{/{}}}}}", excerpt(section.name, 40),
                                          excerpt(section.name, 40)));
        finish();
    }

    void one(std::size_t inside, std::size_t end, bool triple) {
        static constexpr std::string_view kinds = "#^/>&!=";
        const std::string_view content = trim(text.substr(inside, end - inside));
        const std::size_t content_at = content.empty() ? inside : static_cast<std::size_t>(content.data() - text.data());
        if (triple || content.empty() || kinds.find(content.front()) == std::string_view::npos)
            return tag('\0', std::string(content), content_at);
        const std::string_view name = trim(content.substr(1));
        const std::size_t name_at = name.empty() ? content_at : static_cast<std::size_t>(name.data() - text.data());
        tag(content.front() == '&' ? '\0' : content.front(), std::string(name), name_at);
    }

    void finish() {
        if (!out.errors.empty()) return;
        auto impl = std::make_shared<Template::Impl>(numbered);
        if (!impl->mustache.is_valid()) return error(0, "found a template that does not parse: " + impl->mustache.error_message());
        out.result.impl_ = std::move(impl);
    }
};

TemplateRead read_template(std::string_view text) {
    TemplateReader reader(text);
    reader.run();
    return std::move(reader.out);
}

std::string Template::render(const std::vector<TemplateValue>& values) const {
    if (!impl_) return {};
    kainjow::mustache::data data;
    for (std::size_t i = 0; i < values.size(); ++i) {
        data.set(fmt::format("n{}", i), values[i].text);
        data.set(fmt::format("s{}", i), values[i].shown);
    }
    std::string out = impl_->mustache.render(data);
    if (out.size() <= max_annotation_bytes) return out;
    static constexpr std::string_view ellipsis = "\u2026";
    out = clean_utf8(out, max_annotation_bytes - ellipsis.size());
    return out.append(ellipsis);
}

}  // namespace vigie::rules
