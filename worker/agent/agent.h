// What a worker does: asks for work, has a trainer do it, tells what came of it. All of it as a function of
// events and time; calls, processes and files are behind CoordinatorLink, Trainer and Artifacts.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "shared/model/assignment.h"
#include "shared/time/clock.h"
#include "shared/wire/retry.h"
#include "worker/agent/agent_status.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/artifacts.h"
#include "worker/agent/call_timing.h"
#include "worker/agent/checkpoint_exchange.h"
#include "worker/agent/coordinator_link.h"
#include "worker/agent/events.h"
#include "worker/agent/held_work.h"
#include "worker/agent/report_queue.h"
#include "worker/agent/stay.h"
#include "worker/agent/trainer_supervisor.h"
#include "worker/agent/work_tally.h"

namespace melsweep::agent {

struct AgentOptions {
  // What attempts make goes to <artifacts_dir>/<store>/sweep-S/trial-T/attempt-E.
  std::filesystem::path artifacts_dir;
  TrainerLimits trainer{};
  // A trial that is lost with its machine loses what it did in this time. 0: checkpoints only when it is
  // stopped.
  std::chrono::milliseconds checkpoint_every{60'000};
  StayLimits stay{};
  wire::BackoffPolicy backoff{};                       // of calls that fail
  std::chrono::milliseconds lease_wait{30'000};        // the longest that one request for work waits
  std::chrono::milliseconds heartbeat_timeout{5'000};  // at most; a third of the lease's time if that is less
  // Metrics that come faster are sent together; every request costs the coordinator a write to disk.
  std::chrono::milliseconds metrics_interval{500};
  // How long a draining agent tries to give its work back once the trainer has stopped.
  std::chrono::milliseconds release{5'000};
  // Requests to stop that come together are one: timeout(1), for example, signals its child and then the
  // child's group.
  std::chrono::milliseconds stop_again_after{500};
  // A trainer that dies, runs out of memory or is at fault leaves its worker idle for a moment, doubled with
  // each such failure in a row, so that one broken machine does not take up every retry of every trial.
  wire::BackoffPolicy after_failure{.initial = std::chrono::milliseconds(500)};
  // More than this cannot be waiting to be reported: the trainer is out of its mind.
  std::size_t max_pending_points = 1'000'000;
};

// What one lease gave it, one piece of work or several trials, is begun together and each ends by itself;
// when nothing of it is left it asks for more.
//
// The promises: a report is repeated until the coordinator has it or says that the work is no longer ours;
// work whose lease ran out is ended here before the coordinator gives it to another; a drained agent holds
// nothing; an attempt ends only when the coordinator has what it made, be that a checkpoint to go on from or
// the trained model, and then no file of it is left here. Not thread-safe.
class Agent {
 public:
  // What the agent acts through; all outlive it.
  struct Parts {
    CoordinatorLink& link;
    Trainer& trainer;
    ArtifactTransfer& transfer;
    Artifacts& artifacts;
  };

  // `make_request_id` gives a new id each time.
  Agent(AgentOptions options, const Parts& parts, std::function<RequestId()> make_request_id,
        std::uint64_t jitter_seed);

  // The first thing to happen; then every event, and TimePassed whenever next_deadline() comes.
  void start(MonotonicTime now);
  void handle(const Event& event, MonotonicTime now);

  // When time alone changes something.
  std::optional<MonotonicTime> next_deadline() const;

  AgentStatus status() const;

  // Once set, the agent is done: 0 drained, 1 refused by the coordinator or left with work that it could not
  // give back, 2 told to leave at once.
  std::optional<int> exit_code() const { return exit_code_; }

 private:
  void on(const RegisterAnswered& answer, MonotonicTime now);
  void on(const LeaseAnswered& answer, MonotonicTime now);
  void on(const HeartbeatAnswered& answer, MonotonicTime now);
  void on(const ReportAnswered& answer, MonotonicTime now);
  void on(const ArtifactStored& stored, MonotonicTime now);
  void on(const ArtifactFetched& fetched, MonotonicTime now);
  void on(const TrainerSaid& said, MonotonicTime now);
  void on(const TrainerBroke& broke, MonotonicTime now);
  void on(const TrainerEnded& ended, MonotonicTime now);
  void on(const StopRequested& request, MonotonicTime now);
  void on(const TimePassed& passed, MonotonicTime now);

  void take_on(const std::vector<Assignment>& assignments, MonotonicTime now);
  void hold(const Assignment& assignment);
  void begin_if_ready(MonotonicTime now);
  void leave_in_time(MonotonicTime now);
  void drain(ReleaseReason reason, MonotonicTime now);
  void give_back(HeldWork& work, ReleaseReason reason, MonotonicTime now);
  void take_terms(const HeartbeatAnswer& answer);
  void hear_of_work(HeldWork& work, const HeartbeatAnswer& answer, MonotonicTime now);
  std::filesystem::path folder_for(const Assignment& assignment) const;
  void on_news(const std::vector<WorkNews>& news, MonotonicTime now);
  void on_news(HeldWork& work, const News& news, MonotonicTime now);
  void on_trainer_done(HeldWork& work, const News& news, MonotonicTime now);
  void on_metrics(const HeldWork& work, const MetricsReport& metrics);
  void on_resumed(const HeldWork& work, const protocol::Resumed& resumed);
  void on_exchange(HeldWork& work, const ExchangeNews& news, MonotonicTime now);
  void end_work(HeldWork& work, ReportEvent ending, MonotonicTime now);
  void report_endings();
  void report_end(HeldWork& work);
  std::optional<MonotonicTime> storing_until() const;
  void note_failure(FailureKind kind, MonotonicTime now);
  void abandon(HeldWork& work, MonotonicTime now);
  void let_go();
  void discard(const std::filesystem::path& leftovers);
  void on_recorded(const WorkRef& ref);
  void abandon_all(const std::vector<WorkRef>& stale, MonotonicTime now);
  void on_refused_report(const WorkRef& ref, const absl::Status& status, MonotonicTime now);
  void check_leases(MonotonicTime now);
  void note_contact(const absl::Status& status);

  HeldWork* find(const WorkRef& work);
  std::vector<CheckpointExchange*> exchanges();
  std::vector<const CheckpointExchange*> exchanges() const;
  HeldWork& owner_of(const CheckpointExchange* exchange);

  // Makes the calls that are due and may be made.
  void make_calls(MonotonicTime now);
  void call_register(MonotonicTime now);
  void call_lease(MonotonicTime now);
  void call_heartbeat(MonotonicTime now);
  void call_report(MonotonicTime now);
  std::optional<MonotonicTime> report_due() const;
  bool wants_registration() const;
  bool wants_lease() const;
  void finish_drain(MonotonicTime now);

  AgentOptions options_;
  CoordinatorLink& link_;
  TrainerSupervisor trainer_;
  ArtifactTransfer& transfer_;
  Artifacts& artifacts_;
  std::function<RequestId()> make_request_id_;
  std::mt19937_64 random_;

  CallTiming register_;
  CallTiming lease_;
  CallTiming heartbeat_;
  CallTiming report_;

  std::optional<LeaseTerms> terms_;  // as the coordinator said last
  bool registered_ = false;
  std::string registered_device_;           // as the latest Register call said
  std::optional<RequestId> lease_request_;  // asked and not answered: repeated until it is
  std::int64_t lease_requests_ = 0;         // made so far
  std::map<TrialId, HeldWork> held_;        // of one lease
  ReportQueue reports_;
  WorkTally tally_;
  std::set<WorkRef> reported_;  // of the batch that is out
  std::set<WorkRef> claimed_;   // of the heartbeat that is out
  int failures_in_a_row_ = 0;   // of trainers
  bool in_contact_ = true;      // as last told to the log
  Stay stay_;
  std::optional<MonotonicTime> stop_requested_at_;        // by the first StopRequested
  std::optional<MonotonicTime> drain_until_;              // set: draining
  ReleaseReason drain_reason_ = ReleaseReason::kDrained;  // where that is set
  std::optional<int> exit_code_;
};

}  // namespace melsweep::agent
