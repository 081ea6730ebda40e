// What the time of runs went into, added up: what runs of a group share counts once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/report/run_times.h"
#include "shared/model/stage_time.h"

namespace melsweep::report {

// Runs that were begun together, and what all of them took: of each stage the largest numbers, which the run
// that ended last has.
struct StageGroup {
  Runs runs;  // those that finished
  std::vector<StageTime> stages;
  bool is_fused = false;  // others were begun with it, whatever became of them
};

// Of the runs that say what their time went into; the others are left out.
std::vector<StageGroup> stage_groups(const Runs& runs);

// Each stage summed over the groups, in the order in which they come in a trial. Where there are more than
// kMostStages, which no trainer of ours has, the rest is one stage, "other stages".
inline constexpr std::size_t kMostStages = 40;
std::vector<StageTime> added_up(const std::vector<StageGroup>& groups);

// What a cache had of the items of one stage.
struct CacheUse {
  std::string stage;
  std::int64_t made = 0;
  std::int64_t found = 0;
  double seconds_per_made = 0.0;  // 0: none was made, so it is not known
  double saved_s() const { return seconds_per_made * static_cast<double>(found); }
};

// Of each stage of which items were found; other stages aside.
std::vector<CacheUse> cache_uses(const std::vector<StageGroup>& groups);

// Steps, and the seconds of training that they took.
struct Rate {
  std::int64_t trials = 0;
  std::int64_t steps = 0;
  double seconds = 0.0;
  double per_second() const { return static_cast<double>(steps) / seconds; }
  bool is_known() const { return steps > 0 && seconds > 0.0; }
};

struct Fusion {
  Rate fused;
  // Of groups for each of whose trials another of the same kind (StoryRun) ran alone: those others, how long
  // the groups trained, and how long their trials would have trained alone at the others' rates.
  Rate alone;
  double fused_s = 0.0;
  double alone_s = 0.0;
};

Fusion fusion_of(const std::vector<StageGroup>& groups);

}  // namespace melsweep::report
