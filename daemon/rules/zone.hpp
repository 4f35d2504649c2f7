// The local hour and weekday of a place: the one file that reads the time zone database, when a zone is looked up.
// Thread-safety: values; a Zone never changes.
#pragma once

#include <string>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace date {
class time_zone;
}

namespace vigie::rules {

class Zone {
public:
    /// UTC.
    Zone() = default;
    /// An IANA name ("Europe/Paris"). Errors: invalid, for a name that the database does not hold.
    static Result<Zone> find(const std::string& name);

    int hour(Time now) const;     ///< 0 to 23
    int weekday(Time now) const;  ///< 1 Monday to 7 Sunday, as ISO 8601
    /// "2026-03-01 10:30 CET".
    std::string text(Time now) const;

private:
    const date::time_zone* zone_ = nullptr;
};

}  // namespace vigie::rules
