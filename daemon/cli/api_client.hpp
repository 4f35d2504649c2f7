// Asks the running daemon over its API.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <string>

#include "vigie/core/result.hpp"

namespace vigie::cli {

/// Where the daemon is: --url, else VIGIE_URL, else http://127.0.0.1:8480.
struct Address {
    std::string url;
    std::string token;  ///< for a daemon on another machine: --token, else VIGIE_TOKEN
    void add_to(CLI::App& verb);
};

/// What the daemon answered, parsed. Errors: network (it cannot be reached), or the code and message of its own error.
Result<boost::json::value> get(const Address& address, const std::string& path);
Result<boost::json::value> post(const Address& address, const std::string& path, const boost::json::value& body);
/// Prints the error; 3 where the daemon could not be reached, else 1.
int fail_asking(const Address& address, const Error& error);

}  // namespace vigie::cli
