// Everything the coordinator knows. Plain data: the events of machine.h change it, check_invariants() says
// what always holds of it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/core/events.h"
#include "coordinator/core/grouping.h"
#include "coordinator/core/options.h"
#include "coordinator/core/waiting_line.h"
#include "coordinator/core/work_queue.h"
#include "shared/model/records.h"
#include "shared/time/clock.h"

namespace melsweep::core {

struct Lease {
  MonotonicTime expires;  // lease_ttl + lease_grace after the worker was last heard of
  Progress progress;
  MonotonicTime granted;
  // The worker has spoken of the work, so it did get it.
  bool confirmed = false;
  // What is left to do, in examples to learn from; of work that goes out alone 0.
  std::int64_t cost_left = 0;
  std::set<std::string> metrics;  // names reported under this lease
};

struct SweepEntry {
  SweepRecord record;
  std::map<RequestId, SweepAction> actions;  // carried out; none once the sweep has ended
  PreparationRecord preparation;
  std::optional<Lease> lease;        // of the preparation
  std::string dataset_hash;          // DatasetReport::content_hash; empty while it is not known
  std::vector<std::string> classes;  // DatasetReport::classes; empty while they are not known
  std::map<std::string, std::string> weights_hashes;  // DatasetReport's
  std::string trainer;                                // DatasetReport's
  Families families;                                  // of its trials; none once it has ended
  std::map<int, std::int64_t> leased;                 // what is left to do of each family's leased trials
  std::vector<int> folds;  // that its trials validate on; empty while the data set is not known
  // Trials have consecutive ids: trial number n is first_trial + n - 1.
  TrialId first_trial;
  std::int64_t trials = 0;   // made so far
  std::int64_t planned = 0;  // in all; 0 while that is not known, or nobody needs it any more
  std::int64_t trials_finished = 0;
  std::int64_t trials_failed = 0;
  std::int64_t trials_open = 0;  // pending or running
  std::int64_t trials_leased = 0;
};

struct TrialEntry {
  TrialRecord record;
  std::optional<AttemptRecord> attempt;  // the latest
  std::optional<MetricPoint> objective;  // the sweep's objective metric at the latest step of that attempt
  std::optional<Lease> lease;            // of that attempt, while it runs
  std::set<WorkerId> failed_on;          // workers that earlier attempts failed on
  int family = 0;                        // see Grouping; 0 also where the trial has ended
  // An attempt failed, or took a group down with it: no other trial is to share the next one's fate.
  bool alone = false;
  std::vector<CheckpointRecord> checkpoints;  // oldest first; none once the trial has ended
};

struct WorkerEntry {
  WorkerRecord record;
  std::set<WorkKey> holds;                  // what is leased to it
  std::int64_t last_seen_ms = 0;            // Unix time; 0 = not since the coordinator's start
  std::optional<MonotonicTime> last_heard;  // the same moment, for decisions
  // The latest requests for work that are over: one that comes again was late or doubled on its way.
  std::deque<RequestId> answered;
  std::int64_t latest_request = 0;  // the highest LeaseRequested::number since the coordinator's start
};

// What a trial is (TrialRecord::key), and by which metric it is judged.
using ResultKey = std::pair<std::string, std::string>;

struct State {
  Options options;
  StoreId store;  // whose ids these are
  std::map<SweepId, SweepEntry> sweeps;
  std::map<TrialId, TrialEntry> trials;
  std::map<WorkerId, WorkerEntry> workers;
  std::set<SweepId> open_sweeps;             // those that have not ended
  std::set<SweepId> making;                  // running, and without all their trials yet
  std::map<RequestId, SweepId> submissions;  // the first sweep of each
  std::map<ResultKey, TrialId> results;      // finished trials, the latest of each kind
  // Whose work goes out first (SweepSubmitted::serve_first): two numbers that all theirs lie between; 0:
  // none.
  SweepId first_served;
  SweepId last_served;
  WorkQueue queue;  // pending trials and preparations, but for paused ones
  std::set<std::pair<MonotonicTime, WorkKey>> expiries;  // of every lease
  WaitingLine parked;                                    // requests for work, of workers that are to stay
};

}  // namespace melsweep::core
