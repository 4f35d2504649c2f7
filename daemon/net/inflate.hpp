// gzip and deflate, undone piece by piece under limits.
// Thread-safety: an object belongs to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"

namespace vigie::net {

enum class Coding { identity, gzip, deflate };

struct InflateLimits {
    std::size_t bytes = 0;  ///< of output
    double ratio = 0;       ///< of output to input, looked at once 1 MB came out
};

/// One coded body. gzip may have several members; deflate is read with or without its zlib wrapper.
class Inflater {
public:
    Inflater(Coding coding, InflateLimits limits);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Appends what `in` yields to `out`. Errors: protocol (broken data, bytes after the end), limit (bytes, ratio). After an error: no
    /// more.
    Result<> feed(std::string_view in, std::string& out);
    /// Errors: protocol, when the data stopped before its end. A body of no bytes at all is whole.
    Result<> finish() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::net
