// The store in numbers: its commits, and what they recorded.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <span>

#include "absl/status/status.h"
#include "coordinator/store/store.h"
#include "shared/model/trial.h"
#include "shared/monitoring/families.h"

namespace melsweep::metrics {

// Counts from its construction on: what the database had before is not in it. Thread-safe.
class StoreMetrics {
 public:
  StoreMetrics();

  // A commit of these writes that took so long and came to this.
  void note(std::span<const store::Write> writes, std::chrono::nanoseconds duration,
            const absl::Status& status);

  monitoring::Families collect() const { return registry_.Collect(); }

 private:
  struct Leases {
    prometheus::Counter& granted;
    prometheus::Counter& expired;
  };
  struct Failures {
    prometheus::Counter& unavailable;
    prometheus::Counter& refused;
    prometheus::Counter& broken;
  };

  void note_failure(const absl::Status& status);
  void note_recorded(const store::PutAttempt& write);
  void note_recorded(const store::PutPreparation& write);
  void note_recorded(const store::PutTrialState& write);
  void note_recorded(const store::PutCheckpoint& write);
  void note_recorded(const store::AddMetrics& write);
  void note_recorded(const store::CopyResult& write);
  template <class Write>
  void note_recorded(const Write&) {}  // of the others nothing is counted

  prometheus::Registry registry_;
  prometheus::Histogram& duration_;
  prometheus::Histogram& batch_;
  Failures failures_;
  Leases trials_;
  Leases preparations_;
  std::map<AttemptState, prometheus::Counter*> attempts_ended_;  // all but kRunning
  prometheus::Counter& trials_failed_;
  prometheus::Counter& trials_reused_;
  prometheus::Counter& checkpoints_;
  prometheus::Counter& points_;
};

}  // namespace melsweep::metrics
