// A brand's name, its handle, an account's handle, name and description, parted by newlines. Whatever they hold: scores lie between 0 and
// 1, the official account is official, the same question has the same answer, an invisible character makes no look-alike less alike, and
// what is told is UTF-8.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/untrusted.hpp"
#include "vigie/text/lookalike.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "property broken: %s\n", what);
    std::abort();
}

void check(const Lookalike& one, std::size_t targets) {
    require(one.score >= 0 && one.score <= 1, "a score lies between 0 and 1");
    require(one.target < targets, "a target exists");
    require(one.verdict != LookalikeVerdict::suspect || one.score >= 0.5, "a suspect scores a half");
    require(one.verdict != LookalikeVerdict::official || one.score == 0, "what is official does not score");
    for (const LookalikeReason& reason : one.reasons) {
        require(is_utf8(reason.detail), "a detail is UTF-8");
        require(!sentence(reason, "en").empty() && is_utf8(sentence(reason, "fr")), "a reason has sentences");
    }
}

LookalikeAccount account(std::string_view handle, std::string_view name, std::string_view bio) {
    LookalikeAccount one;
    one.platform = "x";
    one.handle = handle;
    one.name = name;
    one.bio = bio;
    return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::vector<std::string> fields;
    for (int i = 0; i < 5; ++i) {
        const std::size_t newline = rest.find('\n');
        fields.emplace_back(rest.substr(0, newline));
        rest = newline == std::string_view::npos ? std::string_view() : rest.substr(newline + 1);
    }
    LookalikeTarget target;
    target.names = {fields[0]};
    target.official["x"] = {fields[1]};
    const Lookalikes index = Lookalikes::build({target, taken_down_target("x", fields[0], fields[1])});

    const LookalikeAccount seen = account(fields[2], fields[3], fields[4]);
    const Lookalike one = index.judge(seen, 0);
    check(one, 2);
    require(index.judge(seen, 0) == one, "the same question has the same answer");
    for (const Lookalike& found : index.find(seen, 0.1)) check(found, 2);

    const Lookalike own = index.judge(account(fields[1], fields[3], fields[4]), 0);
    const bool has_handle = fields[1].find_first_not_of(" \t\r\v\f@/") != std::string::npos && fields[1].size() < 256;
    if (has_handle && fields[1].find("://") == std::string::npos)
        require(own.verdict == LookalikeVerdict::official, "the official account is official");

    if (one.verdict == LookalikeVerdict::impostor || one.verdict == LookalikeVerdict::suspect) {
        std::string with_invisible = fields[2];
        std::size_t at = with_invisible.size() / 2;
        while (at < with_invisible.size() && (static_cast<unsigned char>(with_invisible[at]) & 0xC0) == 0x80) ++at;
        with_invisible.insert(at, "\xE2\x80\x8B");
        if (is_utf8(fields[2]) && fields[2].find('@') == std::string::npos && fields[2].find("://") == std::string::npos) {
            const Lookalike again = index.judge(account(with_invisible, fields[3], fields[4]), 0);
            require(again.score >= one.score - 1e-9, "an invisible character makes nothing less alike");
        }
    }

    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const Announcement& announced : announced_handles(text)) {
        require(is_utf8(announced.handle) && is_utf8(announced.phrase), "what is announced is UTF-8");
        require(!announced.handle.empty() && announced.handle.size() <= 256, "an announced handle has a size");
    }
    return 0;
}
