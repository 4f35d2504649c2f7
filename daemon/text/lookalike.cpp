#include "vigie/text/lookalike.hpp"

#include <algorithm>
#include <utility>

#include "text/lookalike_index.hpp"
#include "text/lookalike_official.hpp"
#include "text/lookalike_score.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::text {

using namespace lookalike;

LookalikeTarget target_of(const Brand& brand) {
    LookalikeTarget target;
    target.names.push_back(brand.display.empty() ? brand.name : brand.display);
    target.names.insert(target.names.end(), brand.aliases.begin(), brand.aliases.end());
    target.official = brand.official;
    return target;
}

LookalikeTarget taken_down_target(std::string platform, std::string handle, std::string name) {
    LookalikeTarget target;
    target.kind = LookalikeTarget::Kind::taken_down;
    if (!name.empty()) target.names.push_back(std::move(name));
    target.platform = std::move(platform);
    target.handle = std::move(handle);
    return target;
}

LookalikeAccount view_of(const AccountSeen& account) {
    LookalikeAccount view;
    view.platform = account.platform;
    view.handle = account.handle.bytes();
    view.name = account.name.bytes();
    view.followers = account.followers;
    view.created = account.created;
    view.seen = account.observed;
    return view;
}

struct Lookalikes::Index {
    explicit Index(const std::vector<LookalikeTarget>& targets) : names(targets), official(targets) {
        for (const LookalikeTarget& target : targets) taken_down.push_back(target.kind == LookalikeTarget::Kind::taken_down);
    }
    KeyIndex names;
    OfficialAccounts official;
    std::vector<bool> taken_down;
};

namespace {

constexpr std::size_t max_found = 32;
constexpr std::size_t max_candidates = 256;

// One for each target that a text may mean; few enough to look through.
struct Candidate {
    std::uint32_t target = 0;
    Best in_handle, in_name;
};

class Search {
public:
    Search(const KeyIndex& index, std::optional<std::uint32_t> only) : index_(index), only_(only) {}

    void read(const Reading& reading, Best Candidate::*where) {
        if (reading.spelling.size < 2) return;
        index_.search(reading, [&](const Match& match) {
            if (only_ && match.key->target != *only_) return;
            const Finding found = assess(index_, reading, match);
            if (found.score <= 0) return;
            if (Candidate* candidate = of(match.key->target)) (candidate->*where).add(found);
        });
    }
    const std::vector<Candidate>& candidates() const noexcept { return candidates_; }

private:
    Candidate* of(std::uint32_t target) {
        for (Candidate& one : candidates_)
            if (one.target == target) return &one;
        if (candidates_.size() == max_candidates) return nullptr;
        candidates_.emplace_back().target = target;
        return &candidates_.back();
    }

