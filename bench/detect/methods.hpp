// Vigie's scores, and those of the rules that others use, on the same grid.
// Thread-safety: pure functions.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "detect/series.hpp"
#include "vigie/detect/baseline.hpp"

namespace vigie::bench {

/// Lets a baseline learn the first `steps` of a series; after each, told(baseline, steps so far, minute of the hour).
void walk_baseline(const CountSeries& series, std::size_t steps,
                   const std::function<void(const detect::Baseline&, std::size_t, int)>& told);

std::vector<double> vigie_surprise(const CountSeries& series);
std::vector<double> vigie_surge(const CountSeries& series);

/// The last hour above mean + k standard deviations of the 14 days before (Huginn's PeakDetectorAgent).
std::vector<double> huginn(const CountSeries& series);
/// The last hour against the hour before (ElastAlert's spike rule), from 5 mentions.
std::vector<double> elastalert(const CountSeries& series);
/// The last hour against the 12 hours before, and above the same hour yesterday and a week ago (Meltwater's spike detection).
std::vector<double> meltwater(const CountSeries& series);
/// The last hour against the mean hour of seven days (Agility, Newspoint).
std::vector<double> seven_day_mean(const CountSeries& series);
/// The last hour against mean and deviation of the same hour on seven days, two days' guard (EARS C2, Hutwagner et al. 2003).
std::vector<double> ears_c2(const CountSeries& series);
/// The last full hour against the median of its hour of day over 14 days, in median absolute deviations (S-H-ESD, Hochenbaum et al. 2017).
std::vector<double> s_h_esd(const CountSeries& series);

const std::vector<std::pair<std::string, Method>>& all_methods();

/// Coverage of the lift's interval. `series_each`: drawn series for each case.
void bench_lift(const std::string& corpora, std::size_t series_each);

}  // namespace vigie::bench
