#include "tests/simulation/simulated_coordinator.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/core/invariants.h"
#include "coordinator/core/restore.h"
#include "tests/simulation/same_records.h"

namespace melsweep::simulation {

using std::chrono::milliseconds;

SimulatedCoordinator::SimulatedCoordinator(const Parts& parts, core::Options options, StoreMaker make_store,
                                           Random random)
    : parts_(parts), options_(options), make_store_(std::move(make_store)), random_(random) {}

void SimulatedCoordinator::start() {
  parts_.trace.note(parts_.queue.now(), Happening::kCoordinatorStarts, static_cast<std::int64_t>(++process_));
  engine_.emplace(options_, make_store_(parts_.disk), parts_.queue.clock());
  if (const absl::Status status = engine_->load(); !status.ok()) {
    parts_.violations.add(absl::StrCat("the coordinator cannot start: ", std::string(status.message())));
    return;
  }
  parts_.folder.remove_unused(core::artifacts_in_use(*engine_->state()));
  parts_.ledger.check_durable(parts_.disk);
  parts_.ledger.after_step(*engine_->state());
  schedule_deadline();
}

void SimulatedCoordinator::crash() {
  parts_.trace.note(parts_.queue.now(), Happening::kCoordinatorCrashes, 0,
                    static_cast<std::int64_t>(waiters_.size() + queue_.size()));
  engine_.reset();
  ++process_;
  busy_ = false;
  wakes_at_.reset();
  take_batch();  // whoever asked waits for an answer
  refuse_all(absl::UnavailableError("the connection broke"));
  on_down_();
}

void SimulatedCoordinator::enqueue(Request request) {
  queue_.push_back(std::move(request));
  schedule_step();
}

std::vector<core::Event> SimulatedCoordinator::take_batch() {
  std::vector<core::Event> batch;
  batch.reserve(queue_.size());
  for (Request& request : std::exchange(queue_, {})) {
    batch.push_back(std::move(request.event));
    if (request.done) waiters_.emplace(request.token, std::move(request.done));
  }
  return batch;
}

void SimulatedCoordinator::abandon(core::Token token) {
  if (is_up()) enqueue({core::LeaseAbandoned{token}, token, nullptr});
}

void SimulatedCoordinator::schedule_step() {
  if (busy_) return;
  busy_ = true;
  parts_.queue.after(milliseconds(0), [this, process = process_] {
    if (process == process_) step();
  });
}

void SimulatedCoordinator::schedule_deadline() {
  const std::optional<MonotonicTime> deadline = engine_->next_deadline();
  if (!deadline || (wakes_at_ && *wakes_at_ <= *deadline)) return;
  wakes_at_ = *deadline;
  parts_.queue.at(*deadline, [this, process = process_, when = *deadline] {
    if (process != process_ || wakes_at_ != when) return;
    wakes_at_.reset();
    const std::optional<MonotonicTime> due = engine_->next_deadline();
    if (due && *due <= parts_.queue.now()) {
      schedule_step();
    } else {
      schedule_deadline();
    }
  });
}

void SimulatedCoordinator::step() {
  const std::vector<core::Event> batch = take_batch();
  auto result = std::make_shared<engine::Engine::Result>(engine_->process(batch));
  parts_.trace.note(parts_.queue.now(), Happening::kBatch, static_cast<std::int64_t>(batch.size()),
                    static_cast<std::int64_t>(result->replies.size()), result->fatal.raw_code());
  if (const std::optional<CommitFate> fate = parts_.disk.take_latest()) {
    parts_.trace.note(parts_.queue.now(), Happening::kCommit, static_cast<std::int64_t>(*fate));
  }
  if (parts_.disk.take_death()) {
    crash();
    return;
  }
  if (const core::State* state = engine_->state()) {
    if (const absl::Status sound = core::check_invariants(*state); !sound.ok()) {
      parts_.violations.add(absl::StrCat("the core's invariants: ", std::string(sound.message())));
    }
    parts_.ledger.after_step(*state);
  }
  parts_.queue.after(random_.between(milliseconds(0), longest_commit_),
                     [this, process = process_, result = std::move(result)] {
                       if (process == process_) finish_step(*result);
                     });
}

void SimulatedCoordinator::finish_step(const engine::Engine::Result& result) {
  busy_ = false;
  for (const core::Reply& reply : result.replies) answer(reply);
  parts_.folder.remove(result.obsolete);
  if (!result.fatal.ok()) {
    parts_.violations.add(absl::StrCat("the engine gives up: ", std::string(result.fatal.message())));
    refuse_all(result.fatal);
  }
  if (!queue_.empty()) schedule_step();
  schedule_deadline();
}

void SimulatedCoordinator::answer(const core::Reply& reply) {
  auto waiter = waiters_.extract(reply.token);
  if (waiter.empty()) {
    parts_.violations.add(absl::StrCat("request ", reply.token.value, " is answered twice"));
    return;
  }
  waiter.mapped()(reply.answer);
}

void SimulatedCoordinator::refuse_all(const absl::Status& status) {
  for (const auto& [token, done] : std::exchange(waiters_, {})) done(core::Refused{status});
}

void SimulatedCoordinator::check_files(const core::State& state) {
  for (const ArtifactName& file : core::artifacts_in_use(state).files) {
    if (parts_.folder.contains(file)) continue;
    parts_.violations.add(absl::StrCat("the checkpoint at step ", file.step, " of trial ",
                                       file.attempt.trial.value, " has no file"));
  }
}

void SimulatedCoordinator::check_restorable() {
  if (!is_up() || busy_ || state() == nullptr) return;
  const absl::StatusOr<store::Snapshot> snapshot = parts_.disk.load_durable();
  const absl::StatusOr<core::State> restored = core::restore(options_, *snapshot, parts_.queue.clock().now());
  if (!restored.ok()) {
    parts_.violations.add(absl::StrCat("what is durable is no state: ", restored.status().ToString()));
  } else if (const auto difference = difference_of_records(*state(), *restored)) {
    parts_.violations.add(absl::StrCat("what is durable is not what is known: ", *difference));
  }
  check_files(*state());
}

}  // namespace melsweep::simulation
