// The core with a clock of its own and a store behind it, driven by one call an event. Every step checks the
// invariants.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/core/invariants.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/may_write.h"
#include "coordinator/core/restore.h"
#include "coordinator/store/memory_store.h"

namespace melsweep::core {

inline const WorkerId kAnna{"anna"};
inline const WorkerId kBert{"bert"};

// Learning rates 0.1, 0.2, ...: one cell each.
inline SweepSpec sweep_of(int cells) {
  SweepSpec spec;
  spec.name = "test";
  spec.dataset.path = "data";
  spec.base.model.weights = "random";
  ParameterAxis axis{"learning_rate", "training.learning_rate", {}};
  for (int i = 1; i <= cells; ++i) axis.values.emplace_back(0.1 * i);
  spec.parameters = {axis};
  return spec;
}

inline DatasetReport two_clips() {
  DatasetReport report;
  report.content_hash = "data-hash";
  report.classes = {"bark", "siren"};
  Clip clip;
  clip.id = "a.wav";
  clip.group = "a";
  clip.content_hash = "clip-hash";
  report.clips.push_back(clip);
  clip.id = "b.wav";
  clip.class_index = 1;
  report.clips.push_back(clip);
  report.weights_hashes = {{"random", "random"}};
  return report;
}

inline CompletedReport completed(std::int64_t step) {
  CompletedReport report;
  report.checkpoint = {step, "/tmp/head.safetensors", "checkpoint-hash"};
  report.evaluation = {Split::kValidation, step, {"bark", "siren"}, {{"a.wav", 0, 1, {0.25F, 0.75F}}}};
  return report;
}

inline MetricsReport accuracy(std::int64_t step, double value) {
  return {{{step, "validation/accuracy", value}, {step, "train/loss", 0.5}}};
}

class Coordinator {
 public:
  explicit Coordinator(const Options& options = {}) { state_.options = options; }

  // The replies to this event; its writes are in the store.
  std::vector<Reply> apply(const Event& event) {
    const bool may_write = core::may_write(state_, event, now_);
    Outbox outbox = core::apply(state_, event, now_);
    last_writes_ = outbox.writes;
    last_obsolete_ = outbox.obsolete;
    EXPECT_TRUE(may_write || last_writes_.empty()) << "events of kind " << event.index() << " do write";
    const absl::Status sound = check_invariants(state_);
    EXPECT_TRUE(sound.ok()) << sound;
    const absl::Status stored = store_.commit(last_writes_);
    EXPECT_TRUE(stored.ok()) << stored;
    return outbox.replies;
  }

  // The only reply, which must be of this kind.
  template <class Kind, class EventKind>
  Kind ask(EventKind event) {
    event.token = next_token();
    const std::vector<Reply> replies = apply(event);
    for (const Reply& reply : replies) {
      if (reply.token != event.token) continue;
      if (const auto* answer = std::get_if<Kind>(&reply.answer)) return *answer;
      if (const auto* refused = std::get_if<Refused>(&reply.answer)) ADD_FAILURE() << refused->status;
      ADD_FAILURE() << "answered by another kind of reply";
      return {};
    }
    ADD_FAILURE() << "not answered";
    return {};
  }

  void add_worker(const WorkerId& worker, const std::string& host = "host") {
    ask<Registered>(WorkerRegistered{{}, worker, host, "cpu"});
  }

  SweepId submit(const SweepSpec& spec, const std::string& request = "submission") {
    return ask<Submitted>(SweepSubmitted{{}, {request}, spec, "yaml"}).sweeps.front();
  }

  // What the worker gets when it asks without waiting.
  std::optional<Assignment> lease(const WorkerId& worker, const std::string& request) {
    const std::vector<Assignment> given = ask<Leased>(LeaseRequested{{}, worker, {request}, {}}).assignments;
    return given.empty() ? std::nullopt : std::optional(given.front());
  }
  std::optional<Assignment> lease(const WorkerId& worker) {
    return lease(worker, "request-" + std::to_string(next_token().value));
  }

