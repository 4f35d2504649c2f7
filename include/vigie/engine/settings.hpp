// vigie.yaml as a whole: every section decoded by its module, and what only the whole file can tell checked.
// Thread-safety: values; the functions are free.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vigie/alerts/route.hpp"
#include "vigie/config/environment.hpp"
#include "vigie/core/brand.hpp"
#include "vigie/core/secret.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/receivers/settings.hpp"
#include "vigie/sources/settings.hpp"
#include "vigie/store/options.hpp"

namespace vigie::engine {

enum class LogFormat : std::uint8_t { text, logfmt, json };

struct LogSettings {
    LogFormat format = LogFormat::text;
    std::string level = "info";  ///< debug, info, warning, error
    friend bool operator==(const LogSettings&, const LogSettings&) = default;
};

/// What a bearer token may do: push records, read, or everything.
enum class Role : std::uint8_t { push, read, admin };

struct ApiToken {
    std::string name;  ///< for the audit; unique
    Role role = Role::read;
    Secret token;
};

struct Settings {
    std::string file;                         ///< as it was named; messages and relative paths start from it
    std::string listen = "127.0.0.1:8480";    ///< address:port; an IPv6 address stands in brackets; port 0: any free one
    std::string timezone = "UTC";             ///< an IANA name that exists
    std::string data_dir = "/var/lib/vigie";  ///< a relative one lies beside the file
    std::string external_url;                 ///< how people reach the page, without a '/' at its end; empty: by `listen`
    std::vector<std::string> rule_globs;      ///< relative ones lie beside the file
    store::Retention retention;
    std::vector<Brand> brands;
    std::vector<sources::SourceSettings> sources;
    alerts::Route route;  ///< without `route` and `receivers`: all goes to a receiver "log"
    std::vector<receivers::ReceiverSettings> receivers;
    std::vector<ApiToken> tokens;
    LogSettings log;
    std::string sentiment_weights;  ///< a file that `vigie text --adapt` wrote; a relative one lies beside the file; empty: the shipped
    doc::Mark sentiment_weights_mark{};  ///< where it is named
};

/// At most this many of each.
inline constexpr std::size_t max_brands = 10'000;
inline constexpr std::size_t max_brand_functions = 64;

/// Decodes a whole document. All errors of all sections go to `diagnostics`; nothing is returned if there is one. Secrets are read through
/// `environment`.
std::optional<Settings> decode_settings(const doc::Node& root, const config::Environment& environment, doc::Diagnostics& diagnostics);

/// The patterns of rule files that the document names, whatever else is wrong with it; relative ones lie beside `file`.
std::vector<std::string> rule_globs_of(const doc::Node& root, const std::string& file);

/// Whether "address:port" can be reached from this machine alone (127.0.0.0/8, ::1, localhost).
bool is_loopback_listener(std::string_view listen) noexcept;

}  // namespace vigie::engine
