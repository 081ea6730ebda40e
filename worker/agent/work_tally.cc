#include "worker/agent/work_tally.h"

#include <algorithm>
#include <variant>

namespace melsweep::agent {
namespace {

// The trainers' word for it (Progress::stage).
constexpr char kTrainingStage[] = "training";

}  // namespace

void WorkTally::begin() {
  reached_.clear();
  has_asked_cache_ = false;
}

void WorkTally::hear(TrialId trial, const News& news) {
  if (const auto* progress = std::get_if<Progress>(&news)) {
    note_progress(trial, *progress);
  } else if (const auto* measured = std::get_if<MetricsReport>(&news)) {
    if (!measured->points.empty()) reach(trial, measured->points.back().step);
  } else if (const auto* resumed = std::get_if<protocol::Resumed>(&news)) {
    reached_[trial] = resumed->step;
  } else if (const auto* made = std::get_if<protocol::Checkpointed>(&news)) {
    reach(trial, made->checkpoint.step);
  } else if (const auto* finished = std::get_if<protocol::Finished>(&news)) {
    reach(trial, finished->checkpoint.step);
  }
}

// The first that is said of a cache is how much of what is asked for it has; a group's trials ask it
// together.
void WorkTally::note_progress(TrialId trial, const Progress& progress) {
  if (progress.stage == kTrainingStage) return reach(trial, progress.done);
  const auto features = counts_.features.find(progress.stage);
  if (features == counts_.features.end() || has_asked_cache_) return;
  has_asked_cache_ = true;
  features->second.found += progress.done;
  features->second.lacking += std::max<std::int64_t>(0, progress.total - progress.done);
}

void WorkTally::reach(TrialId trial, std::int64_t step) {
  std::int64_t& reached = reached_[trial];
  if (step <= reached) return;
  counts_.steps += step - reached;
  reached = step;
}

void WorkTally::end(const WorkReport& ending) {
  if (!std::holds_alternative<AttemptRef>(ending.work)) return;
  if (std::holds_alternative<CompletedReport>(ending.event)) ++counts_.finished;
  if (std::holds_alternative<Failure>(ending.event)) ++counts_.failed;
  if (std::holds_alternative<ReleasedReport>(ending.event)) ++counts_.released;
}

void WorkTally::abandon(const WorkRef& work) {
  if (std::holds_alternative<AttemptRef>(work)) ++counts_.abandoned;
}

}  // namespace melsweep::agent
