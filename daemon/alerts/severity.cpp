#include "vigie/alerts/severity.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace vigie::alerts {
namespace {

struct Word {
    std::string_view text;
    int rank;
};

constexpr std::array words = {
    Word{"crisis", 4}, Word{"critical", 4}, Word{"emergency", 4}, Word{"page", 4},    Word{"alert", 3},
    Word{"error", 3},  Word{"major", 3},    Word{"high", 3},      Word{"warning", 2}, Word{"watch", 2},
    Word{"minor", 2},  Word{"medium", 2},   Word{"info", 1},      Word{"notice", 1},  Word{"low", 1},
};

}  // namespace

int severity_rank(std::string_view severity) noexcept {
    const auto it = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.text == severity; });
    return it == words.end() ? 0 : it->rank;
}

int severity_rank(std::string_view severity, const std::vector<std::string>& order) noexcept {
    if (order.empty()) return severity_rank(severity);
    const auto it = std::find(order.begin(), order.end(), severity);
    return it == order.end() ? 0 : static_cast<int>(it - order.begin()) + 1;
}

std::string_view severity_of(const Labels& labels) noexcept {
    static const std::string name = "severity";
    const auto it = labels.find(name);
    return it == labels.end() ? std::string_view{} : std::string_view(it->second);
}

bool more_urgent(const Alert& a, const Alert& b) noexcept {
    const auto rank = [](const Alert& alert) {
        return std::tuple(alert.state != State::firing, -severity_rank(severity_of(alert.labels)), alert.active_since);
    };
    const auto left = rank(a);
    const auto right = rank(b);
    if (left != right) return left < right;
    return std::tie(a.labels, a.fingerprint) < std::tie(b.labels, b.fingerprint);
}

}  // namespace vigie::alerts
