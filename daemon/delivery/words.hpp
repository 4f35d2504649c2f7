// The words of messages in each language.
// Thread-safety: constants.
#pragma once

#include <string>
#include <string_view>

#include "vigie/delivery/message.hpp"

namespace vigie::delivery {

/// {0}, {1}, ... stand for what is put in, in fmt's syntax.
struct Words {
    std::string_view no_severity, over, colon;
    std::string_view new_alerts, severity, repeat, some_resolved;
    std::string_view late, more_one, more_many;
    std::string_view default_summary, default_summary_no_brand, brand_over, over_no_brand;
    std::string_view since, from_to;
    std::string_view reach, negative, neutral, positive;
    std::string_view values, mentions, next, runbook, open, post, because;
    std::string_view no_value, percent, decimal, thousands, day;
};

const Words& words_of(Language language) noexcept;

}  // namespace vigie::delivery
