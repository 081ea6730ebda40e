// An agent whose coordinator, trainer and clock are the test's.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "worker/agent/agent.h"

namespace melsweep::agent {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Keeps the calls that wait for their answer.
class FakeLink final : public CoordinatorLink {
 public:
  void register_worker(const std::string& device) override { registering.emplace(device); }
  void lease(const WorkRequest& request) override { leasing = request; }
  void cancel_lease() override { lease_cancelled = true; }
  void heartbeat(const std::vector<RunningWork>& running, milliseconds timeout) override {
    beating = running;
    heartbeat_timeout = timeout;
  }
  void report(const std::vector<WorkReport>& reports) override { reporting = reports; }

  std::optional<std::string> registering;
  std::optional<WorkRequest> leasing;
  std::optional<std::vector<RunningWork>> beating;
  std::optional<std::vector<WorkReport>> reporting;
  milliseconds heartbeat_timeout{0};
  bool lease_cancelled = false;
};

class FakeTrainer final : public Trainer {
 public:
  absl::Status start() override {
    ++starts;
    return start_status;
  }
  absl::Status tell(const protocol::Command& command) override {
    if (tell_status.ok()) told.push_back(command);
    return tell_status;
  }
  void kill() override { ++kills; }

  int starts = 0;
  int kills = 0;
  std::vector<protocol::Command> told;
  absl::Status start_status;
  absl::Status tell_status;
};

// Keeps what is under way.
class FakeTransfer final : public ArtifactTransfer {
 public:
  struct Fetch {
    ArtifactName name;
    std::string sha256;
    std::filesystem::path to;
  };

  void store(const StoreId&, const ArtifactName& name, const LocalFile& file) override {
    storing = Checkpoint{name.step, file.path, file.sha256};
    storing_kind = name.kind;
  }
  void fetch(const StoreId&, const ArtifactName& name, const std::string& sha256,
             const std::filesystem::path& to) override {
    fetching = Fetch{name, sha256, to};
  }
  void cancel() override { is_cancelled = true; }

  std::optional<Checkpoint> storing;
  ArtifactKind storing_kind = ArtifactKind::kCheckpoint;
  std::optional<Fetch> fetching;
  bool is_cancelled = false;
};

class FakeArtifacts final : public Artifacts {
 public:
  void discard(const std::filesystem::path& folder) override { discarded.push_back(folder); }

  std::vector<std::filesystem::path> discarded;
};

inline const seconds kTtl{15};
inline const seconds kInterval{3};
inline const StoreId kStore{"db-1"};

class AgentUnderTest : public testing::Test {
 protected:
  explicit AgentUnderTest(const StayLimits& stay = {}) : stay_limits(stay) { agent.start(now); }

  void happen(const Event& event) { agent.handle(event, now); }

