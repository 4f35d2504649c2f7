#include "rules/zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

namespace vigie::rules {
namespace {

date::local_seconds local(const date::time_zone* zone, Time now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (zone != nullptr) return zone->to_local(second);
    return date::local_seconds{second.time_since_epoch()};
}

}  // namespace

Result<Zone> Zone::find(const std::string& name) {
    Zone out;
    if (name.empty() || name == "UTC") return out;
    try {
        out.zone_ = date::locate_zone(name);
    } catch (const std::exception&) {
        return Error(Errc::invalid,
                     fmt::format("found the time zone `{}`, expected an IANA name such as Europe/Paris", name.substr(0, 60)));
    }
    return out;
}

int Zone::hour(Time now) const {
    const auto t = local(zone_, now);
    return static_cast<int>(std::chrono::duration_cast<std::chrono::hours>(t - std::chrono::floor<date::days>(t)).count());
}

int Zone::weekday(Time now) const {
    return static_cast<int>(date::weekday{std::chrono::floor<date::days>(local(zone_, now))}.iso_encoding());
}

std::string Zone::text(Time now) const {
    const auto t = local(zone_, now);
    const auto day = std::chrono::floor<date::days>(t);
    const date::year_month_day ymd{day};
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(t - day).count();
    const std::string abbreviation = zone_ == nullptr ? "UTC" : zone_->get_info(std::chrono::floor<std::chrono::seconds>(now)).abbrev;
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} {}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                       static_cast<unsigned>(ymd.day()), minutes / 60, minutes % 60, abbreviation);
}

}  // namespace vigie::rules
