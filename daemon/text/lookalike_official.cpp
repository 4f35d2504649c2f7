#include "text/lookalike_official.hpp"

#include <unicode/unistr.h>

#include <algorithm>

#include "text/lookalike_skeleton.hpp"

namespace vigie::text::lookalike {
namespace {

constexpr std::size_t max_handle = 1024;

std::string lowered(std::string_view text) {
    std::string out(text.substr(0, max_handle));
    bool ascii = true;
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    }
    if (ascii) return out;
    auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(out.data(), static_cast<std::int32_t>(out.size())));
    out.clear();
    wide.foldCase().toUTF8String(out);
    return out;
}

// The server of "@ana@mas.to"; empty where there is none.
std::string_view server_of(std::string_view handle) {
    handle = handle.substr(0, max_handle);
    const std::size_t at = handle.rfind('@');
    if (at == std::string_view::npos || at == 0 || handle.find('.', at) == std::string_view::npos) return {};
    std::string_view server = handle.substr(at + 1);
    if (handle.find("://") != std::string_view::npos) return {};  // the address of a profile: https://mas.to/@ana
    while (!server.empty() && (server.back() == '.' || server.back() == ' ' || server.back() == '/')) server.remove_suffix(1);
    return server;
}

// "ana.bsky.social" is "ana" on Bluesky; elsewhere it is another name.
std::string_view local_on(std::string_view platform, std::string_view handle) {
    return platform == "bluesky" ? own_part(handle) : local_part(handle);
}

std::string_view host_of(std::string_view domain) {
    if (const std::size_t scheme = domain.find("://"); scheme != std::string_view::npos) domain.remove_prefix(scheme + 3);
    domain = domain.substr(0, domain.find_first_of("/:?#"));
    return domain.starts_with("www.") ? domain.substr(4) : domain;
}

}  // namespace

std::string platform_name(std::string_view platform) {
    std::string name = lowered(platform);
    return name == "twitter" ? "x" : name;
}

OfficialAccounts::OfficialAccounts(const std::vector<LookalikeTarget>& targets) : platforms_(targets.size()) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto target = static_cast<std::uint32_t>(i);
        for (const auto& [written, handles] : targets[i].official) {
            const std::string platform = platform_name(written);
            if (platform == "domain") {
                for (const std::string& domain : handles) ids_.emplace("domain/" + lowered(host_of(domain)), target);
                continue;
            }
            if (!handles.empty()) platforms_[i].push_back(platform);
            for (const std::string& handle : handles) {
                const std::string local = platform + "/" + lowered(local_on(platform, handle));
                const std::string_view server = server_of(handle);
                ids_.emplace(local, target);
                ids_.emplace(local + "@" + (server.empty() ? std::string("*") : lowered(server)), target);
            }
        }
    }
}

void OfficialAccounts::collect(const std::string& id, std::vector<std::uint32_t>& out) const {
    const auto [begin, end] = ids_.equal_range(id);
    for (auto it = begin; it != end; ++it)
        if (std::find(out.begin(), out.end(), it->second) == out.end()) out.push_back(it->second);
}

void OfficialAccounts::collect_domains(std::string_view host, std::vector<std::uint32_t>& out) const {
    for (int labels = 0; labels < 8; ++labels) {
        collect("domain/" + lowered(host), out);
        const std::size_t dot = host.find('.');
        if (dot == std::string_view::npos) return;
        host.remove_prefix(dot + 1);
    }
}

std::vector<std::uint32_t> OfficialAccounts::owners(std::string_view platform, std::string_view handle) const {
    std::vector<std::uint32_t> out;
    if (ids_.empty() || handle.empty()) return out;
    const std::string on = platform_name(platform);
    const std::string_view own = local_on(on, handle);
    if (own.empty() || own.size() > max_handle) return out;
    const std::string local = on + "/" + lowered(own);
    const std::string_view server = server_of(handle);
    if (server.empty()) {
        collect(local, out);
    } else {
        const std::string at_server = lowered(server);
        collect(local + "@" + at_server, out);
        collect(local + "@*", out);
        collect_domains(at_server, out);
    }
    if (on == "bluesky" && own.find('.') != std::string_view::npos) collect_domains(own, out);
    return out;
}

bool OfficialAccounts::present(std::uint32_t target, std::string_view platform) const noexcept {
    const std::vector<std::string>& own = platforms_[target];
    return std::find(own.begin(), own.end(), platform) != own.end();
}

}  // namespace vigie::text::lookalike
