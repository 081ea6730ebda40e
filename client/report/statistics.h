// How sure a measured accuracy is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shared/results/sweep_story.h"

namespace melsweep::report {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

// The 95 % interval of a proportion (E. B. Wilson 1927); {0, 1} where there is nothing to count.
Interval wilson_interval(std::int64_t right, std::int64_t of);

// With five, the exact sign test's p is 0.06 at the least.
inline constexpr std::int64_t kFewestApart = 6;

// What a cell's accuracy is less the best one's, over the clips that both were asked about.
struct PairedDifference {
  double mean = 0.0;
  Interval interval;                  // 95 %
  std::int64_t clips = 0;             // in common; 0: they cannot be compared
  std::int64_t fixed = 0;             // clips that the cell gets right more often than the best one
  std::int64_t broken = 0;            // and less often
  std::int64_t recordings_apart = 0;  // in which one is right more often than the other

  // The best may be better by luck alone.
  bool is_tie() const { return clips > 0 && interval.high >= 0.0; }

  // Of two that nobody ranked before neither can be called better: the interval holds 0, or so few recordings
  // tell them apart that all of them may fall on one side by chance.
  bool is_undecided() const {
    return (interval.low <= 0.0 && interval.high >= 0.0) || recordings_apart < kFewestApart;
  }
};

// Percentile intervals of a paired bootstrap that draws whole recordings, whose clips are not independent;
// the same numbers each time. `verdicts`: of cells, the best first, each sorted by clip. The first difference
// is of the best one to itself.
std::vector<PairedDifference> differences_to_best(
    std::span<const std::vector<results::ClipVerdict>* const> verdicts);

}  // namespace melsweep::report
