// Who is first, second, third, ... in a sweep.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "shared/model/ids.h"
#include "shared/results/results.h"

namespace melsweep::results {

// The ranking of one sweep, read from the view `ranked_trials` once and kept until another of its trials has
// ended: to rank costs O(n log n). SQLite's errors are thrown, and change nothing.
class Standings {
 public:
  // Makes these the standings of this sweep, as summed up at the same moment.
  void update(SQLite::Database& database, const SweepSummary& sweep);

  // Best first.
  std::span<const TrialId> ranked() const { return ranked_; }

  // 1 = best; 0 = not ranked.
  std::int64_t rank_of(TrialId trial) const;

  // See SweepProgress.
  std::int64_t mean_duration_ms() const { return mean_duration_ms_; }

 private:
  // What the ranking depends on: that of a trial that has ended never changes again.
  struct Basis {
    SweepId sweep;
    std::int64_t trials = 0;
    std::int64_t finished = 0;
    std::int64_t failed = 0;
    friend bool operator==(const Basis&, const Basis&) = default;
  };

  Basis basis_;
  std::vector<TrialId> ranked_;
  std::unordered_map<TrialId, std::int64_t> ranks_;
  std::int64_t mean_duration_ms_ = 0;
};

}  // namespace melsweep::results
