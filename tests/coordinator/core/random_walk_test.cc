// Thousands of random events, among them lost, repeated and late ones and restarts; after each, the
// invariants hold, and at the end every trial has ended with what was reported for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "coordinator/core/life_cycle.h"
#include "coordinator/store/outline.h"
#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

// A trial but for its cell, which a restart does not bring back where the sweep has ended.
TrialRecord without_cell(TrialRecord record) {
  record.cell = {};
  return record;
}

// What of the state a restart must bring back: all that is written and still of use.
void expect_same_records(const State& a, const State& b) {
  ASSERT_EQ(a.sweeps.size(), b.sweeps.size());
  for (const auto& [id, sweep] : a.sweeps) {
    const SweepRecord& record = sweep.record;
    EXPECT_EQ(is_final(record.state) ? store::outline_of(record) : record, b.sweeps.at(id).record);
    EXPECT_EQ(sweep.actions, b.sweeps.at(id).actions);
    EXPECT_EQ(sweep.preparation, b.sweeps.at(id).preparation);
    EXPECT_EQ(sweep.dataset_hash, b.sweeps.at(id).dataset_hash);
    EXPECT_EQ(sweep.classes, b.sweeps.at(id).classes);
    EXPECT_EQ(sweep.weights_hashes, b.sweeps.at(id).weights_hashes);
    EXPECT_EQ(sweep.trials_open, b.sweeps.at(id).trials_open);
  }
  ASSERT_EQ(a.trials.size(), b.trials.size());
  for (const auto& [id, trial] : a.trials) {
    const TrialEntry& other = b.trials.at(id);
    EXPECT_EQ(without_cell(trial.record), without_cell(other.record));
    if (!is_final(a.sweeps.at(trial.record.sweep).record.state)) {
      EXPECT_EQ(trial.record.cell, other.record.cell);
    }
    EXPECT_EQ(trial.attempt, other.attempt);
    EXPECT_EQ(trial.failed_on, other.failed_on);
    if (trial.record.state == TrialState::kRunning) {
      EXPECT_EQ(trial.objective, other.objective);
    }
  }
  EXPECT_EQ(a.submissions, b.submissions);
  ASSERT_EQ(a.workers.size(), b.workers.size());
  for (const auto& [id, worker] : a.workers) EXPECT_EQ(worker.record, b.workers.at(id).record);
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {}

  void step() {
    switch (below(13)) {
      case 0:
        return register_worker();
      case 1:
      case 2:
      case 3:
        return ask_for_work();
      case 4:
      case 5:
        return report();
      case 6:
        return beat();
      case 7:
        return repeat_something_old();
      case 8:
        return pass(milliseconds(below(4000)));
      case 9:
        return below(20) == 0 ? pass(milliseconds(30'000)) : pass(milliseconds(10));
      case 10:
        return below(6) == 0 ? submit() : ask_for_work();
      case 11:
        return below(8) == 0 ? drain() : steer();
      default:
        if (below(25) == 0) restart();
    }
  }

  // Workers that do what they are told, until nothing is left.
  void finish() {
    for (const SweepId sweep : std::set(coordinator_.state().open_sweeps))
      coordinator_.resume(sweep, fresh_request());
    for (int i = 0; i < 2000 && has_open_sweeps(); ++i) {
      pass(milliseconds(61'000));
      register_worker();
      if (coordinator_.state().workers.at(worker()).record.draining) continue;
      const std::optional<Assignment> assignment = coordinator_.lease(worker_, fresh_request());
      if (assignment) send({worker_, {{work_of(*assignment), ending(*assignment)}}});
    }
    EXPECT_FALSE(has_open_sweeps());
  }

  void expect_every_trial_ended() const {
    for (const auto& [id, trial] : coordinator_.state().trials) {
      EXPECT_TRUE(trial.record.state != TrialState::kPending && trial.record.state != TrialState::kRunning);
    }
  }

  bool has_open_sweeps() const {
    const auto& sweeps = coordinator_.state().sweeps;
    return std::any_of(sweeps.begin(), sweeps.end(),
                       [](const auto& entry) { return !has_ended(entry.second.record.state); });
  }

  std::size_t trials_finished() const {
    const auto& trials = coordinator_.state().trials;
    return static_cast<std::size_t>(std::count_if(trials.begin(), trials.end(), [](const auto& entry) {
      return entry.second.record.state == TrialState::kFinished;
    }));
  }

  int restarts() const { return restarts_; }
  int pauses() const { return pauses_; }
  int groups() const { return groups_; }

  void submit() {
    SweepSpec spec = sweep_of(1 + below(4));
    spec.seeds = 1 + below(2);
    spec.priority = below(2);
    if (below(3) == 0) spec.max_parallel = 1 + below(2);
    if (below(6) == 0) spec.resources.labels = {"even"};
    SweepSubmitted submitted{coordinator_.next_token(), {"s" + std::to_string(below(100))}, spec, ""};
    if (below(3) == 0) {
      // One that takes from the first, and one that takes from both.
      for (const char* name : {"second", "third"}) {
        SweepSpec follower = sweep_of(1);
        follower.name = name;
        follower.parameters = {{"batch_size", "training.batch_size", {std::int64_t{5}, std::int64_t{7}}}};
        follower.takes = {{spec.name, {"training.learning_rate"}}};
        submitted.followers.push_back(follower);
      }
      submitted.followers[1].takes.push_back({"second", {}});
      submitted.study = "study";
    }
    coordinator_.apply(submitted);
    check();
  }

 private:
  struct Message {
    WorkerId worker;
    std::vector<WorkReport> reports;
  };

  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  const WorkerId& worker() {
    worker_ = {"worker-" + std::to_string(below(5))};
    return worker_;
  }

  std::string fresh_request() { return "l" + std::to_string(++requests_); }

  void register_worker() {
    for (int i = 0; i < 5; ++i) {
      WorkerResources resources;
      if (i % 2 == 0) resources.labels = {"even"};
      coordinator_.ask<Registered>(
          WorkerRegistered{{}, {"worker-" + std::to_string(i)}, "host", "cpu", resources});
    }
    check();
  }

  // Some of the answers are lost on their way; some requests wait.
  void ask_for_work() {
    const std::string request = below(4) == 0 ? "l" + std::to_string(requests_) : fresh_request();
    const Token token = coordinator_.next_token();
    const milliseconds wait(below(3) * 1000);
    take(coordinator_.apply(LeaseRequested{token, worker(), {request}, wait, 1 + below(4)}));
    if (below(10) == 0) coordinator_.apply(LeaseAbandoned{token});
    check();
  }

  void take(const std::vector<Reply>& replies) {
    for (const Reply& reply : replies) {
      const auto* leased = std::get_if<Leased>(&reply.answer);
      if (leased == nullptr || leased->assignments.empty() || below(5) == 0) continue;
      for (const Assignment& assignment : leased->assignments) take(assignment);
      groups_ += leased->assignments.size() > 1 ? 1 : 0;
    }
  }

  void take(const Assignment& assignment) {
    const WorkRef work = work_of(assignment);
    std::int32_t& newest = newest_epochs_[std::visit(Name{}, work)];
    const std::int32_t epoch = std::visit([](const auto& ref) { return ref.epoch; }, work);
    EXPECT_GE(epoch, newest) << "epochs rise";
    newest = epoch;
    assigned_.push_back({worker_of(work), assignment});
  }

  struct Name {
    std::string operator()(const AttemptRef& ref) const { return "trial " + std::to_string(ref.trial.value); }
    std::string operator()(const PrepareRef& ref) const { return "sweep " + std::to_string(ref.sweep.value); }
  };

  WorkerId worker_of(const WorkRef& work) const {
    if (const auto* attempt = std::get_if<AttemptRef>(&work)) {
      return coordinator_.state().trials.at(attempt->trial).attempt->worker;
    }
    return coordinator_.state().sweeps.at(std::get<PrepareRef>(work).sweep).preparation.worker;
  }

  ReportEvent ending(const Assignment& assignment) {
    if (below(6) == 0) return Failure{FailureKind::kTrainerDied, "died"};
    if (below(6) == 0) return ReleasedReport{};
    if (below(10) == 0) return ReleasedReport{ReleaseReason::kGroupDied};
    if (below(30) == 0) return Failure{FailureKind::kBadConfiguration, "bad"};
    if (std::holds_alternative<PrepareAssignment>(assignment)) return two_clips();
    return completed(100);
  }

  // The worker of some assignment, live or stale, says something of it.
  void report() {
    if (assigned_.empty()) return;
    // Mostly one of the latest, which may be live.
    const int count = static_cast<int>(assigned_.size());
    const int back = below(4) == 0 ? below(count) : below(std::min(count, 6));
    const auto chosen = static_cast<std::size_t>(count - 1 - back);
    const WorkerId& worker = assigned_[chosen].first;
    Message message{worker, {}};
    add_reports(assigned_[chosen].second, message);
    // Those of a group are next to each other.
    if (chosen > 0) {
      const auto& [neighbour, assignment] = assigned_[chosen - 1];
      const bool is_another = work_of(assignment) != work_of(assigned_[chosen].second);
      if (neighbour == worker && is_another) add_reports(assignment, message);
    }
    send(message);
  }

  void add_reports(const Assignment& assignment, Message& message) {
    const WorkRef work = work_of(assignment);
    if (std::holds_alternative<AttemptRef>(work))
      message.reports.push_back({work, accuracy(below(3) == 0 ? below(200) : 100, 0.5)});
    if (below(2) == 0) message.reports.push_back({work, ending(assignment)});
  }

  void send(const Message& message) {
    if (message.reports.empty()) return;
    sent_.push_back(message);
    const Token token = coordinator_.next_token();
    const std::vector<Reply> replies =
        coordinator_.apply(ReportReceived{token, message.worker, message.reports});
    const bool refused = std::any_of(replies.begin(), replies.end(), [&](const Reply& reply) {
      return reply.token == token && std::holds_alternative<Refused>(reply.answer);
    });
    // None of its work was the worker's, so that it leaves no trace. Others may have been served.
    if (refused) {
      EXPECT_TRUE(replies.size() > 1 || coordinator_.last_writes().empty());
    }
    take(replies);
    check();
  }

  void repeat_something_old() {
    if (sent_.empty()) return;
    const Message message = sent_[static_cast<std::size_t>(below(static_cast<int>(sent_.size())))];
    take(coordinator_.apply(ReportReceived{coordinator_.next_token(), message.worker, message.reports}));
    check();
  }

  void beat() {
    if (assigned_.empty()) return;
    const auto& [worker, assignment] = assigned_[assigned_.size() - 1];
    const Progress progress{"training", below(100), 100};
    coordinator_.apply(
        HeartbeatReceived{coordinator_.next_token(), worker, {{work_of(assignment), progress}}});
    check();
  }

  // Pauses, resumes or cancels some sweep, or asks what was asked before.
  void steer() {
    if (coordinator_.state().open_sweeps.empty()) return;
    const SweepId sweep{1 + below(static_cast<int>(coordinator_.state().sweeps.size()))};
    const Token token = coordinator_.next_token();
    const bool is_old = below(3) == 0;
    const int number = is_old ? below(actions_ + 1) : ++actions_;
    const RequestId request{"a" + std::to_string(number)};
    if (number % 30 == 7) {
      take(coordinator_.apply(SweepCancelled{token, sweep, request}));
    } else if (number % 2 == 0) {
      take(coordinator_.apply(SweepPaused{token, request, sweep}));
      pauses_ += is_old ? 0 : 1;
    } else {
      take(coordinator_.apply(SweepResumed{token, request, sweep}));
    }
    check();
  }

  // One of five, so that others are left.
  void drain() {
    take(coordinator_.apply(WorkerDrained{coordinator_.next_token(), {"worker-4"}}));
    check();
  }

  void pass(milliseconds time) {
    take(coordinator_.pass(time));
    check();
  }

  void restart() {
    const State before = coordinator_.state();
    coordinator_.restart();
    expect_same_records(before, coordinator_.state());
    ++restarts_;
  }

  // What holds across steps: epochs never fall, what has ended stays as it was, and of a paused sweep nothing
  // starts.
  void check() {
    std::set<SweepId> paused;
    for (const auto& [id, sweep] : coordinator_.state().sweeps) {
      if (sweep.record.paused) paused.insert(id);
    }
    for (const auto& [id, trial] : coordinator_.state().trials) {
      TrialRecord& last = last_[id];
      EXPECT_GE(trial.record.epoch, last.epoch);
      if (paused.contains(trial.record.sweep) && paused_.contains(trial.record.sweep)) {
        EXPECT_EQ(trial.record.epoch, last.epoch);
      }
      if (last.state == TrialState::kFinished || last.state == TrialState::kFailed) {
        EXPECT_EQ(without_cell(trial.record), without_cell(last));
      }
      last = trial.record;
    }
    paused_ = std::move(paused);
  }

  std::mt19937_64 random_;
  Coordinator coordinator_;
  WorkerId worker_;
  std::vector<std::pair<WorkerId, Assignment>> assigned_;
  std::vector<Message> sent_;
  std::map<std::string, std::int32_t> newest_epochs_;
  std::map<TrialId, TrialRecord> last_;
  std::set<SweepId> paused_;  // after the last step
  int requests_ = 0;
  int actions_ = 0;
  int pauses_ = 0;
  int groups_ = 0;
  int restarts_ = 0;
};

class RandomWalk : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomWalk, KeepsTheInvariantsAndEndsEveryTrial) {
  Walk walk(GetParam());
  for (int i = 0; i < 5000 && !testing::Test::HasFailure(); ++i) walk.step();
  walk.submit();
  walk.finish();
  walk.expect_every_trial_ended();
  EXPECT_GT(walk.trials_finished(), 25U) << "the walk must reach what it is to test";
  EXPECT_GT(walk.restarts(), 2);
  EXPECT_GT(walk.pauses(), 20);
  EXPECT_GT(walk.groups(), 5);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace melsweep::core
