// The store's contract without a disk: for tests of everything above it, and for the simulation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "coordinator/store/store.h"

namespace melsweep::store {

class MemoryStore final : public Store {
 public:
  // A simulation names its stores itself, so that it goes the same way every time.
  explicit MemoryStore(StoreId id = {"memory"}) : id_(std::move(id)) {}

  absl::Status commit(std::span<const Write> writes) override;
  absl::StatusOr<Snapshot> load() override;

  // What load() leaves out. Empty where nothing was written.
  std::vector<MetricPoint> metrics(const AttemptRef& attempt) const;     // by name, then step
  std::vector<Evaluation> evaluations(const AttemptRef& attempt) const;  // by split
  std::vector<StageTime> stages(const AttemptRef& attempt) const;        // as they came
  std::optional<DatasetReport> dataset(SweepId sweep) const;

 private:
  struct State {
    std::map<SweepId, SweepRecord> sweeps;
    std::map<std::size_t, SweepActionRecord> actions;  // by their number, from 0
    std::map<TrialId, TrialRecord> trials;
    std::map<AttemptRef, AttemptRecord> attempts;
    std::map<std::pair<AttemptRef, std::int64_t>, CheckpointRecord> checkpoints;  // attempt, step
    std::map<WorkerId, WorkerRecord> workers;
    std::map<SweepId, DatasetReport> datasets;
    std::map<SweepId, PreparationRecord> preparations;
    std::map<std::pair<SweepId, std::int64_t>, TrialId> trial_numbers;
    std::map<std::tuple<AttemptRef, std::string, std::int64_t>, double> metrics;  // attempt, name, step
    std::map<std::pair<AttemptRef, Split>, Evaluation> evaluations;
    std::map<AttemptRef, std::vector<StageTime>> stages;
  };
  struct Transaction;

  static std::vector<MetricPoint> metrics_of(const State& state, const AttemptRef& attempt);
  std::optional<MetricPoint> last_objective(const AttemptRecord& attempt) const;

  StoreId id_;
  State state_;
};

}  // namespace melsweep::store
