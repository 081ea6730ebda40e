// What was promised to those outside, held against what is durable.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/core/state.h"
#include "shared/model/assignment.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/violations.h"

namespace melsweep::simulation {

// An acknowledged result is durable at once and for ever; epochs never fall; what has ended stays as it is; a
// request has one answer; nothing starts of a sweep that is known to be paused, nor on a worker that is known
// to be told to leave.
class Ledger {
 public:
  explicit Ledger(Violations& violations) : violations_(violations) {}

  // The coordinator's state is this, and durable.
  void after_step(const core::State& state);

  // A worker hears that the coordinator has these reports of one message.
  void on_acknowledged(const std::vector<WorkReport>& reports, const Disk& disk);
  void on_submitted(const RequestId& request, const std::vector<SweepId>& sweeps);
  void on_cancelled(SweepId sweep) { cancelled_[sweep] = true; }
  // Somebody hears that the sweep is paused; nobody else pauses or resumes it.
  void on_paused(SweepId sweep) { paused_.insert(sweep); }
  void on_resuming(SweepId sweep) { paused_.erase(sweep); }
  void on_drained(const WorkerId& worker) { drained_.insert(worker); }
  // A trainer begins the attempt together with others.
  void on_grouped(const AttemptRef& attempt) { grouped_.insert(attempt); }

  // All that was acknowledged so far is there still.
  void check_durable(Disk& disk);

  bool is_cancelled(SweepId sweep) const { return cancelled_.contains(sweep); }
  bool was_grouped(const AttemptRef& attempt) const { return grouped_.contains(attempt); }
  std::size_t sweeps() const;

  // As it was while the sweep was open, with what it had taken over: of one that has ended the store gives
  // back an outline only.
  const SweepSpec& spec_of(SweepId sweep) const { return specs_.at(sweep); }

 private:
  struct Seen {
    std::int32_t epoch = 0;
    int failed_attempts = 0;
    TrialState state = TrialState::kPending;
    std::optional<double> objective;
  };
  // Of an attempt.
  struct Acknowledged {
    std::size_t points = 0;  // at least
    bool completed = false;
  };

  void note_spec(const SweepRecord& sweep);
  void check_start(const std::string& what, SweepId sweep, const WorkerId& worker);
  void acknowledge_points(const AttemptRef& attempt, const std::vector<MetricPoint>& points,
                          const Disk& disk);

  Violations& violations_;
  std::vector<Seen> trials_;  // by id - 1
  std::size_t seen_trials_ = 0;
  std::map<AttemptRef, Acknowledged> attempts_;
  std::map<RequestId, std::vector<SweepId>> submissions_;
  std::map<SweepId, bool> cancelled_;
  std::set<SweepId> paused_;
  std::set<WorkerId> drained_;
  std::set<AttemptRef> grouped_;
  std::map<SweepId, std::int32_t> preparations_;  // the latest epoch
  std::map<SweepId, SweepSpec> specs_;
  std::set<SweepId> waiting_;  // at the latest look
};

}  // namespace melsweep::simulation
