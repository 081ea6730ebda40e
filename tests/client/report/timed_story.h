// A story of runs that say what their time went into.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "shared/results/sweep_story.h"

namespace melsweep::report {

struct TimedRun {
  std::string group;
  std::vector<StageTime> stages{};
  std::int64_t began_s = 0;
  std::int64_t took_s = 10;
  std::int64_t begun_together = 1;
  std::string kind = "mel, 100";
  std::int64_t steps = 1000;
};

inline results::SweepStory timed_sweep(std::int64_t id, const std::vector<TimedRun>& runs) {
  results::SweepStory sweep;
  sweep.summary.id = SweepId{id};
  sweep.summary.name = "sweep-" + std::to_string(id);
  for (const TimedRun& run : runs) {
    sweep.runs.push_back({.trial = static_cast<std::int64_t>(sweep.runs.size()) + 1,
                          .worker = "anna",
                          .host = "host",
                          .device = "cpu",
                          .group = run.group,
                          .started_ms = 1000 * run.began_s,
                          .ended_ms = 1000 * (run.began_s + run.took_s),
                          .stages = run.stages,
                          .kind = run.stages.empty() ? "" : run.kind,
                          .begun_together = run.begun_together,
                          .steps = run.steps});
  }
  return sweep;
}

inline results::Story timed_story(const std::vector<TimedRun>& runs) {
  results::Story story;
  story.sweeps.push_back(timed_sweep(1, runs));
  return story;
}

}  // namespace melsweep::report