    const KeyIndex& index_;
    std::optional<std::uint32_t> only_;
    std::vector<Candidate> candidates_;
};

// A handle in Cyrillic or Greek is read as it looks, and as it sounds.
constexpr double by_sound = 0.90;

std::vector<Lookalike> compare(const Lookalikes& all, const KeyIndex& index, const OfficialAccounts& official,
                               const std::vector<bool>& taken_down, const LookalikeAccount& account, std::optional<std::uint32_t> only) {
    std::vector<Lookalike> out;
    const std::vector<std::uint32_t> owners = official.owners(account.platform, account.handle);
    for (const std::uint32_t owner : owners) {
        if (only && *only != owner) continue;
        Lookalike own;
        own.target = owner;
        own.verdict = LookalikeVerdict::official;
        own.reasons.push_back(
            {LookalikeSign::official, excerpt(std::string(account.platform) + "/" + std::string(account.handle.substr(0, 64)))});
        out.push_back(std::move(own));
    }
    if (!owners.empty() || all.targets() == 0) return out;

    // Invisible characters hide neither the server nor the host of a handle.
    const std::string visible = without_invisible(account.handle);
    const std::string_view own = own_part(visible);
    Reading handle(own);
    handle.spelling.invisible = visible.size() < std::min(account.handle.size(), max_text_bytes);
    const Reading name(account.name);
    Search search(index, only);
    search.read(handle, &Candidate::in_handle);
    search.read(name, &Candidate::in_name);
    Description description;
    if (!search.candidates().empty() && !account.bio.empty()) description = read_description(account.bio);
    const std::string platform = platform_name(account.platform.substr(0, 64));
    const auto conclude_all = [&](const std::vector<Candidate>& candidates, const Reading& read_handle, const Reading& read_name,
                                  bool sounded) {
        for (const Candidate& candidate : candidates) {
            Evidence evidence;
            evidence.index = &index;
            evidence.handle = &read_handle;
            evidence.name = &read_name;
            evidence.in_handle = candidate.in_handle;
            evidence.in_name = candidate.in_name;
            evidence.description = description;
            evidence.taken_down = taken_down[candidate.target];
            evidence.absent_here = official.anywhere(candidate.target) && !official.present(candidate.target, platform);
            evidence.account = &account;
            Lookalike one = conclude(evidence);
            one.target = candidate.target;
            if (sounded) {
                one.score *= by_sound;
                if (one.verdict == LookalikeVerdict::impostor && one.score < 0.85) one.verdict = LookalikeVerdict::suspect;
                if (one.verdict == LookalikeVerdict::suspect && one.score < 0.5) one.verdict = LookalikeVerdict::none;
                one.reasons.insert(one.reasons.begin(), {LookalikeSign::other_alphabet, {}});
            }
            const auto same = std::find_if(out.begin(), out.end(), [&](const Lookalike& o) { return o.target == one.target; });
            if (same == out.end()) {
                out.push_back(std::move(one));
            } else if (one.score > same->score) {
                *same = std::move(one);
            }
        }
    };
    conclude_all(search.candidates(), handle, name, false);
    const std::string spoken_handle = sound(own);
    const std::string spoken_name = sound(account.name);
    if (!spoken_handle.empty() || !spoken_name.empty()) {
        const Reading handle_again(spoken_handle);
        const Reading name_again(spoken_name);
        Search again(index, only);
        again.read(handle_again, &Candidate::in_handle);
        again.read(name_again, &Candidate::in_name);
        conclude_all(again.candidates(), handle_again, name_again, true);
    }
    return out;
}

}  // namespace

Lookalikes Lookalikes::build(const std::vector<LookalikeTarget>& targets) {
    return Lookalikes(std::make_unique<const Index>(targets));
}

Lookalikes::Lookalikes(std::unique_ptr<const Index> index) : index_(std::move(index)) {}
Lookalikes::Lookalikes(Lookalikes&&) noexcept = default;
Lookalikes& Lookalikes::operator=(Lookalikes&&) noexcept = default;
Lookalikes::~Lookalikes() = default;

std::vector<Lookalike> Lookalikes::find(const LookalikeAccount& account, double threshold) const {
    std::vector<Lookalike> found = compare(*this, index_->names, index_->official, index_->taken_down, account, std::nullopt);
    std::erase_if(found, [&](const Lookalike& one) {
        const bool told_apart = one.verdict == LookalikeVerdict::declared || one.verdict == LookalikeVerdict::official;
        return !told_apart && (one.score <= 0 || one.score < threshold);
    });
    std::stable_sort(found.begin(), found.end(),
                     [](const Lookalike& a, const Lookalike& b) { return a.score != b.score ? a.score > b.score : a.target < b.target; });
    if (found.size() > max_found) found.resize(max_found);
    return found;
}

Lookalike Lookalikes::judge(const LookalikeAccount& account, std::size_t target) const {
    std::vector<Lookalike> found =
        compare(*this, index_->names, index_->official, index_->taken_down, account, static_cast<std::uint32_t>(target));
    if (!found.empty()) return std::move(found.front());
    Lookalike nothing;
    nothing.target = target;
    return nothing;
}

std::size_t Lookalikes::targets() const noexcept {
    return index_->taken_down.size();
}

std::size_t Lookalikes::bytes() const noexcept {
    return index_->names.bytes();
}

}  // namespace vigie::text
