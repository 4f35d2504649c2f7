// Which accounts imitate a brand, or an account that was taken down; and which handles a text announces as somebody's new address.
// Thread-safety: a built Lookalikes is immutable; find() and judge() may run on any number of threads. The functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/brand.hpp"
#include "vigie/core/record.hpp"
#include "vigie/core/time.hpp"

namespace vigie::text {

/// What can be imitated.
struct LookalikeTarget {
    enum class Kind : std::uint8_t {
        brand,
        taken_down,  ///< a closed account: its own handle, and numbers behind it, weigh more than for a brand
    };
    Kind kind = Kind::brand;
    std::vector<std::string> names;                            ///< as people write them: display name, aliases
    std::map<std::string, std::vector<std::string>> official;  ///< platform -> handles that are its own; "domain" -> domains
    std::string platform;                                      ///< of a taken-down account, and
    std::string handle;                                        ///< what it was called there
};

/// The display name (or the name), the aliases and the official accounts of a brand.
LookalikeTarget target_of(const Brand& brand);
/// A closed account; `name` is what it showed beside its handle and may be empty.
LookalikeTarget taken_down_target(std::string platform, std::string handle, std::string name);

/// An account as it was seen. Views must live through the call only. Any bytes will do: of each text the first 64 kB are read.
struct LookalikeAccount {
    std::string_view platform;
    std::string_view handle;  ///< "ana", "@ana", "@ana@mas.to", "ana.bsky.social"
    std::string_view name;
    std::string_view bio;
    std::optional<std::int64_t> followers;
    std::optional<Time> created;
    std::optional<Time> seen;  ///< by which the account's age is told
};

/// A view of a record: it must outlive the view. Without its time of observation the account's age is not told.
LookalikeAccount view_of(const AccountSeen& account);

enum class LookalikeVerdict : std::uint8_t {
    none,      ///< does not imitate; critics ("boycottX") are nobody's impostors
    declared,  ///< says that it is a fan's or a parody
    suspect,   ///< 0.5 and more
    impostor,  ///< its handle alone gives 0.85 and more, or 0.6 and more with a second signal
    official,  ///< the target's own
};
std::string_view to_string(LookalikeVerdict verdict) noexcept;

enum class LookalikeSign : std::uint8_t {
    official,             ///< detail: platform/handle
    same_handle,          ///< the name of an official or closed account, on another platform or server; detail: it
    same_name,            ///< letter for letter; detail: the name, as in the next ones
    separators,           ///< the same letters, with separators set in or left out
    foreign_letters,      ///< other characters that look alike, or invisible ones
    swapped_letters,      ///< 0 for o, l for i, rn for m
    repeated_letters,     ///< a letter doubled, or one of two left out
    other_alphabet,       ///< written in Cyrillic or Greek
    typo,                 ///< one slip of the keyboard away
    two_typos,            ///< two letters off
    trust_word,           ///< detail: the word ("support")
    added_word,           ///< detail: the word ("fr", "hq")
    added_number,         ///< detail: the digits
    domain_ending,        ///< detail: the ending ("com")
    other_words,          ///< the name stands among words that say nothing
    same_display_name,    ///< detail: the name
    display_name_trust,   ///< the display name holds the name and a trust word; detail: the word
    similar_display_name, /* as letters or a typo would have it */
    claims_to_be_it,      ///< the description says that it is the official account
    young_account,        ///< detail: days
    few_followers,        ///< detail: how many
    many_followers,       ///< detail: how many; speaks for an account of its own standing
    common_word,          ///< the name is a common word, or short: by itself it says little
    declares_itself,      ///< detail: the word ("parody")
    speaks_against,       ///< detail: the word ("boycott")
};
/// "trust_word": as JSON names it.
std::string_view to_string(LookalikeSign sign) noexcept;

struct LookalikeReason {
    LookalikeSign sign = LookalikeSign::same_name;
    std::string detail;  ///< valid UTF-8 of at most 60 bytes on one line; of strangers' words none but digits
    friend bool operator==(const LookalikeReason&, const LookalikeReason&) = default;
};
/// A reason as a sentence of `language` ("en" or "fr"; any other gives English), without a full stop.
std::string sentence(const LookalikeReason& reason, std::string_view language);

struct Lookalike {
    std::size_t target = 0;  ///< its position among those that the index was built from
    double score = 0;        ///< 0..1
    LookalikeVerdict verdict = LookalikeVerdict::none;
    std::vector<LookalikeReason> reasons;  ///< what weighed most first
    friend bool operator==(const Lookalike&, const Lookalike&) = default;
};

/// An index over the spellings of all targets' names: what a handle may have become by deletions (Garbe's symmetric deletes, SymSpell
/// 2012), after confusables (UTS #39) and leet are undone and known affixes are taken off. The time for one handle grows with its length,
/// hardly with the number of targets. docs/impostors.md says what the scores mean.
class Lookalikes {
public:
    static Lookalikes build(const std::vector<LookalikeTarget>& targets);

    Lookalikes(Lookalikes&&) noexcept;
    Lookalikes& operator=(Lookalikes&&) noexcept;
    ~Lookalikes();

    /// All targets whose score is at least `threshold` (> 0), and those that the account declares itself of or is official for; the highest
    /// score first. An official account of one target imitates no other. At most 32.
    std::vector<Lookalike> find(const LookalikeAccount& account, double threshold = 0.5) const;
    /// Against one target, whatever comes of it. `target` is below targets().
    Lookalike judge(const LookalikeAccount& account, std::size_t target) const;

    std::size_t targets() const noexcept;
    std::size_t bytes() const noexcept;  ///< of memory, without what the allocator adds

private:
    struct Index;
    explicit Lookalikes(std::unique_ptr<const Index> index);
    std::unique_ptr<const Index> index_;
};

/// A handle that a text gives out as an address to go to from now on.
struct Announcement {
    enum class Kind : std::uint8_t {
        new_account,   ///< "our new address is @x", "nouveau compte"
        backup,        ///< "backup account"
        old_one_gone,  ///< "ancien compte suspendu"
        follow_us,     ///< "suivez-nous sur @x": the weakest, any shop says so
    };
    Kind kind = Kind::new_account;
    std::string handle;  ///< without '@'; folded to small letters; an instance stays ("x@mas.to")
    std::string phrase;  ///< the words that announce it, folded
    friend bool operator==(const Announcement&, const Announcement&) = default;
};
/// The announced handles, in their order, each once with its strongest phrase; at most 16. Reads phrases of English, French, German,
/// Spanish, Italian and Portuguese within the sentence of the handle or the one before it. A text that denies ("is not our new account",
/// "fake") announces nothing. Linear; reads the first 64 kB.
std::vector<Announcement> announced_handles(std::string_view text);

}  // namespace vigie::text
