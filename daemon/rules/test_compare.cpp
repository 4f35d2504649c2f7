#include <algorithm>

#include <fmt/format.h>

#include "vigie/rules/test_file.hpp"

namespace vigie::rules {
namespace {

std::string quoted_map(const std::map<std::string, std::string>& map) {
    return format_labels(map);
}

/// How `got` differs from what is wanted, in words; empty if it does not.
std::vector<std::string> differences(const ExpectedAlert& wanted, const ActualAlert& got) {
    std::vector<std::string> out;
    if (wanted.state != got.state) out.push_back(fmt::format("is {}, expected {}", got.state, wanted.state));
    const auto compare_texts = [&](std::string_view what, const auto& expected, const auto& actual) {
        for (const auto& [name, text] : expected) {
            const auto found = actual.find(name);
            const std::string have = found == actual.end() ? "" : found->second;
            if (have == text) continue;
            if (found == actual.end())
                out.push_back(fmt::format("has no {} {}, expected \"{}\"", what, name, text));
            else
                out.push_back(fmt::format("has the {} {} \"{}\", expected {}", what, name, have, text.empty() ? "none" : '"' + text + '"'));
        }
    };
    compare_texts("label", wanted.labels, got.labels);
    compare_texts("annotation", wanted.annotations, got.annotations);
    return out;
}

/// Pairs each wanted alert with another actual one, as many as can be (augmenting paths: Kuhn 1955), since expected labels may be those of
/// several alerts.
class Pairing {
public:
    Pairing(const std::vector<const ExpectedAlert*>& wanted, const std::vector<const ActualAlert*>& got)
        : wanted_(wanted), got_(got), owner_(got.size(), nobody) {
        for (std::size_t w = 0; w < wanted.size(); ++w) {
            std::vector<bool> tried(got.size());
            find(w, tried);
        }
    }
    bool taken(std::size_t g) const { return owner_[g] != nobody; }
    bool found(std::size_t w) const { return std::find(owner_.begin(), owner_.end(), w) != owner_.end(); }

private:
    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    bool find(std::size_t w, std::vector<bool>& tried) {
        for (std::size_t g = 0; g < got_.size(); ++g) {
            if (tried[g] || !differences(*wanted_[w], *got_[g]).empty()) continue;
            tried[g] = true;
            if (owner_[g] != nobody && !find(owner_[g], tried)) continue;
            owner_[g] = w;
            return true;
        }
        return false;
    }

    const std::vector<const ExpectedAlert*>& wanted_;
    const std::vector<const ActualAlert*>& got_;
    std::vector<std::size_t> owner_;
};

class Comparison {
public:
    Comparison(const Expectation& expected, const Actual& actual) : expected_(expected), actual_(actual) {}

    std::vector<std::string> run() {
        if (expected_.alerts) {
            for (const std::string& name : names()) alerts(name);
            if (expected_.alerts->empty()) no_alerts(nullptr);
        }
        for (const std::string& name : expected_.none) no_alerts(&name);
        if (expected_.notifications) notifications(*expected_.notifications);
        return std::move(out_);
    }

private:
    void say(doc::Mark mark, const std::string& text) {
        out_.push_back(fmt::format("{}:{}: at {}: {}", mark.line, mark.column, format_duration(expected_.at), text));
    }

    std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& alert : *expected_.alerts)
            if (std::find(out.begin(), out.end(), alert.alert) == out.end()) out.push_back(alert.alert);
        return out;
    }

    void alerts(const std::string& name) {
        std::vector<const ExpectedAlert*> wanted;
        std::vector<const ActualAlert*> got;
        for (const auto& alert : *expected_.alerts)
            if (alert.alert == name) wanted.push_back(&alert);
        for (const auto& alert : actual_.alerts)
            if (alert.alert == name) got.push_back(&alert);
        const Pairing pairs(wanted, got);
        std::vector<bool> blamed(got.size());
        for (std::size_t w = 0; w < wanted.size(); ++w)
            if (!pairs.found(w)) unpaired(*wanted[w], got, pairs, blamed);
        for (std::size_t g = 0; g < got.size(); ++g)
            if (!pairs.taken(g) && !blamed[g] && got[g]->state != "resolved")
                say(expected_.mark, fmt::format("{} {} is {}, which was not expected", name, quoted_map(got[g]->labels), got[g]->state));
    }

    /// An expected alert that nothing fits: told against the nearest one, if any is left.
    void unpaired(const ExpectedAlert& wanted, const std::vector<const ActualAlert*>& got, const Pairing& pairs,
                  std::vector<bool>& blamed) {
        std::size_t nearest = got.size();
        std::vector<std::string> least;
        for (std::size_t g = 0; g < got.size(); ++g) {
            if (pairs.taken(g) || blamed[g]) continue;
            auto found = differences(wanted, *got[g]);
            if (nearest != got.size() && found.size() >= least.size()) continue;
            nearest = g;
            least = std::move(found);
        }
        if (nearest == got.size()) {
            const std::string labels = wanted.labels.empty() ? "" : " with " + quoted_map(wanted.labels);
            return say(wanted.mark, fmt::format("{} is not {}{}, expected it to be", wanted.alert, wanted.state, labels));
        }
        blamed[nearest] = true;
        for (const std::string& difference : least)
            say(wanted.mark, fmt::format("{} {} {}", wanted.alert, quoted_map(got[nearest]->labels), difference));
    }

    void no_alerts(const std::string* name) {
        for (const auto& alert : actual_.alerts) {
            if ((name != nullptr && alert.alert != *name) || alert.state == "resolved") continue;
            say(expected_.mark, fmt::format("{} {} is {}, expected none", alert.alert, quoted_map(alert.labels), alert.state));
        }
    }

    static std::string text(std::string_view receiver, std::string_view status, const std::vector<std::string>& alerts) {
        return fmt::format("to {}: {} [{}]", receiver, status, fmt::join(alerts, ", "));
    }

    void notifications(const std::vector<ExpectedNotification>& wanted) {
        const auto& got = actual_.notifications;
        for (std::size_t i = 0; i < std::max(wanted.size(), got.size()); ++i) {
            const std::string want = i < wanted.size() ? text(wanted[i].receiver, wanted[i].status, wanted[i].alerts) : "";
            const std::string have = i < got.size() ? text(got[i].receiver, got[i].status, got[i].alerts) : "";
            if (want == have) continue;
            if (have.empty())
                say(wanted[i].mark, fmt::format("notification {} was not sent, expected {}", i + 1, want));
            else if (want.empty())
                say(expected_.mark, fmt::format("notification {} was sent {}, expected no more", i + 1, have));
            else
                say(wanted[i].mark, fmt::format("notification {} was sent {}, expected {}", i + 1, have, want));
        }
    }

    const Expectation& expected_;
    const Actual& actual_;
    std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> compare(const Expectation& expected, const Actual& actual) {
    return Comparison(expected, actual).run();
}

}  // namespace vigie::rules
