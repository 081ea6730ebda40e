// What an agent has done since its start, in numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "shared/model/assignment.h"
#include "shared/model/ids.h"
#include "worker/agent/trainer_supervisor.h"

namespace melsweep::agent {

struct WorkCounts {
  std::int64_t steps = 0;  // of training, as far as the trainer has told
  // Attempts at trials whose end was told to the coordinator, and those that were no longer this worker's.
  std::int64_t finished = 0;
  std::int64_t failed = 0;
  std::int64_t released = 0;
  std::int64_t abandoned = 0;
  std::int64_t trainer_failures = 0;  // it died, ran out of memory or was at fault
  std::int64_t unanswered_calls = 0;  // to the coordinator
  std::int64_t files_stored = 0;      // checkpoints and models that the coordinator has
  // Features that trials asked a cache for, by what they are ("bottlenecks", "spectrograms"): there already,
  // or to be made.
  struct Features {
    std::int64_t found = 0;
    std::int64_t lacking = 0;
    friend bool operator==(const Features&, const Features&) = default;
  };
  std::map<std::string, Features> features{{"bottlenecks", {}}, {"spectrograms", {}}};
  friend bool operator==(const WorkCounts&, const WorkCounts&) = default;
};

// Not thread-safe.
class WorkTally {
 public:
  // The trainer is told to do what one lease gave.
  void begin();

  // What it says of a piece of that work.
  void hear(TrialId trial, const News& news);

  // How an attempt ended, or a look at data, which is not counted.
  void end(const WorkReport& ending);
  void abandon(const WorkRef& work);

  // For what the agent itself knows best.
  WorkCounts& counts() { return counts_; }
  const WorkCounts& counts() const { return counts_; }

 private:
  void note_progress(TrialId trial, const Progress& progress);
  void reach(TrialId trial, std::int64_t step);

  WorkCounts counts_;
  std::map<TrialId, std::int64_t>
      reached_;                   // steps, of the lease's trials; where a trial resumed, from there on
  bool has_asked_cache_ = false;  // the lease's work has, and what came of it is counted
};

}  // namespace melsweep::agent
