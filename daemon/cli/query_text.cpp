#include "cli/query_text.hpp"

#include <algorithm>
#include <string_view>

#include "vigie/core/untrusted.hpp"
#include "vigie/delivery/escape.hpp"

namespace vigie::cli {
namespace {

namespace json = boost::json;

using Part = text::ExplainedPart;
using Kind = Part::Kind;

constexpr std::size_t shown_characters = 100;

std::string shown(const Untrusted& text) {
    return delivery::for_log(text, delivery::Limit{shown_characters});
}

std::string found(const Part& part) {
    std::string out;
    for (const text::Place& place : part.places) {
        out += out.empty() ? "found \"" : ", \"";
        out += shown(place.text) + "\" (" + (place.in_title ? "title, " : "");
        out += place.from == place.to ? "character " + std::to_string(place.from)
                                      : "characters " + std::to_string(place.from) + " to " + std::to_string(place.to);
        out += ")";
    }
    if (part.found > part.places.size()) out += " and " + std::to_string(part.found - part.places.size()) + " more";
    return out.empty() ? "not found" : out;
}

std::string words(std::size_t count) {
    return count == 1 ? "1 word" : std::to_string(count) + " words";
}

// What the part says about its item, behind what it asks for; empty where its parts say it all.
std::string remark(const Part& part) {
    switch (part.kind) {
        case Kind::term:
            return found(part);
        case Kind::field:
            return part.actual.empty() ? "the item has none" : "it is " + shown(part.actual);
        case Kind::near:
            return part.gap ? words(*part.gap) + " between" : "they do not stand in one text, apart and in this order";
        case Kind::all:
        case Kind::any:
        case Kind::none:
        case Kind::in_title:
            break;
    }
    return {};
}

bool is_missing(const Part& part) {
    return part.kind == Kind::term && part.found == 0;
}

// The many names of a group that were not found share one line; empty where they are few.
std::string missing_of(const Part& part) {
    std::string out;
    if (std::count_if(part.parts.begin(), part.parts.end(), is_missing) < 3) return out;
    for (const Part& inner : part.parts)
        if (is_missing(inner)) out += (out.empty() ? "" : ", ") + excerpt(inner.query, 200);
    return out;
}

std::string asked(const Part& part) {
    switch (part.kind) {
        case Kind::term:
        case Kind::field:
        case Kind::near:
            return excerpt(part.query, 200);
        case Kind::all:
            return "all of these";
        case Kind::any:
            return "one of these";
        case Kind::none:
            return "none of this";
        case Kind::in_title:
            return "in the title";
    }
    return {};
}

}  // namespace

std::string outline(const text::ExplainedPart& part, Outline how, int level) {
    std::string out(static_cast<std::size_t>(level) * 2, ' ');
    if (how == Outline::outcome) out += part.holds ? "yes  " : "no   ";
    out += asked(part);
    if (how == Outline::outcome)
        if (const std::string said = remark(part); !said.empty()) out += ": " + said;
    if (!part.parts.empty() && part.kind != Kind::near) out += ":";
    out += "\n";
    // The sides of a NEAR are told apart only where that tells something new: what was found.
    if (part.kind == Kind::near && how == Outline::meaning) return out;
    const std::string missing = how == Outline::outcome && part.kind == Kind::any ? missing_of(part) : std::string();
    for (const Part& inner : part.parts)
        if (missing.empty() || !is_missing(inner)) out += outline(inner, how, level + 1);
    if (!missing.empty()) out += std::string(static_cast<std::size_t>(level + 1) * 2, ' ') + "no   " + missing + ": not found\n";
    return out;
}

json::object outline_json(const text::ExplainedPart& part) {
    constexpr const char* kinds[] = {"term", "field", "and", "or", "not", "near", "in_title"};
    json::object out{{"part", part.query}, {"kind", kinds[static_cast<std::size_t>(part.kind)]}, {"holds", part.holds}};
    if (part.kind == Kind::term) {
        json::array all;
        for (const text::Place& place : part.places) {
            all.push_back(json::object{{"in", place.in_title ? "title" : "text"},
                                       {"begin", place.begin},
                                       {"end", place.end},
                                       {"from", place.from},
                                       {"to", place.to},
                                       {"text", delivery::for_header(place.text)}});
        }
        out["found"] = std::move(all);
        out["count"] = part.found;
    }
    if (part.kind == Kind::field) out["actual"] = delivery::for_header(part.actual);
    if (part.gap) out["words_between"] = *part.gap;
    if (!part.parts.empty()) {
        json::array inner;
        for (const Part& one : part.parts) inner.push_back(outline_json(one));
        out["parts"] = std::move(inner);
    }
    return out;
}

std::string headline(const Item& item) {
    std::string out = shown(item.title.empty() ? item.text : item.title);
    return out.empty() ? "(no text)" : out;
}

}  // namespace vigie::cli