  // Time goes on, and with it whatever time alone does.
  void pass(milliseconds time) {
    const MonotonicTime until = now + time;
    while (!agent.exit_code()) {
      const auto deadline = agent.next_deadline();
      if (!deadline || *deadline > until) break;
      now = std::max(now, *deadline);
      happen(TimePassed{});
      if (++steps_ > 10'000) FAIL() << "the agent asks to be called without end";
    }
    now = until;
    happen(TimePassed{});
  }

  // The first time the trainer, which is started by it, says hello at once.
  void answer_register() {
    ASSERT_TRUE(link.registering);
    link.registering.reset();
    const int starts = trainer.starts;
    happen(RegisterAnswered{LeaseTerms{kTtl, kInterval, kStore}});
    if (trainer.starts > starts && trainer.start_status.ok()) say_hello();
  }

  void say_hello() { say(protocol::Hello{protocol::kVersion, "fake", "unknown", 8}); }

  void answer_heartbeat(std::vector<WorkRef> stop = {}) { answer_heartbeat_with({.stop = std::move(stop)}); }

  void answer_heartbeat_with(HeartbeatAnswer answer) {
    ASSERT_TRUE(link.beating);
    link.beating.reset();
    happen(HeartbeatAnswered{std::move(answer)});
  }

  // The next heartbeat, when it is due, is answered like this.
  void answer_next_heartbeat(const HeartbeatAnswer& answer) {
    if (!link.beating) pass(kInterval);
    answer_heartbeat_with(answer);
  }

  // Lets time pass while the coordinator answers every heartbeat at once.
  void pass_in_contact(milliseconds time) {
    for (milliseconds passed{0}; passed < time; passed += seconds(1)) {
      pass(seconds(1));
      if (link.beating) answer_heartbeat();
    }
  }

  void answer_lease(absl::StatusOr<std::optional<Assignment>> assignment) {
    if (!assignment.ok()) return answer_leases(assignment.status());
    answer_leases(*assignment ? std::vector<Assignment>{**assignment} : std::vector<Assignment>{});
  }

  void answer_leases(absl::StatusOr<std::vector<Assignment>> assignments) {
    ASSERT_TRUE(link.leasing);
    link.leasing.reset();
    happen(LeaseAnswered{std::move(assignments)});
  }

  // `stale`: what of it is no longer ours.
  void answer_report(const absl::Status& status, std::vector<WorkRef> stale = {}) {
    ASSERT_TRUE(link.reporting);
    link.reporting.reset();
    happen(ReportAnswered{status, std::move(stale)});
  }

  static TrialAssignment trial(std::int64_t id = 7, std::int32_t epoch = 2) {
    TrialAssignment assignment;
    assignment.epoch = epoch;
    assignment.plan.id = TrialId{id};
    assignment.plan.sweep = SweepId{3};
    return assignment;
  }

  // What it leads to store is stored at once, unless the test answers itself.
  void say(const protocol::Event& event) {
    happen(TrainerSaid{event});
    while (stores_at_once && transfer.storing) answer_store(absl::OkStatus());
  }

  void answer_store(const absl::Status& status) {
    ASSERT_TRUE(transfer.storing);
    transfer.storing.reset();
    happen(ArtifactStored{status});
  }

  void answer_fetch(const absl::Status& status) {
    ASSERT_TRUE(transfer.fetching);
    transfer.fetching.reset();
    happen(ArtifactFetched{status});
  }

  // From nothing to a trainer at work on a trial.
  void run_trial() {
    answer_register();
    answer_lease(Assignment(trial()));
    ASSERT_EQ(trainer.told.size(), 1u);
    if (link.beating) answer_heartbeat();
  }

  // Why the work is given back, as the report under way says.
  ReleaseReason reported_reason() const {
    const ReportEvent event = reported();
    const auto* released = std::get_if<ReleasedReport>(&event);
    if (released == nullptr) ADD_FAILURE() << "it is not given back";
    return released == nullptr ? ReleaseReason::kUndelivered : released->reason;
  }

  // What the report under way says, one event.
  ReportEvent reported() const {
    if (!link.reporting || link.reporting->size() != 1) {
      ADD_FAILURE() << "not one report is under way";
      return MetricsReport{};
    }
    return link.reporting->front().event;
  }

  const WorkRef attempt = AttemptRef{TrialId{7}, 2};
  const std::filesystem::path folder = "/data/artifacts/db-1/sweep-3/trial-7/attempt-2";  // of that attempt
  MonotonicTime now{seconds(1000)};
  FakeLink link;
  FakeTrainer trainer;
  FakeTransfer transfer;
  bool stores_at_once = true;
  FakeArtifacts artifacts;
  int requests = 0;
  StayLimits stay_limits;
  Agent agent{AgentOptions{.artifacts_dir = "/data/artifacts", .stay = stay_limits},
              {link, trainer, transfer, artifacts},
              [this] { return RequestId{"request-" + std::to_string(++requests)}; },
              1};

 private:
  int steps_ = 0;
};

}  // namespace melsweep::agent
