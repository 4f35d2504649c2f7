#include "text/positions.hpp"

#include <algorithm>
#include <iterator>

namespace vigie::text {
namespace {

void sort_unique(std::vector<std::uint32_t>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

bool begins_at(Places places, std::uint32_t position) noexcept {
    const auto place =
        std::lower_bound(places.begin(), places.end(), position, [](const Hits::Hit& hit, std::uint32_t at) { return hit.first < at; });
    return place != places.end() && place->first == position;
}

bool any_empty(std::span<const Places> places) noexcept {
    return std::any_of(places.begin(), places.end(), [](Places p) { return p.empty(); });
}

// Where the places end that go on from one of `ends`, which is ascending.
std::vector<std::uint32_t> further(Places places, const std::vector<std::uint32_t>& ends) {
    std::vector<std::uint32_t> out;
    for (const Hits::Hit& hit : places)
        if (hit.first > 0 && std::binary_search(ends.begin(), ends.end(), hit.first - 1)) out.push_back(hit.last);
    sort_unique(out);
    return out;
}

// Counts of the literals that a stretch holds, each against how often it is asked for.
class Stretch {
public:
    explicit Stretch(std::span<const Places> places) {
        for (const Places& p : places) {
            const auto known =
                std::find_if(needs_.begin(), needs_.end(), [&](const Need& need) { return need.literal == p.front().literal; });
            if (known != needs_.end())
                ++known->asked;
            else
                needs_.push_back({p.front().literal, p, 1, 0});
        }
        open_ = needs_.size();
    }

    bool full() const noexcept { return open_ == 0; }
    void enter(std::size_t need) noexcept {
        if (++needs_[need].held == needs_[need].asked) --open_;
    }
    void leave(std::size_t need) noexcept {
        if (needs_[need].held-- == needs_[need].asked) ++open_;
    }

    struct Need {
        LiteralId literal;
        Places places;
        std::uint32_t asked, held;
    };
    const std::vector<Need>& needs() const noexcept { return needs_; }

private:
    std::vector<Need> needs_;
    std::size_t open_ = 0;
};

struct Placed {
    std::uint32_t first, last, token;
    std::uint32_t need;
};

// The tokens of a full stretch: of each literal the first that are asked for.
std::vector<std::uint32_t> tokens_within(const Stretch& stretch, std::uint32_t from, std::uint32_t to) {
    std::vector<std::uint32_t> out;
    for (const Stretch::Need& need : stretch.needs()) {
        std::uint32_t left = need.asked;
        for (const Hits::Hit& hit : need.places)
            if (left > 0 && hit.first >= from && hit.last <= to) {
                out.push_back(hit.token);
                --left;
            }
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

bool in_a_row(std::span<const Places> places) {
    if (any_empty(places)) return false;
    if (places.size() == 1) return true;
    if (places.size() == 2)
        return std::any_of(places[0].begin(), places[0].end(), [&](const Hits::Hit& hit) { return begins_at(places[1], hit.last + 1); });
    return !row_lasts(places).empty();
}

std::vector<std::uint32_t> row_lasts(std::span<const Places> places) {
    std::vector<std::uint32_t> ends;
    if (any_empty(places)) return ends;
    for (const Hits::Hit& hit : places.front()) ends.push_back(hit.last);
    sort_unique(ends);
    for (std::size_t i = 1; i < places.size() && !ends.empty(); ++i) ends = further(places[i], ends);
    return ends;
}

std::vector<std::uint32_t> row_firsts(std::span<const Places> places) {
    std::vector<std::uint32_t> begins;
    if (any_empty(places)) return begins;
    for (const Hits::Hit& hit : places.back()) begins.push_back(hit.first);
    sort_unique(begins);
    for (std::size_t i = places.size() - 1; i > 0 && !begins.empty(); --i) {
        std::vector<std::uint32_t> earlier;
        for (const Hits::Hit& hit : places[i - 1])
            if (std::binary_search(begins.begin(), begins.end(), hit.last + 1)) earlier.push_back(hit.first);
        sort_unique(earlier);
        begins = std::move(earlier);
    }
    return begins;
}

std::vector<std::uint32_t> row_at(std::span<const Places> places, std::uint32_t first) {
    // Forward from this one beginning, then back along what led to the end.
    std::vector<std::vector<Hits::Hit>> steps;
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i < places.size(); ++i) {
        std::vector<Hits::Hit> step;
        if (i == 0) {
            for (const Hits::Hit& hit : places[0])
                if (hit.first == first) step.push_back(hit);
        } else {
            for (const std::uint32_t end : ends)
                for (auto hit = std::lower_bound(places[i].begin(), places[i].end(), end + 1,
                                                 [](const Hits::Hit&h, std::uint32_t at) { return h.first < at; });
                     hit != places[i].end() && hit->first == end + 1; ++hit)
                    step.push_back(*hit);
        }
        if (step.empty()) return {};
        ends.clear();
        for (const Hits::Hit& hit : step) ends.push_back(hit.last);
        sort_unique(ends);
        steps.push_back(std::move(step));
    }
    std::vector<std::uint32_t> tokens;
    std::uint32_t next = steps.back().front().first;
    tokens.push_back(steps.back().front().token);
    for (std::size_t i = steps.size() - 1; i-- > 0;) {
        const auto before = std::find_if(steps[i].begin(), steps[i].end(), [next](const Hits::Hit& hit) { return hit.last + 1 == next; });
        tokens.push_back(before->token);
        next = before->first;
    }
    std::reverse(tokens.begin(), tokens.end());
    return tokens;
}

std::vector<std::uint32_t> together(std::span<const Places> places, std::uint32_t slack) {
    if (any_empty(places)) return {};
    Stretch stretch(places);
    std::vector<Placed> by_first;
    for (std::uint32_t need = 0; need < stretch.needs().size(); ++need)
        for (const Hits::Hit& hit : stretch.needs()[need].places) by_first.push_back({hit.first, hit.last, hit.token, need});
    std::sort(by_first.begin(), by_first.end(), [](const Placed& a, const Placed& b) { return a.first < b.first; });
    std::vector<Placed> by_last = by_first;
    std::sort(by_last.begin(), by_last.end(), [](const Placed& a, const Placed& b) { return a.last < b.last; });
    // The left edge moves from place to place; the right edge, `length` positions on, follows. What begins before the left edge is out.
    const std::uint32_t length = static_cast<std::uint32_t>(places.size()) + slack;
    std::uint32_t entered_to = 0;  // places that end before it have been let in
    std::size_t in = 0, out = 0;
    while (out < by_first.size()) {
        const std::uint32_t left = by_first[out].first;
        for (; in < by_last.size() && by_last[in].last < left + length; ++in)
            if (by_last[in].first >= left) stretch.enter(by_last[in].need);
        entered_to = left + length;
        if (stretch.full()) return tokens_within(stretch, left, left + length - 1);
        for (; out < by_first.size() && by_first[out].first == left; ++out)
            if (by_first[out].last < entered_to) stretch.leave(by_first[out].need);
    }
    return {};
}

bool before_within(std::span<const std::uint32_t> lasts, std::span<const std::uint32_t> firsts, std::uint32_t distance) {
    for (const std::uint32_t first : firsts) {
        const std::uint32_t lowest = first > distance + 1 ? first - distance - 1 : 0;
        const auto last = std::lower_bound(lasts.begin(), lasts.end(), lowest);
        if (last != lasts.end() && *last < first) return true;
    }
    return false;
}

}  // namespace vigie::text
