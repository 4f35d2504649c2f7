// Unit tests of rules (*.test.yaml): what is told to the engine on a simulated clock, and which alerts and notifications are expected when.
// Thread-safety: values and pure functions. Reading files and running the engine are for the caller.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/brand.hpp"
#include "vigie/core/labels.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/record.hpp"
#include "vigie/core/time.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/doc/node.hpp"

namespace vigie::rules {

/// Bounds of a test file.
inline constexpr std::size_t max_tests_in_file = 1000;
inline constexpr std::size_t max_series_values = 100'000;
inline constexpr std::int64_t max_test_mentions = 1'000'000;  ///< of one test
inline constexpr Duration max_test_span = std::chrono::days{400};

/// Mentions of one kind, or a source's counts, a number for each interval. Value k belongs to (start + k interval, start + (k + 1)
/// interval].
struct TestSeries {
    doc::Mark mark;
    std::string brand;
    std::string platform = "test", language = "en", source = "test";
    SentimentLabel sentiment = SentimentLabel::neutral;
    std::int64_t followers = 0;  ///< of each author
    std::int64_t authors = 0;    ///< how many accounts take turns; 0: every mention has its own
    Kind kind = Kind::post;
    std::vector<std::string> functions;         ///< of the brand
    std::optional<double> rating;               ///< 0 to 5
    std::string count;                          ///< not empty: a count series of this name, not mentions
    std::vector<std::optional<double>> values;  ///< none: nothing was seen; whole and >= 0 for mentions
};

/// A single item. With a brand it is a mention of that brand as it stands; without one, the brands' queries decide.
struct TestItem {
    doc::Mark mark;
    Duration at{0};  ///< from the test's start; published and observed then
    std::string brand;
    std::optional<SentimentLabel> sentiment;  ///< none: intake tells
    Item item;
};

struct TestTakedown {
    Duration at{0};
    Takedown takedown;  ///< `at` is set to the test's start + at
};

/// A span during which something does not answer: a source's or a receiver's name.
struct TestOutage {
    std::string name;
    Duration from{0}, until{0};  ///< [from, until)
};

struct TestSilence {
    Duration from{0}, until{0};
    std::vector<std::string> matchers;  ///< as `vigie silence add` takes them: `alertname=VolumeSurge`
};

struct ExpectedAlert {
    doc::Mark mark;
    std::string alert;
    std::string state;                               ///< pending, firing or resolved
    Labels labels;                                   ///< those that matter; an empty text says that there is none
    std::map<std::string, std::string> annotations;  ///< those that matter
};

struct ExpectedNotification {
    doc::Mark mark;
    std::string receiver;
    std::string status;               ///< firing or resolved
    std::vector<std::string> alerts;  ///< names of the alerts in it, each once, sorted
};

/// What must hold at an instant. See compare() for what counts as a difference.
struct Expectation {
    doc::Mark mark;
    Duration at{0};
    std::optional<std::vector<ExpectedAlert>> alerts;  ///< an empty list: no alert is pending or firing at all
    std::vector<std::string> none;                     ///< names of alerts of which none is pending or firing
    /// In this order, since the last expectation that had notifications, or the start; an empty list: none at all.
    std::optional<std::vector<ExpectedNotification>> notifications;
};

struct Test {
    doc::Mark mark;
    std::string name;
    Time start;                                  ///< default 2026-01-01T00:00:00Z
    Duration interval{std::chrono::minutes{1}};  ///< of the series' values
    std::vector<TestSeries> series;
    std::vector<TestItem> items;  ///< in the order of the file
    std::vector<TestTakedown> takedowns;
    std::vector<TestOutage> outages;  ///< of sources
    std::vector<TestOutage> receiver_outages;
    std::vector<Duration> restarts;  ///< instants at which the daemon is killed and started anew, ascending
    std::vector<TestSilence> silences;
    std::vector<Expectation> expect;  ///< ascending by `at`; never empty
};

struct TestFile {
    std::vector<std::string> rule_files;                        ///< relative to the test file; patterns with * and ?
    std::vector<Brand> brands;                                  ///< never empty; by default one, acme
    doc::Node route, receivers, inhibit_rules, time_intervals;  ///< as in the configuration; null where absent
    std::vector<Test> tests;
};

/// Reads a test file. All errors go into `diagnostics`; nullopt if there was any.
std::optional<TestFile> decode_test_file(const doc::Node& root, doc::Diagnostics& diagnostics);

/// promtool's notation, blank-separated: `4` one value, `4x60` 4 and 60 more of it, `1+2x3` is 1 3 5 7, `9-3x2` is 9 6 3, `_` none, `_x5`
/// five times none. Errors: parse, limit; `where` is the byte at which the faulty part begins.
Result<std::vector<std::optional<double>>> parse_series(std::string_view text);

/// The mentions of a series in time order, evenly over each interval, the last one at its end. `index` is the position of its brand. Each
/// differs in id and text; `published` and `observed` are the instant. Empty for a count series.
std::vector<AnalysedItem> mentions_of(const Test& test, const TestSeries& series, BrandIndex index, const Brand& brand);
/// The counts of a count series; empty for another one.
std::vector<Count> counts_of(const Test& test, const TestSeries& series);

struct ActualAlert {
    std::string alert;
    std::string state;  ///< resolved: only alerts that resolved since the last expectation
    Labels labels;
    std::map<std::string, std::string> annotations;
};

struct ActualNotification {
    std::string receiver;
    std::string status;
    std::vector<std::string> alerts;  ///< names, each once, sorted
};

/// What is so at the instant of an expectation. `notifications`: those since the last expectation that had some.
struct Actual {
    std::vector<ActualAlert> alerts;
    std::vector<ActualNotification> notifications;
};

/// The differences, one sentence each, "line:column: at 2h: ..."; empty if all is as expected. Of each alert name in `alerts`, the pending
/// and firing ones must be exactly those expected, in any order; resolved ones count only where expected.
std::vector<std::string> compare(const Expectation& expected, const Actual& actual);

}  // namespace vigie::rules
