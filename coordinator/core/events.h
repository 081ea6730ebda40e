// What comes into the core and what goes out of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/store/store.h"
#include "shared/model/artifact.h"
#include "shared/model/assignment.h"
#include "shared/model/ids.h"
#include "shared/model/progress.h"
#include "shared/model/records.h"
#include "shared/model/resources.h"
#include "shared/model/sweep.h"

namespace melsweep::core {

// Names a request that waits for its reply; given by the shell, never used twice.
struct Token {
  std::uint64_t value = 0;
  friend auto operator<=>(const Token&, const Token&) = default;
};

// --- events

struct WorkerRegistered {
  Token token;
  WorkerId worker;
  std::string host;
  std::string device;
  WorkerResources resources{};
};

// Asks for work and waits for it up to `wait` (at most Options::max_lease_wait).
struct LeaseRequested {
  Token token;
  WorkerId worker;
  RequestId request;
  std::chrono::milliseconds wait{0};
  int max_trials = 1;       // the most of one group that it would take
  std::int64_t number = 0;  // of the worker's requests, in the order in which it made them; 0: not known
};

// Whoever asked for work is no longer there to take it.
struct LeaseAbandoned {
  Token token;  // of the LeaseRequested
};

struct HeartbeatReceived {
  Token token;
  WorkerId worker;
  std::vector<RunningWork> running;
};

struct ReportReceived {
  Token token;
  WorkerId worker;
  std::vector<WorkReport> reports;
};

struct SweepSubmitted {
  Token token;
  RequestId request;
  SweepSpec spec;
  std::string yaml;
  // Where a sweep of the very same YAML has not ended, the answer is that sweep, with those submitted with
  // it.
  bool continue_unfinished = false;
  // Its work goes out before that of all others, until another sweep asks for that or the coordinator ends.
  bool serve_first = false;
  // Of a study: its name, and the sweeps behind the first one, each behind those that it takes from.
  std::string study{};
  std::vector<SweepSpec> followers{};
};

// Each of these three is carried out once, however often its request comes.
struct SweepPaused {
  Token token;
  RequestId request;
  SweepId sweep;
};

struct SweepResumed {
  Token token;
  RequestId request;
  SweepId sweep;
};

struct SweepCancelled {
  Token token;
  SweepId sweep;
  RequestId request{};  // empty: of a client that gives none; cancelling twice is well anyhow
};

// The worker is to leave.
struct WorkerDrained {
  Token token;
  WorkerId worker;
};

// A worker wants to store a file of an attempt, or is about to have it in its place.
struct UploadOffered {
  Token token;
  WorkerId worker;
  AttemptRef attempt;
};

// Who is there and what they do.
struct WorkersAsked {
  Token token;
};

// Time has passed: next_deadline() has come.
struct TimePassed {};

using Event = std::variant<WorkerRegistered, LeaseRequested, LeaseAbandoned, HeartbeatReceived,
                           ReportReceived, SweepSubmitted, SweepPaused, SweepResumed, SweepCancelled,
                           WorkerDrained, UploadOffered, WorkersAsked, TimePassed>;

// --- answers

struct Registered {
  std::chrono::milliseconds lease_ttl;
  std::chrono::milliseconds heartbeat_interval;
  StoreId store;  // whose ids the worker is given
};

struct Leased {
  std::vector<Assignment> assignments{};  // empty: none came in time
};

struct HeartbeatAnswered {
  // As Registered says them: they may be others after the coordinator's restart.
  std::chrono::milliseconds lease_ttl{0};
  std::chrono::milliseconds heartbeat_interval{0};
  std::vector<WorkRef> stop;  // of those reported as running: what is no longer the worker's
  // The rest of them that is asked back, because its sweep is paused. The worker keeps it for as long as it
  // does not give it back: one that does not know of this finishes it, which does no harm.
  std::vector<WorkRef> give_back;
  bool drain = false;  // the worker is to give back all that it has, and leave
};

struct Submitted {
  std::vector<SweepId> sweeps;  // at least one; of a study all, in its order
  // Of sweeps that ask for what no worker has: why they wait. "sweep 3 (grid): it asks for ..."
  std::vector<std::string> warnings{};
};

// Recorded.
struct Reported {
  // Work that is not the worker's any more: of that nothing was recorded, and the worker is to stop it.
  std::vector<WorkRef> stale;
};

// The attempt is the worker's.
struct UploadAccepted {
  SweepId sweep;  // of the attempt's trial
};

struct WorkerStatus {
  WorkerId id;
  bool is_alive = false;          // it holds work, or was heard of within a lease
  std::optional<TrialId> trial;   // what it runs now
  Progress progress;              // of what it does now
  std::int64_t last_seen_ms = 0;  // Unix time; 0 = not since the coordinator's start
};

struct WorkersListed {
  std::vector<WorkerStatus> workers;       // in order of ids
  std::map<SweepId, std::string> unmet{};  // sweeps that ask for what no worker has: what, and what there is
};

// Paused, resumed, cancelled, told to leave.
struct Done {};

// The request cannot be met.
struct Refused {
  absl::Status status;  // not OK
};

using Answer = std::variant<Refused, Registered, Leased, HeartbeatAnswered, Reported, Submitted,
                            UploadAccepted, WorkersListed, Done>;

struct Reply {
  Token token;
  Answer answer;
};

// What an event leads to. The writes go into the store, all or none and in this order, before any reply is
// sent.
struct Outbox {
  std::vector<store::Write> writes;
  std::vector<Reply> replies;
  ObsoleteFiles obsolete;  // to be removed once the writes are durable

  void answer(Token token, Answer answer);
  // The status must not be OK.
  void refuse(Token token, absl::Status status);
};

}  // namespace melsweep::core
