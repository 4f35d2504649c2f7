#include "text/query_fields.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "text/query_lexer.hpp"
#include "text/terms.hpp"
#include "vigie/core/record.hpp"

namespace vigie::text {
namespace {

using Name = Field::Name;

constexpr std::array<std::pair<std::string_view, Name>, 5> fields = {
    {{"from:", Name::from}, {"site:", Name::site}, {"lang:", Name::language}, {"platform:", Name::platform}, {"kind:", Name::kind}}};

// What other programs call them, or have and this one does not.
constexpr std::array<std::pair<std::string_view, std::string_view>, 30> elsewhere = {{
    {"author", "from:@name"},
    {"authorname", "from:@name"},
    {"by", "from:@name"},
    {"user", "from:@name"},
    {"username", "from:@name"},
    {"account", "from:@name"},
    {"language", "lang:fr"},
    {"lng", "lang:fr"},
    {"domain", "site:example.org"},
    {"domainurl", "site:example.org"},
    {"url", "site:example.org"},
    {"host", "site:example.org"},
    {"rooturl", "site:example.org"},
    {"source", "platform:x"},
    {"network", "platform:x"},
    {"sourcetype", "platform:x"},
    {"channel", "platform:x"},
    {"type", "kind:review"},
    {"title", "in:title name"},
    {"intitle", "in:title name"},
    {"headline", "in:title name"},
    {"content", "the words alone"},
    {"text", "the words alone"},
    {"body", "the words alone"},
    {"to", "@name"},
    {"mention", "@name"},
    {"hashtag", "#name"},
    {"raw", "exact:Name"},
    {"case", "+\"Name\""},
    {"casesensitive", "+\"Name\""},
}};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Edits of one letter, or of two neighbours changing places (optimal string alignment).
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

Error wrong(std::string message) {
    return Error(Errc::parse, std::move(message));
}

Result<std::string> handle_value(std::string_view written) {
    if (written.starts_with('@')) written.remove_prefix(1);
    Term term{Term::Kind::handle, std::string(written), false, Term::Form::folded, std::nullopt};
    const std::vector<Sequence> found = readings(term);
    if (found.empty()) return wrong("from: takes a handle: from:@name, from:@name.example.org or from:@name@example.org");
    return found.front().front().folded;
}

bool host_syntax(std::string_view host) noexcept {
    if (host.empty() || host.size() > 253 || host.front() == '.' || host.back() == '.' || host.find("..") != std::string_view::npos)
        return false;
    return std::all_of(host.begin(), host.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'; });
}

Result<std::string> host_value(std::string_view written) {
    std::string host = lower(written);
    for (const std::string_view scheme : {"https://", "http://"})
        if (host.starts_with(scheme)) host.erase(0, scheme.size());
    if (host.ends_with('/')) host.pop_back();
    if (host.starts_with("www.")) host.erase(0, 4);
    if (host.find('/') != std::string::npos)
        return wrong("site: takes a host without a path: write site:" + std::string(host.substr(0, host.find('/'))));
    if (std::any_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return wrong("site: takes a host as machines write it, such as site:xn--socit-esab.example");
    if (!host_syntax(host)) return wrong("site: takes a host, such as site:lemonde.fr (its subdomains are included)");
    if (host.find('.') == std::string::npos)
        return wrong("site: takes a whole host, not one part: write site:" + host + ".com, or " + host + ".org");
    return host;
}

Result<std::string> language_value(std::string_view written) {
    std::string code = lower(written);
    const std::size_t dash = code.find_first_of("-_");
    const std::string primary = code.substr(0, dash);
    const bool letters = std::all_of(primary.begin(), primary.end(), is_letter);
    if (letters && (primary.size() == 2 || primary.size() == 3)) {
        if (dash == std::string::npos) return code;
        return wrong("lang: takes a language without its country: write lang:" + primary);
    }
    return wrong("lang: takes a code of two letters, such as lang:fr, lang:en, lang:de");
}

Result<std::string> platform_value(std::string_view written) {
    std::string name = lower(written);
    const bool fits = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
    if (!fits) return wrong("platform: takes a platform's name, such as platform:x, platform:mastodon, platform:news");
    return name;
}

Result<std::string> kind_value(std::string_view written) {
    std::string name = lower(written);
    if (parse_kind(name)) return name;
    std::string message = "kind: is one of post, repost, reply, quote, article, comment, review, video";
    for (const std::string_view known : {"post", "repost", "reply", "quote", "article", "comment", "review", "video"})
        if (edits(name.substr(0, 16), known) <= 2) {
            message += "; did you mean kind:";
            message += known;
            message += '?';
            break;
        }
    return wrong(std::move(message));
}

}  // namespace

std::optional<Field::Name> field_of(std::string_view word) noexcept {
    for (const auto& [text, name] : fields)
        if (word.starts_with(text)) return name;
    return std::nullopt;
}

std::string_view name_of(Field::Name name) noexcept {
    return std::find_if(fields.begin(), fields.end(), [name](const auto& field) { return field.second == name; })->first;
}

std::optional<std::string> advice_on_field(std::string_view word) {
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 16) return std::nullopt;
    const std::string_view name = word.substr(0, colon);
    if (!std::all_of(name.begin(), name.end(), is_letter)) return std::nullopt;
    const std::string small = lower(name);
    const std::string_view value = word.substr(colon + 1);
    if (value.starts_with("//")) return std::nullopt;
    for (const auto& [other, here] : elsewhere)
        if (small == other) return "'" + std::string(name) + ":' is not part of this language; write " + std::string(here);
    if (small == "in") return "only in:title is known; words without a field are looked for in title and text";
    if (value.empty() || name.size() < 3) return std::nullopt;
    const std::size_t allowed = name.size() <= 4 ? 1 : 2;
    for (const std::string_view known : {"from", "site", "lang", "platform", "kind", "exact"}) {
        if (edits(small, known) > allowed) continue;
        std::string advice = "'" + std::string(name) + ":' is not known; did you mean ";
        advice += known;
        advice += ":? To look for the words, put them in quotes";
        return advice;
    }
    return std::nullopt;
}

Result<std::string> field_value(Field::Name name, std::string_view written) {
    switch (name) {
        case Name::from:
            return handle_value(written);
        case Name::site:
            return host_value(written);
        case Name::language:
            return language_value(written);
        case Name::platform:
            return platform_value(written);
        case Name::kind:
            break;
    }
    return kind_value(written);
}

}  // namespace vigie::text
