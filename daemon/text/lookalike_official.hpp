// Which accounts are a target's own, however their handles are written.
// Thread-safety: immutable once built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vigie/text/lookalike.hpp"

namespace vigie::text::lookalike {

/// "twitter" is "x"; small letters.
std::string platform_name(std::string_view platform);

/// Case, '@', the address of the profile and Bluesky's common host make no difference; any other letter does. On Bluesky and wherever
/// handles name a server, an account under an official domain is official: only its owner can make one.
class OfficialAccounts {
public:
    explicit OfficialAccounts(const std::vector<LookalikeTarget>& targets);

    /// The targets (none, mostly) whose own account it is.
    std::vector<std::uint32_t> owners(std::string_view platform, std::string_view handle) const;
    /// Whether a target has an account on a platform (platform_name()).
    bool present(std::uint32_t target, std::string_view platform) const noexcept;
    /// Whether it has any.
    bool anywhere(std::uint32_t target) const noexcept { return !platforms_[target].empty(); }

private:
    void collect(const std::string& id, std::vector<std::uint32_t>& out) const;
    void collect_domains(std::string_view host, std::vector<std::uint32_t>& out) const;

    std::unordered_multimap<std::string, std::uint32_t> ids_;
    std::vector<std::vector<std::string>> platforms_;
};

}  // namespace vigie::text::lookalike
