// What is watched.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "vigie/core/labels.hpp"

namespace vigie {

/// A business function (safety, hr, ...): a named query over the brand's mentions. At most 64 a brand.
struct BrandFunction {
    std::string name;
    std::string query;
    friend bool operator==(const BrandFunction&, const BrandFunction&) = default;
};

struct Brand {
    std::string name;                                          ///< [a-z0-9][a-z0-9-]*, unique: the value of the label `brand`
    std::string display;                                       ///< for people; defaults to name
    std::vector<std::string> aliases;                          ///< other spellings, for look-alikes
    std::string query;                                         ///< the query language of text/query.hpp
    std::map<std::string, std::vector<std::string>> official;  ///< platform -> handles; "domain" -> domains
    std::vector<BrandFunction> functions;
    Labels labels;
    std::string timezone;  ///< IANA name; empty: the configuration's
    friend bool operator==(const Brand&, const Brand&) = default;
};

/// The key of a brand in the store: XXH3-64 of its name. The configuration refuses two names with one key.
std::uint64_t brand_key(const std::string& name) noexcept;

}  // namespace vigie
