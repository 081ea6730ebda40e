// Everything the coordinator knows. Plain data: the events of machine.h change it, check_invariants() says
// what always holds of it.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "coordinator/core/events.h"
#include "coordinator/core/options.h"
#include "coordinator/core/work_queue.h"
#include "shared/model/records.h"
#include "shared/time/clock.h"

namespace melsweep::core {

struct Lease {
  MonotonicTime expires;  // lease_ttl + lease_grace after the worker was last heard of
  Progress progress;
};

struct SweepEntry {
  SweepRecord record;
  PreparationRecord preparation;
  std::optional<Lease> lease;  // of the preparation
  std::string dataset_hash;    // DatasetReport::content_hash; empty while it is not known
  // Trials have consecutive ids: trial number n is first_trial + n - 1.
  TrialId first_trial;
  std::int64_t trials = 0;
  std::int64_t trials_finished = 0;
  std::int64_t trials_failed = 0;
  std::int64_t trials_open = 0;  // pending or running
};

struct TrialEntry {
  TrialRecord record;
  std::optional<AttemptRecord> attempt;  // the latest
  std::optional<MetricPoint> objective;  // the sweep's objective metric at the latest step of that attempt
  std::optional<Lease> lease;            // of that attempt, while it runs
};

struct WorkerEntry {
  WorkerRecord record;
  std::set<WorkKey> holds;        // what is leased to it
  std::int64_t last_seen_ms = 0;  // Unix time; 0 = not since the coordinator's start
};

// A request for work that found none yet.
struct ParkedLease {
  Token token;
  WorkerId worker;
  RequestId request;
  MonotonicTime deadline;
};

struct State {
  Options options;
  std::map<SweepId, SweepEntry> sweeps;
  std::map<TrialId, TrialEntry> trials;
  std::map<WorkerId, WorkerEntry> workers;
  std::set<SweepId> open_sweeps;  // preparing or running
  std::map<RequestId, SweepId> submissions;
  WorkQueue queue;                                       // pending trials and preparations
  std::set<std::pair<MonotonicTime, WorkKey>> expiries;  // of every lease
  std::list<ParkedLease> parked;                         // in order of arrival, one a worker at most
};

}  // namespace melsweep::core
