#include "coordinator/metrics/store_metrics.h"

#include <string>
#include <utility>
#include <variant>

#include "shared/spec/names.h"

namespace melsweep::metrics {
namespace {

using prometheus::Counter;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;

const Histogram::BucketBoundaries kDurations = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                0.1,    0.25,  0.5,    1,     2.5,  5,     10};
const Histogram::BucketBoundaries kBatches = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};

// The same name again adds to the same family.
Counter& counter(Registry& registry, const std::string& name, const std::string& help,
                 const Labels& labels = {}) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

Histogram& histogram(Registry& registry, const std::string& name, const std::string& help,
                     const Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

Counter& granted(Registry& registry, const std::string& work) {
  return counter(registry, "melsweep_leases_granted_total", "Leases of work that were given to workers.",
                 {{"work", work}});
}

Counter& expired(Registry& registry, const std::string& work) {
  return counter(registry, "melsweep_leases_expired_total",
                 "Leases that ran out because their worker was not heard of: it died or was cut off.",
                 {{"work", work}});
}

Counter& failures(Registry& registry, const std::string& reason) {
  return counter(
      registry, "melsweep_store_commit_failures_total",
      "Commits that recorded nothing: for now (unavailable), because of their content (refused), or because "
      "the store is broken.",
      {{"reason", reason}});
}

}  // namespace

StoreMetrics::StoreMetrics()
    : duration_(histogram(registry_, "melsweep_store_commit_duration_seconds",
                          "How long commits to the database took, its syncs included.", kDurations)),
      batch_(histogram(registry_, "melsweep_store_commit_writes", "Writes in one commit.", kBatches)),
      failures_{failures(registry_, "unavailable"), failures(registry_, "refused"),
                failures(registry_, "broken")},
      trials_{granted(registry_, "trial"), expired(registry_, "trial")},
      preparations_{granted(registry_, "preparation"), expired(registry_, "preparation")},
      trials_failed_(counter(registry_, "melsweep_trials_failed_total",
                             "Trials that failed for good: no attempt is left, or none could help.")),
      trials_reused_(counter(registry_, "melsweep_trials_reused_total",
                             "Trials that took over the result of a finished one with the same key.")),
      checkpoints_(counter(registry_, "melsweep_checkpoints_recorded_total",
                           "Checkpoints from which another attempt could go on.")),
      points_(counter(registry_, "melsweep_metric_points_recorded_total", "Points of trials' metrics.")) {
  for (const AttemptState state : {AttemptState::kFinished, AttemptState::kFailed, AttemptState::kLost,
                                   AttemptState::kReleased, AttemptState::kCancelled}) {
    attempts_ended_[state] =
        &counter(registry_, "melsweep_attempts_ended_total", "Attempts at trials that ended.",
                 {{"outcome", std::string(spec::name_of(state))}});
  }
}

void StoreMetrics::note(std::span<const store::Write> writes, std::chrono::nanoseconds duration,
                        const absl::Status& status) {
  duration_.Observe(std::chrono::duration<double>(duration).count());
  batch_.Observe(static_cast<double>(writes.size()));
  if (!status.ok()) return note_failure(status);
  for (const store::Write& write : writes) {
    std::visit([this](const auto& one) { note_recorded(one); }, write);
  }
}

// What store.h says of each.
void StoreMetrics::note_failure(const absl::Status& status) {
  if (absl::IsUnavailable(status)) {
    failures_.unavailable.Increment();
  } else if (absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status)) {
    failures_.refused.Increment();
  } else {
    failures_.broken.Increment();
  }
}

void StoreMetrics::note_recorded(const store::PutAttempt& write) {
  const AttemptRecord& attempt = write.attempt;
  if (attempt.request.value.empty()) return;  // that of a result that was taken over: nobody was given it
  if (attempt.state != AttemptState::kRunning) {
    attempts_ended_.at(attempt.state)->Increment();
    if (attempt.state == AttemptState::kLost) trials_.expired.Increment();
  } else if (!attempt.resumed_from) {  // else it was granted before, and goes on from a checkpoint
    trials_.granted.Increment();
  }
}

void StoreMetrics::note_recorded(const store::PutPreparation& write) {
  const PreparationRecord& preparation = write.preparation;
  if (preparation.state == AttemptState::kRunning) preparations_.granted.Increment();
  if (preparation.state == AttemptState::kLost) preparations_.expired.Increment();
}

void StoreMetrics::note_recorded(const store::PutTrialState& write) {
  if (write.state == TrialState::kFailed) trials_failed_.Increment();
}

void StoreMetrics::note_recorded(const store::PutCheckpoint&) {
  checkpoints_.Increment();
}

void StoreMetrics::note_recorded(const store::AddMetrics& write) {
  points_.Increment(static_cast<double>(write.points.size()));
}

void StoreMetrics::note_recorded(const store::CopyResult&) {
  trials_reused_.Increment();
}

}  // namespace melsweep::metrics
