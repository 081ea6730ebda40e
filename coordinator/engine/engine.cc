#include "coordinator/engine/engine.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/may_write.h"
#include "coordinator/core/restore.h"

namespace melsweep::engine {
namespace {

using std::chrono::milliseconds;

// A failed commit may have waited for a lock and is followed by reading everything back, both of which keep
// heartbeats waiting: not more often than this.
constexpr milliseconds kFirstRetry{500};
constexpr milliseconds kLongestRetry{5'000};

void append(core::Outbox part, core::Outbox& whole) {
  std::move(part.writes.begin(), part.writes.end(), std::back_inserter(whole.writes));
  std::move(part.replies.begin(), part.replies.end(), std::back_inserter(whole.replies));
  whole.obsolete.append(part.obsolete);
}

absl::Status explain(const char* what, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(what, ": ", status.message()));
}

// The store will never take the writes, and takes others.
bool is_bad_write(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status);
}

// Of the request that waits for an answer to the event, if one does.
std::optional<core::Token> token_of(const core::Event& event) {
  struct Get {
    std::optional<core::Token> operator()(const core::TimePassed&) const { return std::nullopt; }
    std::optional<core::Token> operator()(const core::LeaseAbandoned&) const { return std::nullopt; }
    std::optional<core::Token> operator()(const core::LeaseRequested& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::WorkerRegistered& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::HeartbeatReceived& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::ReportReceived& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::SweepSubmitted& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::SweepPaused& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::SweepResumed& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::SweepCancelled& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::WorkerDrained& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::UploadOffered& e) const { return e.token; }
    std::optional<core::Token> operator()(const core::WorkersAsked& e) const { return e.token; }
  };
  return std::visit(Get{}, event);
}

void refuse(core::Token token, const absl::Status& status, Engine::Result& result) {
  result.replies.push_back({token, core::Refused{status}});
}

void refuse(const core::Event& event, const absl::Status& status, Engine::Result& result) {
  if (const std::optional<core::Token> token = token_of(event)) refuse(*token, status, result);
}

// Never FailedPrecondition, which tells a worker that another has its work.
absl::Status bad_request(const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat("this cannot be recorded: ", status.message()));
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

core::Outbox Engine::apply_events(std::span<const core::Event> events, const Now& now) {
  core::Outbox outbox;
  for (const core::Event& event : events) append(core::apply(*state_, event, now), outbox);
  return outbox;
}

core::Outbox Engine::apply_time(const Now& now) {
  const std::optional<MonotonicTime> deadline = core::next_deadline(*state_);
  if (!deadline || *deadline > now.monotonic) return {};
  return core::apply(*state_, core::TimePassed{}, now);
}

Engine::Result Engine::process(std::span<const core::Event> events) {
  Result result;
  const Now now = clock_.now();
  if (!state_ && may_try_store(now)) {
    const absl::Status status = load();
    if (absl::IsUnavailable(status)) {
      have_trouble(status, now);
    } else if (!status.ok()) {
      result.fatal = status;
      return result;
    } else {
      trouble_ = absl::OkStatus();
    }
  }
  if (!state_ || !may_try_store(now)) {
    serve_without_store(events, now, result);
    return result;
  }
  core::Outbox outbox = apply_events(events, now);
  // After the events: a heartbeat that waited in the queue still keeps its lease.
  append(apply_time(now), outbox);
  const absl::Status status = record(std::move(outbox), events, now, result);
  if (is_bad_write(status)) {
    record_one_by_one(events, now, result);
  } else if (absl::IsUnavailable(status)) {
    serve_without_store(events, now, result);
  }
  return result;
}

// Commits what came of these events. Where that fails, the state is as it was before them, and of them none
// is answered.
absl::Status Engine::record(core::Outbox outbox, std::span<const core::Event> events, const Now& now,
                            Result& result) {
  if (!outbox.writes.empty()) {
    if (absl::Status status = store_->commit(outbox.writes); !status.ok()) {
      status = explain("nothing was recorded, because the results database cannot be written", status);
      if (absl::IsUnavailable(status)) {
        have_trouble(status, now);
      } else if (!is_bad_write(status)) {
        result.fatal = status;
        return status;
      }
      roll_back(outbox, events, result);
      return status;
    }
    trouble_ = absl::OkStatus();
    retry_delay_ = milliseconds(0);
  }
  std::move(outbox.replies.begin(), outbox.replies.end(), std::back_inserter(result.replies));
  std::move(outbox.writes.begin(), outbox.writes.end(), std::back_inserter(result.recorded));
  result.obsolete.append(outbox.obsolete);
  return absl::OkStatus();
}

void Engine::record_one_by_one(std::span<const core::Event> events, const Now& now, Result& result) {
  for (const core::Event& event : events) {
    const std::span<const core::Event> one(&event, 1);
    if (!result.fatal.ok()) return;
    if (!state_ || !may_try_store(now)) {
      serve_without_store(one, now, result);
      continue;
    }
    const absl::Status status = record(apply_events(one, now), one, now, result);
    if (is_bad_write(status)) refuse(event, bad_request(status), result);
    if (absl::IsUnavailable(status)) serve_without_store(one, now, result);
  }
  if (!state_ || !may_try_store(now) || !result.fatal.ok()) return;
  // Nobody asked for what time brings, so nobody can be refused.
  const absl::Status status = record(apply_time(now), {}, now, result);
  if (is_bad_write(status)) result.fatal = absl::InternalError(status.message());
}

void Engine::serve_without_store(std::span<const core::Event> events, const Now& now, Result& result) {
  core::Outbox outbox;
  for (const core::Event& event : events) {
    if (state_ && !core::may_write(*state_, event, now)) {
      append(core::apply(*state_, event, now), outbox);
    } else {
      refuse(event, trouble_, result);
    }
  }
  if (state_) core::end_waits(*state_, now.monotonic, outbox);
  std::move(outbox.replies.begin(), outbox.replies.end(), std::back_inserter(result.replies));
}

// Back to what is durable, which is read again: a store may have recorded what it failed to confirm. Requests
// that waited from before these events go on waiting; those among them that got their answer by what is
// undone are refused. These events' own are left to the caller.
void Engine::roll_back(const core::Outbox& undone, std::span<const core::Event> events, Result& result) {
  core::State ahead = *std::exchange(state_, std::nullopt);
  std::set<core::Token> own;
  for (const core::Event& event : events) {
    const std::optional<core::Token> token = token_of(event);
    if (!token) continue;
    own.insert(*token);
    ahead.parked.abandon(*token);
  }
  const absl::Status again = absl::UnavailableError("the work could not be recorded as given: ask again");
  for (const core::Reply& reply : undone.replies) {
    if (!own.contains(reply.token)) refuse(reply.token, again, result);
  }
  const absl::Status status = load();
  if (status.ok()) {
    core::carry_over(std::move(ahead), *state_);
    return;
  }
  for (const auto& [place, parked] : ahead.parked) {
    for (const core::Token token : parked.tokens) refuse(token, again, result);
  }
  if (absl::IsUnavailable(status)) {
    have_trouble(status, clock_.now());
  } else {
    result.fatal = status;
  }
}

void Engine::have_trouble(const absl::Status& status, const Now& now) {
  trouble_ = status;
  retry_delay_ = retry_delay_ == milliseconds(0) ? kFirstRetry : std::min(retry_delay_ * 2, kLongestRetry);
  retry_at_ = now.monotonic + retry_delay_;
}

std::optional<MonotonicTime> Engine::next_deadline() const {
  if (!state_) return std::nullopt;
  std::optional<MonotonicTime> next = core::next_deadline(*state_);
  if (trouble_.ok() || !next) return next;
  next = std::max(*next, retry_at_);
  if (const auto wait_is_over = state_->parked.next_deadline()) next = std::min(*next, *wait_is_over);
  return next;
}

}  // namespace melsweep::engine
