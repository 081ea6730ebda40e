#include "coordinator/rpc/engine.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/restore.h"

namespace melsweep::rpc {
namespace {

void append(core::Outbox part, core::Outbox& whole) {
  std::move(part.writes.begin(), part.writes.end(), std::back_inserter(whole.writes));
  std::move(part.replies.begin(), part.replies.end(), std::back_inserter(whole.replies));
}

absl::Status explain(const char* what, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(what, ": ", status.message()));
}

}  // namespace

Engine::Engine(const core::Options& options, std::unique_ptr<store::Store> store, const Clock& clock)
    : options_(options), store_(std::move(store)), clock_(clock) {}

absl::Status Engine::load() {
  const absl::StatusOr<store::Snapshot> snapshot = store_->load();
  if (!snapshot.ok()) return explain("the results database cannot be read", snapshot.status());
  absl::StatusOr<core::State> state = core::restore(options_, *snapshot, clock_.now());
  if (!state.ok()) return state.status();
  state_ = *std::move(state);
  return absl::OkStatus();
}

core::Outbox Engine::apply_all(std::span<const core::Event> events) {
  const Now now = clock_.now();
  core::Outbox outbox;
  for (const core::Event& event : events) append(core::apply(*state_, event, now), outbox);
  // After the events: a heartbeat that waited in the queue still keeps its lease.
  const std::optional<MonotonicTime> deadline = core::next_deadline(*state_);
  if (deadline && *deadline <= now.monotonic) append(core::apply(*state_, core::TimePassed{}, now), outbox);
  return outbox;
}

Engine::Result Engine::process(std::span<const core::Event> events) {
  if (!state_) {
    if (absl::Status status = load(); !status.ok()) return {{}, status};
  }
  core::Outbox outbox = apply_all(events);
  if (!outbox.writes.empty()) {
    if (const absl::Status status = store_->commit(outbox.writes); !status.ok()) {
      state_.reset();
      return {{}, explain("nothing was recorded, because the results database cannot be written", status)};
    }
  }
  return {std::move(outbox.replies), absl::OkStatus()};
}

std::optional<MonotonicTime> Engine::next_deadline() const {
  if (!state_) return std::nullopt;
  return core::next_deadline(*state_);
}

}  // namespace melsweep::rpc
