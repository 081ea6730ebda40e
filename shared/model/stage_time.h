// What the time of an attempt that finished went into, and what its caches spared it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace melsweep {

// One stage. Of trials that were done together it is that of all of them, from the beginning of the group to
// the end of this trial, and is not divided among them.
struct StageTime {
  std::string stage;       // as Progress::stage, or what is done besides
  double seconds = 0.0;    // of wall time, in which it was at work; stages may be at work at the same time
  std::int64_t made = 0;   // items that it made: files read, spectrograms, bottlenecks; of training the steps
  std::int64_t found = 0;  // items that a cache held
  friend bool operator==(const StageTime&, const StageTime&) = default;
};

inline constexpr std::size_t kMaxStages = 32;           // of one attempt
inline constexpr std::size_t kMaxStageNameBytes = 256;  // of each
// Made or found by one stage: a hundred thousand of them can be added up.
inline constexpr std::int64_t kMaxStageItems = 1'000'000'000'000;

// What makes the stages of an attempt unusable, as in "has a stage without a name"; empty where nothing does:
// they keep to the limits, each is there once, and takes from 0 to 1,000,000,000 s.
std::string stage_flaw(const std::vector<StageTime>& stages);

}  // namespace melsweep
