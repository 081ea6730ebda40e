// What is asked of the cluster, and what must come of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/assignment.h"
#include "shared/model/dataset.h"
#include "shared/model/sweep.h"
#include "shared/model/trial.h"

namespace melsweep::simulation {

// What a trial is like, whatever worker runs it.
enum class Nature {
  kSound,
  kPoison,    // kills its trainer every time
  kHopeless,  // its trainer says that the configuration is impossible
};

inline constexpr char kAccuracy[] = "validation/accuracy";
inline constexpr char kTestAccuracy[] = "test/accuracy";
inline constexpr char kLoss[] = "train/loss";
inline constexpr char kLabel[] = "even";  // that every second worker has

// Sweeps whose trials' natures and results follow from their settings and seeds.
class Workload {
 public:
  explicit Workload(std::uint64_t seed);

  // With this many trials (or one fewer, where that makes no whole grid) and 1 to 4 attempts each.
  SweepSpec sweep(const std::string& name, int trials) const;

  // Such a sweep, one that goes on with its winner, and the final training of that one's winner.
  Study study(const std::string& name, int trials) const;

  Nature nature_of(const TrialSettings& settings, std::uint64_t seed) const;

  // The steps at which a trial is evaluated, ascending; the last is its last step.
  static std::vector<std::int64_t> evaluations_of(const TrainingSettings& training);

  // What a trial that is evaluated on this part measures at such a step.
  std::vector<MetricPoint> points_at(const TrialSettings& settings, std::uint64_t seed, std::int64_t step,
                                     Split evaluate) const;

  // All that such a trial has measured when it has finished, by name and step.
  std::vector<MetricPoint> all_points(const TrialSettings& settings, std::uint64_t seed,
                                      Split evaluate) const;

  static DatasetReport dataset();
  static CompletedReport completed(const TrialPlan& plan);

 private:
  std::uint64_t draw(const TrialSettings& settings, std::uint64_t seed, std::uint64_t what) const;

  std::uint64_t salt_;
};

}  // namespace melsweep::simulation
