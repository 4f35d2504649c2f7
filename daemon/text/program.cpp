#include "text/program.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "text/positions.hpp"

namespace vigie::text {
namespace {

// The commonest words of the languages most read: a query must not be woken by them where another word will do.
constexpr std::array<std::string_view, 72> common = {
    "a",   "al",  "all", "als", "and", "are", "as", "at",  "au",  "auf", "aux", "be",  "by",  "ce",  "con",  "da",  "das",  "de",
    "del", "den", "der", "des", "di",  "die", "do", "du",  "e",   "een", "ein", "el",  "en",  "est", "et",   "for", "from", "het",
    "i",   "il",  "in",  "is",  "it",  "its", "la", "las", "le",  "les", "lo",  "los", "mit", "new", "no",   "of",  "on",   "os",
    "par", "que", "s",   "sur", "the", "to",  "um", "un",  "una", "und", "une", "van", "von", "we",  "with", "y",   "you",  "your"};

float expected_frequency(Met by, std::string_view folded) noexcept {
    if (by == Met::site) return 20;
    if (by != Met::word) return 0.5;
    if (folded.size() <= 4 && std::find(common.begin(), common.end(), folded) != common.end()) return 1000;
    const auto length = static_cast<float>(folded.size());
    return 100 / (length * length);
}

float expected_frequency(const Wanted& wanted) noexcept {
    const auto length = static_cast<float>(wanted.folded.size());
    if (wanted.by == Met::word && wanted.pattern) return 400 / (static_cast<float>(wanted.folded.find('?')) * length);
    if (wanted.by == Met::word && wanted.prefix) return 400 / (length * length);
    return expected_frequency(wanted.by, wanted.folded);
}

constexpr double never = std::numeric_limits<double>::infinity();
constexpr std::uint32_t everywhere = std::numeric_limits<std::uint32_t>::max();

std::uint32_t limit_of(const Subject& subject, bool title_only) noexcept {
    return title_only ? subject.title_end : everywhere;
}

// The places of a term's literals, kept on the stack.
class PlacesOf {
public:
    PlacesOf(std::span<const LiteralId> literals, const Hits& hits, std::uint32_t limit) : count_(literals.size()) {
        if (count_ > few_.size()) many_.resize(count_);
        for (std::size_t i = 0; i < count_; ++i) data()[i] = hits.of(literals[i], limit);
    }
    std::span<const Places> all() noexcept { return {data(), count_}; }

private:
    Places* data() noexcept { return count_ > few_.size() ? many_.data() : few_.data(); }
    std::size_t count_;
    std::array<Places, 4> few_{};
    std::vector<Places> many_;
};

}  // namespace

std::string_view Subject::language_told() const {
    if (!told) told = language != nullptr && *language ? (*language)() : std::string();
    return *told;
}

Programs::Root Programs::compile(const Node& node, LiteralTable& table) {
    if (const Term* term = std::get_if<Term>(&node.value)) return add_term(*term, table);
    if (const Field* field = std::get_if<Field>(&node.value)) return add_field(*field, table);
    const auto compiled = [&](const std::vector<Node>& operands) {
        std::vector<std::uint32_t> all;
        all.reserve(operands.size());
        for (const Node& operand : operands) all.push_back(compile(operand, table));
        return all;
    };
    if (const And* both = std::get_if<And>(&node.value)) return add_group(Op::all, compiled(both->operands));
    if (const Or* either = std::get_if<Or>(&node.value)) return add_group(Op::any, compiled(either->operands));
    if (const InTitle* title = std::get_if<InTitle>(&node.value)) return add_group(Op::title, compiled(title->operand));
    if (const Near* near = std::get_if<Near>(&node.value))
        return add_group(near->ordered ? Op::onear : Op::near, compiled(near->operands), near->distance);
    return add_group(Op::none, compiled(std::get_if<Not>(&node.value)->operand));
}

std::uint32_t Programs::add_code(Op op, std::size_t begin, std::size_t count, std::uint32_t distance) {
    code_.push_back({op, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(count), distance});
    return static_cast<std::uint32_t>(code_.size() - 1);
}

std::uint32_t Programs::add_sequence(const Sequence& sequence, const std::optional<std::uint32_t>& slack, LiteralTable& table) {
    const std::size_t begin = literals_.size();
    for (const Wanted& wanted : sequence) {
        const LiteralId id = table.add(wanted);
        if (id >= cost_.size()) cost_.push_back(expected_frequency(wanted));
        literals_.push_back(id);
    }
    return add_code(slack ? Op::slack : Op::sequence, begin, sequence.size(), slack.value_or(0));
}

std::uint32_t Programs::add_term(const Term& term, LiteralTable& table) {
    const std::size_t begin = literals_.size();
    if (read_plainly(term, [&](Met by, std::string_view folded) {
            const LiteralId id = table.add(by, folded);
            if (id >= cost_.size()) cost_.push_back(expected_frequency(by, folded));
            literals_.push_back(id);
        }))
        return add_code(term.slack ? Op::slack : Op::sequence, begin, literals_.size() - begin, term.slack.value_or(0));
    const std::vector<Sequence> all = readings(term);
    if (all.size() == 1) return add_sequence(all.front(), term.slack, table);
    std::vector<std::uint32_t> nodes;
    for (const Sequence& sequence : all) nodes.push_back(add_sequence(sequence, term.slack, table));
    return add_group(Op::any, nodes);
}

std::uint32_t Programs::add_field(const Field& field, LiteralTable& table) {
    if (field.name == Field::Name::from || field.name == Field::Name::site) return add_sequence({wanted_of(field)}, std::nullopt, table);
    values_.push_back(field.value);
    const Op op = field.name == Field::Name::platform ? Op::platform : field.name == Field::Name::kind ? Op::kind : Op::language;
    return add_code(op, values_.size() - 1, 0);
}

std::uint32_t Programs::add_group(Op op, const std::vector<std::uint32_t>& children, std::uint32_t distance) {
    const std::size_t begin = children_.size();
    children_.insert(children_.end(), children.begin(), children.end());
    return add_code(op, begin, children.size(), distance);
}

std::span<const std::uint32_t> Programs::children(const Code& code) const noexcept {
    return std::span(children_).subspan(code.begin, code.count);
}

std::span<const LiteralId> Programs::literals(const Code& code) const noexcept {
    return std::span(literals_).subspan(code.begin, code.count);
}

Programs::Required Programs::required(Root root) const {
    Required out{{}, root};
    if (code_[root].op == Op::all)
        require_rarest(code_[root], out.wakes, out.proved);
    else
        require(root, out.wakes);
    return out;
}

// Of a phrase the rarest two neighbours: names share their words with everything else, hardly ever two in a row.
double Programs::require_row(std::uint32_t node, std::vector<Wake>& wakes) const {
    const std::span<const LiteralId> ids = literals(code_[node]);
    if (ids.size() == 1) {
        wakes.push_back({ids.front(), Wake::none, true, Wake::nothing});
        return cost_[ids.front()];
    }
    std::size_t best = 0;
    const auto cost = [&](std::size_t i) { return std::min(cost_[ids[i]], cost_[ids[i + 1]]); };
    for (std::size_t i = 1; i + 1 < ids.size(); ++i)
        if (cost(i) < cost(best)) best = i;
    wakes.push_back({ids[best], ids[best + 1], true, ids.size() == 2 ? Wake::nothing : node});
    return cost(best) / 10;
}

double Programs::require_rarest(const Code& code, std::vector<Wake>& wakes, Root& chosen) const {
    double best = never;
    const std::size_t begin = wakes.size();
    for (const std::uint32_t child : children(code)) {
        const std::size_t end = wakes.size();
        const double cost = require(child, wakes);
        if (cost < best) {
            best = cost;
            chosen = child;
            wakes.erase(wakes.begin() + static_cast<std::ptrdiff_t>(begin), wakes.begin() + static_cast<std::ptrdiff_t>(end));
        } else {
            wakes.resize(end);
        }
    }
    return best;
}

double Programs::require(std::uint32_t node, std::vector<Wake>& wakes) const {
    const Code& code = code_[node];
    const std::size_t begin = wakes.size();
    double cost = never;  // of a NOT, nothing is required
    Root chosen = 0;
    switch (code.op) {
        case Op::sequence:
            return require_row(node, wakes);
        case Op::any:
            cost = 0;
            for (const std::uint32_t child : children(code)) cost += require(child, wakes);
            return cost;
        case Op::slack: {
            const auto ids = literals(code);
            const LiteralId rarest =
                *std::min_element(ids.begin(), ids.end(), [this](LiteralId a, LiteralId b) { return cost_[a] < cost_[b]; });
            wakes.push_back({rarest, Wake::none, false, Wake::nothing});
            return cost_[rarest];
        }
        case Op::all:
        case Op::near:
        case Op::onear:
        case Op::title:
            cost = require_rarest(code, wakes, chosen);
            break;
        case Op::none:
        case Op::platform:
        case Op::kind:
        case Op::language:
            break;
    }
    for (std::size_t i = begin; i < wakes.size(); ++i) wakes[i].proves = false;
    return cost;
}

bool Programs::rest_holds(Root root, Root proved, const Subject& subject) const {
    if (root == proved) return true;
    return std::ranges::all_of(children(code_[root]), [&](std::uint32_t child) { return child == proved || holds(child, subject); });
}

bool Programs::holds(Root root, const Subject& subject, bool title_only) const {
    return holds_before(root, subject, limit_of(subject, title_only));
}

bool Programs::holds_before(Root root, const Subject& subject, std::uint32_t limit) const {
    const Code& code = code_[root];
    const auto child_holds = [&](std::uint32_t child) { return holds_before(child, subject, limit); };
    switch (code.op) {
        case Op::sequence:
            if (code.count == 1) return !subject.hits.of(literals_[code.begin], limit).empty();
            return in_a_row(PlacesOf(literals(code), subject.hits, limit).all());
        case Op::slack:
            return !together(PlacesOf(literals(code), subject.hits, limit).all(), code.distance).empty();
        case Op::all:
            return std::ranges::all_of(children(code), child_holds);
        case Op::any:
            return std::ranges::any_of(children(code), child_holds);
        case Op::none:
            return std::ranges::none_of(children(code), child_holds);
        case Op::near:
        case Op::onear:
            return near_holds(code, subject, limit);
        case Op::title:
            return holds_before(children(code).front(), subject, std::min(limit, subject.title_end));
        case Op::platform:
            return subject.platform == values_[code.begin];
        case Op::kind:
            return to_string(subject.kind) == values_[code.begin];
        case Op::language:
            return subject.language_told() == values_[code.begin];
    }
    return false;
}

bool Programs::in_row(std::uint32_t phrase, const Hits& hits) const {
    return in_a_row(PlacesOf(literals(code_[phrase]), hits, everywhere).all());
}

bool Programs::near_holds(const Code& code, const Subject& subject, std::uint32_t limit) const {
    const std::uint32_t a = children(code)[0];
    const std::uint32_t b = children(code)[1];
    if (!holds_before(a, subject, limit) || !holds_before(b, subject, limit)) return false;
    if (before_within(edges(a, Edge::last, subject, limit), edges(b, Edge::first, subject, limit), code.distance)) return true;
    return code.op == Op::near && before_within(edges(b, Edge::last, subject, limit), edges(a, Edge::first, subject, limit), code.distance);
}

void Programs::collect(Root root, Edge edge, const Subject& subject, std::uint32_t limit, std::vector<std::uint32_t>& out) const {
    const Code& code = code_[root];
    if (code.op == Op::sequence) {
        PlacesOf places(literals(code), subject.hits, limit);
        const std::vector<std::uint32_t> found = edge == Edge::first ? row_firsts(places.all()) : row_lasts(places.all());
        out.insert(out.end(), found.begin(), found.end());
    } else if (code.op == Op::any) {
        for (const std::uint32_t child : children(code)) collect(child, edge, subject, limit, out);
    }
}

std::vector<std::uint32_t> Programs::edges(Root root, Edge edge, const Subject& subject, std::uint32_t limit) const {
    std::vector<std::uint32_t> out;
    collect(root, edge, subject, limit, out);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<std::uint32_t> Programs::firsts(Root term, const Subject& subject, bool title_only) const {
    return edges(term, Edge::first, subject, limit_of(subject, title_only));
}

std::vector<std::uint32_t> Programs::lasts(Root term, const Subject& subject, bool title_only) const {
    return edges(term, Edge::last, subject, limit_of(subject, title_only));
}

std::vector<std::uint32_t> Programs::tokens_at(Root term, std::uint32_t first, const Subject& subject, bool title_only) const {
    const Code& code = code_[term];
    const std::uint32_t limit = limit_of(subject, title_only);
    if (code.op == Op::sequence) return row_at(PlacesOf(literals(code), subject.hits, limit).all(), first);
    if (code.op == Op::slack) return together(PlacesOf(literals(code), subject.hits, limit).all(), code.distance);
    if (code.op == Op::any)
        for (const std::uint32_t child : children(code))
            if (std::vector<std::uint32_t> tokens = tokens_at(child, first, subject, title_only); !tokens.empty()) return tokens;
    return {};
}

}  // namespace vigie::text
