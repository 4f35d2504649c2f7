#include "text/program.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace vigie::text {
namespace {

// The commonest words of the languages most read: a query must not be woken by them where another word will do.
constexpr std::array<std::string_view, 72> common = {
    "a",   "al",  "all", "als", "and", "are", "as", "at",  "au",  "auf", "aux", "be",  "by",  "ce",  "con",  "da",  "das",  "de",
    "del", "den", "der", "des", "di",  "die", "do", "du",  "e",   "een", "ein", "el",  "en",  "est", "et",   "for", "from", "het",
    "i",   "il",  "in",  "is",  "it",  "its", "la", "las", "le",  "les", "lo",  "los", "mit", "new", "no",   "of",  "on",   "os",
    "par", "que", "s",   "sur", "the", "to",  "um", "un",  "una", "und", "une", "van", "von", "we",  "with", "y",   "you",  "your"};

double expected_frequency(const Wanted& wanted) noexcept {
    if (wanted.kind != TokenKind::word) return 0.5;
    if (!wanted.prefix && std::find(common.begin(), common.end(), wanted.folded) != common.end()) return 1000;
    const auto length = static_cast<double>(wanted.folded.size());
    return (wanted.prefix ? 400 : 100) / (length * length);
}

}  // namespace

void Hits::sort() {
    std::sort(hits_.begin(), hits_.end());
}

std::span<const Hits::Hit> Hits::of(LiteralId literal) const noexcept {
    const auto begin = std::lower_bound(hits_.begin(), hits_.end(), Hit{literal, 0, 0});
    auto end = begin;
    if (begin != hits_.end() && begin->literal == literal)
        end = std::upper_bound(begin, hits_.end(), literal, [](LiteralId id, const Hit& hit) { return id < hit.literal; });
    return {begin, end};
}

Programs::Root Programs::compile(const Query& query, LiteralTable& table) {
    return add_node(query.root, table);
}

std::uint32_t Programs::add_node(const Node& node, LiteralTable& table) {
    if (const Term* term = std::get_if<Term>(&node.value)) return add_term(*term, table);
    const auto compiled = [&](const std::vector<Node>& operands) {
        std::vector<std::uint32_t> all;
        all.reserve(operands.size());
        for (const Node& operand : operands) all.push_back(add_node(operand, table));
        return all;
    };
    if (const And* both = std::get_if<And>(&node.value)) return add_group(Op::all, compiled(both->operands));
    if (const Or* either = std::get_if<Or>(&node.value)) return add_group(Op::any, compiled(either->operands));
    return add_group(Op::none, compiled(std::get_if<Not>(&node.value)->operand));
}

std::uint32_t Programs::add_term(const Term& term, LiteralTable& table) {
    std::vector<std::uint32_t> nodes;
    for (const Sequence& sequence : readings(term)) {
        const auto begin = static_cast<std::uint32_t>(literals_.size());
        for (const Wanted& wanted : sequence) {
            const LiteralId id = table.add(wanted);
            if (id >= cost_.size()) cost_.resize(id + 1, 0);
            cost_[id] = expected_frequency(wanted);
            literals_.push_back(id);
        }
        code_.push_back({Op::sequence, begin, static_cast<std::uint32_t>(sequence.size())});
        nodes.push_back(static_cast<std::uint32_t>(code_.size() - 1));
    }
    return nodes.size() == 1 ? nodes.front() : add_group(Op::any, nodes);
}

std::uint32_t Programs::add_group(Op op, const std::vector<std::uint32_t>& children) {
    const auto begin = static_cast<std::uint32_t>(children_.size());
    children_.insert(children_.end(), children.begin(), children.end());
    code_.push_back({op, begin, static_cast<std::uint32_t>(children.size())});
    return static_cast<std::uint32_t>(code_.size() - 1);
}

std::span<const std::uint32_t> Programs::children(const Code& code) const noexcept {
    return std::span(children_).subspan(code.begin, code.count);
}

std::vector<LiteralId> Programs::required(Root root) const {
    std::vector<LiteralId> literals = required_of(root).literals;
    std::sort(literals.begin(), literals.end());
    literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
    return literals;
}

Programs::Required Programs::required_of(std::uint32_t node) const {
    const Code& code = code_[node];
    constexpr double never = std::numeric_limits<double>::infinity();
    Required best{{}, never};  // of a NOT, nothing is required
    switch (code.op) {
        case Op::sequence:
            for (const LiteralId id : std::span(literals_).subspan(code.begin, code.count))
                if (cost_[id] < best.cost) best = {{id}, cost_[id]};
            break;
        case Op::all:
            for (const std::uint32_t child : children(code)) {
                Required of_child = required_of(child);
                if (of_child.cost < best.cost) best = std::move(of_child);
            }
            break;
        case Op::any:
            best.cost = 0;
            for (const std::uint32_t child : children(code)) {
                Required of_child = required_of(child);
                best.cost += of_child.cost;
                best.literals.insert(best.literals.end(), of_child.literals.begin(), of_child.literals.end());
            }
            break;
        case Op::none:
            break;
    }
    return best;
}

bool Programs::holds(Root root, const Hits& hits) const {
    const Code& code = code_[root];
    const auto child_holds = [&](std::uint32_t child) { return holds(child, hits); };
    switch (code.op) {
        case Op::sequence:
            return sequence_holds(std::span(literals_).subspan(code.begin, code.count), hits);
        case Op::all:
            return std::ranges::all_of(children(code), child_holds);
        case Op::any:
            return std::ranges::any_of(children(code), child_holds);
        case Op::none:
            return std::ranges::none_of(children(code), child_holds);
    }
    return false;
}

// Follows all places where the first literals stand in a row, at once: linear in the hits of each literal (and a search), whatever the
// text.
bool Programs::sequence_holds(std::span<const LiteralId> literals, const Hits& hits) const {
    std::span<const Hits::Hit> here = hits.of(literals.front());
    if (here.empty() || literals.size() == 1) return !here.empty();
    for (const LiteralId id : literals.subspan(1))
        if (hits.of(id).empty()) return false;
    std::vector<std::uint32_t> ends;
    for (const Hits::Hit& hit : here) ends.push_back(hit.last);
    for (const LiteralId id : literals.subspan(1)) {
        std::sort(ends.begin(), ends.end());
        std::vector<std::uint32_t> further;
        for (const Hits::Hit& hit : hits.of(id))
            if (hit.first > 0 && std::binary_search(ends.begin(), ends.end(), hit.first - 1)) further.push_back(hit.last);
        if (further.empty()) return false;
        ends = std::move(further);
    }
    return true;
}

}  // namespace vigie::text
