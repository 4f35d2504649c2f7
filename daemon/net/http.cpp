#include "vigie/net/http.hpp"

#include <algorithm>

#include "net/ascii.hpp"

namespace vigie::net {
namespace {

Result<> check(std::string_view name, std::string_view value) {
    if (!is_token(name)) return Error(Errc::invalid, "a header name must be a token");
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t') || byte == 0x7f) {
            return Error(Errc::invalid, "the value of header " + std::string(name) + " has a control character");
        }
    }
    return {};
}

}  // namespace

Result<> Headers::set(std::string_view name, std::string_view value) {
    if (auto checked = check(name, value); !checked) return checked;
    remove(name);
    fields_.emplace_back(std::string(name), std::string(trim(value)));
    return {};
}

Result<> Headers::add(std::string_view name, std::string_view value) {
    if (auto checked = check(name, value); !checked) return checked;
    fields_.emplace_back(std::string(name), std::string(trim(value)));
    return {};
}

void Headers::remove(std::string_view name) noexcept {
    fields_.erase(std::remove_if(fields_.begin(), fields_.end(), [name](const auto& field) { return iequals(field.first, name); }),
                  fields_.end());
}

std::string_view Headers::get(std::string_view name) const noexcept {
    for (const auto& field : fields_) {
        if (iequals(field.first, name)) return field.second;
    }
    return {};
}

bool Headers::has(std::string_view name) const noexcept {
    return count(name) != 0;
}

std::size_t Headers::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(fields_.begin(), fields_.end(), [name](const auto& field) { return iequals(field.first, name); }));
}

}  // namespace vigie::net
