// What the parts of bench_text share: where the labelled texts lie, how time is taken, how sure a figure is.
// Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::bench {

struct TextOptions {
    std::string corpora;  ///< the folder that VIGIE_CORPORA names: sentiment/, language/, impostors/
    int rounds = 5;       ///< of a time the best is told
    bool rivals = true;   ///< whether to run the programs of others too
};

/// One labelled text.
struct Labelled {
    std::string label;
    std::string text;
};

/// A file of lines "label<TAB>text". Empty, with a line to stderr, where it cannot be read.
std::vector<Labelled> read_labelled(const std::string& path);
/// The posts of all xlm-t validation files: short posts in en fr de es it pt; the label is the language. What the times are taken on.
std::vector<Labelled> read_posts(const TextOptions& options);

/// The microseconds of this thread's processor time that one call of work(i) took, i from 0 to count - 1: the best of the rounds.
double microseconds(std::size_t count, int rounds, const std::function<void(std::size_t)>& work);

struct Interval {
    double low = 0, high = 0;
};
/// Of a share: Wilson's 95 % score interval (1927).
Interval wilson(std::size_t hits, std::size_t of);
/// Of a statistic of `count` texts: the percentile interval (95 %) of 1,000 bootstrap resamples (Efron 1979), seeded. statistic(indices).
Interval bootstrap(std::size_t count, const std::function<double(const std::vector<std::uint32_t>&)>& statistic);
/// The mean of the classes' F1; both hold class numbers below `classes`.
double macro_f1(const std::vector<int>& truth, const std::vector<int>& told, int classes);

/// Answers of bench/text/rivals/<script>, run by node: one line for each text, and the microseconds that it says one took.
struct RivalAnswers {
    std::vector<std::string> lines;
    double microseconds = 0;
};
/// None, with a line that says why, where node or its packages are missing. Texts must hold no line breaks. `argument` is handed on.
std::optional<RivalAnswers> ask_rival(const std::string& script, const std::string& argument, const std::vector<std::string>& texts);

/// "dataset, what: .984 [.979, .988] of 5,198"
void print_share(std::string_view dataset, std::string_view what, std::size_t hits, std::size_t of);
/// The same for a statistic with its own interval.
void print_figure(std::string_view dataset, std::string_view what, double value, Interval interval, std::size_t of);
/// "dataset, what: 1.22 us"
void print_time(std::string_view dataset, std::string_view what, double microseconds);

// The parts; each prints its figures beside its rivals'.
void bench_matching(const TextOptions& options);
void bench_whole(const TextOptions& options);
void bench_language(const TextOptions& options);
void bench_sentiment(const TextOptions& options);
void bench_lookalikes(const TextOptions& options);
void bench_near_copies(const TextOptions& options);

}  // namespace vigie::bench
