// What configuration reads from the machine: files and environment variables, as functions, so that tests need neither.
// Thread-safety: values; the functions of system_environment may be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "vigie/core/result.hpp"

namespace vigie::config {

struct FileContent {
    std::string bytes;
    bool open_to_others = false;  ///< its group or others may read it
};

struct Environment {
    /// The bytes of a file of at most max_bytes. Errors, each one sentence without the path: not_found, refused (no permission), invalid (a
    /// folder or a device), limit (larger), io.
    std::function<Result<FileContent>(const std::string& path, std::size_t max_bytes)> read_file;
    /// An environment variable, if it is set.
    std::function<std::optional<std::string>(const std::string& name)> variable;
};

/// The real ones.
Environment system_environment();

/// `path` as it is if absolute, else under the folder that `file` lies in.
std::string beside(const std::string& file, const std::string& path);

}  // namespace vigie::config