  // The attempt that the worker gets, which there must be.
  AttemptRef lease_trial(const WorkerId& worker) {
    const std::optional<Assignment> assignment = lease(worker);
    const auto* trial = assignment ? std::get_if<TrialAssignment>(&*assignment) : nullptr;
    EXPECT_NE(trial, nullptr);
    return trial == nullptr ? AttemptRef{} : AttemptRef{trial->plan.id, trial->epoch};
  }

  PrepareRef lease_preparation(const WorkerId& worker) {
    const std::optional<Assignment> assignment = lease(worker);
    const auto* prepare = assignment ? std::get_if<PrepareAssignment>(&*assignment) : nullptr;
    EXPECT_NE(prepare, nullptr);
    return prepare == nullptr ? PrepareRef{} : prepare->ref;
  }

  // Submitted and prepared by anna, who registers for it.
  SweepId running_sweep(const SweepSpec& spec, const std::string& request = "submission") {
    add_worker(kAnna);
    const SweepId sweep = submit(spec, request);
    report(kAnna, lease_preparation(kAnna), two_clips());
    return sweep;
  }

  void report(const WorkerId& worker, const WorkRef& work, const ReportEvent& event) {
    EXPECT_THAT(ask<Reported>(ReportReceived{{}, worker, {{work, event}}}).stale, testing::IsEmpty());
  }

  absl::StatusCode refused_report(const WorkerId& worker, const WorkRef& work, const ReportEvent& event) {
    return ask<Refused>(ReportReceived{{}, worker, {{work, event}}}).status.code();
  }

  void complete(const WorkerId& worker, const AttemptRef& attempt, double value) {
    report(worker, attempt, accuracy(100, value));
    report(worker, attempt, completed(100));
  }

  std::vector<WorkRef> heartbeat(const WorkerId& worker, const WorkRef& work) {
    return ask<HeartbeatAnswered>(HeartbeatReceived{{}, worker, {{work, {"training", 1, 2}}}}).stop;
  }

  HeartbeatAnswered beat(const WorkerId& worker, const std::vector<RunningWork>& running) {
    return ask<HeartbeatAnswered>(HeartbeatReceived{{}, worker, running});
  }

  void pause(SweepId sweep, const std::string& request) { ask<Done>(SweepPaused{{}, {request}, sweep}); }
  void resume(SweepId sweep, const std::string& request) { ask<Done>(SweepResumed{{}, {request}, sweep}); }
  void drain(const WorkerId& worker) { ask<Done>(WorkerDrained{{}, worker}); }

  // Lets time pass; the replies of the deadlines that were met.
  std::vector<Reply> pass(std::chrono::milliseconds time) {
    now_.monotonic += time;
    now_.wall += time;
    return apply(TimePassed{});
  }

  void pass_until_lease_is_lost() { pass(state_.options.lease_ttl + state_.options.lease_grace); }

  // What the store holds becomes the state, a thousand hours later on the machine's clock.
  void restart() {
    now_.monotonic += std::chrono::hours(1000);
    const absl::StatusOr<store::Snapshot> snapshot = store_.load();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    absl::StatusOr<State> restored = restore(state_.options, *snapshot, now_);
    ASSERT_TRUE(restored.ok()) << restored.status();
    state_ = *std::move(restored);
  }

  Token next_token() { return {++tokens_}; }
  const State& state() const { return state_; }
  const Now& now() const { return now_; }
  store::MemoryStore& store() { return store_; }
  const std::vector<store::Write>& last_writes() const { return last_writes_; }
  const std::vector<ArtifactName>& last_obsolete() const { return last_obsolete_.names; }
  const std::vector<Leftovers>& last_leftovers() const { return last_obsolete_.leftovers; }
  const TrialRecord& trial(const AttemptRef& attempt) const { return state_.trials.at(attempt.trial).record; }
  const SweepRecord& sweep(SweepId id) const { return state_.sweeps.at(id).record; }

 private:
  State state_;
  store::MemoryStore store_;
  Now now_{MonotonicTime(std::chrono::hours(1)), WallTime(std::chrono::milliseconds(1'700'000'000'000))};
  std::vector<store::Write> last_writes_;
  ObsoleteFiles last_obsolete_;
  std::uint64_t tokens_ = 0;
};

}  // namespace melsweep::core
