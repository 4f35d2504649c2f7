#include "vigie/text/explain.hpp"

#include <algorithm>
#include <utility>

#include "text/literal_table.hpp"
#include "text/look_up.hpp"
#include "text/program.hpp"

namespace vigie::text {
namespace {

using Part = ExplainedPart;

// A part of the query, with what it was compiled to: the very code that the matcher runs.
struct Compiled {
    Part::Kind kind = Part::Kind::term;
    std::string query;
    Programs::Root root = 0;
    std::optional<Field::Name> field;
    bool ordered = false;
    std::vector<Compiled> parts;
};

// One item, looked up.
struct Asked {
    const Reading& reading;
    const Subject& subject;
    const Item& item;
    bool title_only;
};

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Place place_of(const std::vector<std::uint32_t>& tokens, const Asked& asked) {
    const std::vector<Token>& all = asked.reading.stream().tokens();
    const Token& first = all[tokens.front()];
    Place place;
    place.in_title = first.text == 0;
    place.begin = first.source_begin;
    place.end = first.source_end;
    for (const std::uint32_t number : tokens) {
        place.begin = std::min<std::size_t>(place.begin, all[number].source_begin);
        place.end = std::max<std::size_t>(place.end, all[number].source_end);
    }
    const std::string_view whole = place.in_title ? asked.item.title.bytes() : asked.item.text.bytes();
    const std::string_view piece = whole.substr(place.begin, place.end - place.begin);
    place.from = characters(whole.substr(0, place.begin)) + 1;
    place.to = place.from + std::max<std::size_t>(characters(piece), 1) - 1;
    place.text = Untrusted(std::string(piece));
    return place;
}

std::size_t fewest_between(const std::vector<std::uint32_t>& lasts, const std::vector<std::uint32_t>& firsts, std::size_t so_far) {
    for (const std::uint32_t first : firsts) {
        const auto after = std::lower_bound(lasts.begin(), lasts.end(), first);
        if (after != lasts.begin()) so_far = std::min<std::size_t>(so_far, first - *(after - 1) - 1);
    }
    return so_far;
}

}  // namespace

struct Explainer::Impl {
    Query query;
    LiteralTable table;
    Programs programs;
    Compiled root;

    Compiled compile(const Node& node) {
        Compiled out;
        out.query = format_query(node);
        out.root = programs.compile(node, table);
        const auto take = [&](Part::Kind kind, const std::vector<Node>& operands) {
            out.kind = kind;
            for (const Node& operand : operands) out.parts.push_back(compile(operand));
        };
        if (const Field* field = std::get_if<Field>(&node.value)) {
            out.kind = Part::Kind::field;
            out.field = field->name;
        }
        if (const And* n = std::get_if<And>(&node.value)) take(Part::Kind::all, n->operands);
        if (const Or* n = std::get_if<Or>(&node.value)) take(Part::Kind::any, n->operands);
        if (const Not* n = std::get_if<Not>(&node.value)) take(Part::Kind::none, n->operand);
        if (const InTitle* n = std::get_if<InTitle>(&node.value)) take(Part::Kind::in_title, n->operand);
        if (const Near* n = std::get_if<Near>(&node.value)) {
            take(Part::Kind::near, n->operands);
            out.ordered = n->ordered;
        }
        return out;
    }

    Part explain(const Compiled& part, const Asked& asked) const {
        Part out;
        out.kind = part.kind;
        out.query = part.query;
        out.holds = programs.holds(part.root, asked.subject, asked.title_only);
        const Asked below{asked.reading, asked.subject, asked.item, asked.title_only || part.kind == Part::Kind::in_title};
        for (const Compiled& inner : part.parts) out.parts.push_back(explain(inner, below));
        if (part.kind == Part::Kind::term) find_places(part, asked, out);
        if (part.kind == Part::Kind::near) find_gap(part, asked, out);
        if (part.field) out.actual = Untrusted(actual(*part.field, asked));
        return out;
    }

    void find_places(const Compiled& part, const Asked& asked, Part& out) const {
        const std::vector<std::uint32_t> firsts = programs.firsts(part.root, asked.subject, asked.title_only);
        out.found = firsts.size();
        for (const std::uint32_t first : firsts) {
            if (out.places.size() == max_places) return;
            const std::vector<std::uint32_t> tokens = programs.tokens_at(part.root, first, asked.subject, asked.title_only);
            if (!tokens.empty()) out.places.push_back(place_of(tokens, asked));
        }
        if (!out.holds || out.found > 0) return;
        // Words in any order have no place of their own to begin at.
        const std::vector<std::uint32_t> tokens = programs.tokens_at(part.root, 0, asked.subject, asked.title_only);
        if (tokens.empty()) return;
        out.found = 1;
        out.places.push_back(place_of(tokens, asked));
    }

    void find_gap(const Compiled& part, const Asked& asked, Part& out) const {
        const Programs::Root a = part.parts[0].root;
        const Programs::Root b = part.parts[1].root;
        constexpr std::size_t far = 1000;  // other texts begin there
        std::size_t gap =
            fewest_between(programs.lasts(a, asked.subject, asked.title_only), programs.firsts(b, asked.subject, asked.title_only), far);
        if (!part.ordered)
            gap = fewest_between(programs.lasts(b, asked.subject, asked.title_only), programs.firsts(a, asked.subject, asked.title_only),
                                 gap);
        if (gap < far) out.gap = gap;
    }

    static std::string actual(Field::Name name, const Asked& asked) {
        switch (name) {
            case Field::Name::from:
                return std::string(asked.item.author.handle.bytes());
            case Field::Name::site:
                return host_of(asked.item.url.bytes());
            case Field::Name::language:
                return std::string(asked.subject.language_told());
            case Field::Name::platform:
                return asked.item.platform;
            case Field::Name::kind:
                break;
        }
        return std::string(to_string(asked.item.kind));
    }
};

Explainer::Explainer(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer& Explainer::operator=(Explainer&&) noexcept = default;
Explainer::~Explainer() = default;

Result<Explainer> Explainer::make(std::string_view query, QueryUse use) {
    Result<Query> parsed = parse_query(query, use);
    if (!parsed) return std::move(parsed).error();
    auto impl = std::make_unique<Impl>();
    impl->query = std::move(parsed).value();
    impl->root = impl->compile(impl->query.root);
    impl->table.freeze();
    return Explainer(std::move(impl));
}

ExplainedPart Explainer::explain(const Item& item, const LanguageOf& language) const {
    Reading reading;
    Hits hits;
    look_up_item(impl_->table, item.title.bytes(), item.text.bytes(), &item, reading,
                 [&](LiteralId id, std::uint32_t first, std::uint32_t last, std::uint32_t token) { hits.add(id, first, last, token); });
    hits.sort();
    const Subject subject{hits, reading.title_end(), item.platform, item.kind, &language};
    return impl_->explain(impl_->root, {reading, subject, item, false});
}

ExplainedPart Explainer::outline() const {
    return explain(Item{});
}

const Query& Explainer::query() const noexcept {
    return impl_->query;
}

}  // namespace vigie::text
