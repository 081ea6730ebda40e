#include "coordinator/rpc/loop.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"

namespace melsweep::rpc {
namespace {

absl::Status stopping() {
  return absl::UnavailableError("the coordinator is stopping: try again later");
}

}  // namespace

Loop::Loop(engine::Engine engine, const Clock& clock, FatalHandler on_fatal, ObsoleteHandler on_obsolete)
    : engine_(std::move(engine)),
      clock_(clock),
      on_fatal_(std::move(on_fatal)),
      on_obsolete_(std::move(on_obsolete)),
      thread_([this] { run(); }) {}

Loop::~Loop() {
  stop();
}

core::Token Loop::next_token() {
  const std::scoped_lock lock(mutex_);
  return {++last_token_};
}

void Loop::enqueue(Request request) {
  {
    const std::scoped_lock lock(mutex_);
    if (!stopping_) {
      queue_.push_back(std::move(request));
      wake_.notify_one();
      return;
    }
  }
  if (request.done) request.done(core::Refused{stopping()});
}

void Loop::abandon(core::Token token) {
  enqueue({core::LeaseAbandoned{token}, token, nullptr});
}

void Loop::inspect(Look look) {
  {
    const std::scoped_lock lock(mutex_);
    if (!stopping_) {
      looks_.push_back(std::move(look));
      wake_.notify_one();
      return;
    }
  }
  look(nullptr, stopping());
}

void Loop::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Loop::run() {
  while (true) {
    std::vector<Request> batch = wait_for_requests();
    const bool was_told_to_stop = [this] {
      const std::scoped_lock lock(mutex_);
      return stopping_ && queue_.empty();
    }();
    if (!serve(std::move(batch)) || was_told_to_stop) break;
    show(engine_.state(), engine_.trouble());
  }
  refuse_all(stopping());
  show(nullptr, stopping());
}

std::vector<Loop::Request> Loop::wait_for_requests() {
  std::unique_lock lock(mutex_);
  const auto has_news = [this] { return stopping_ || !queue_.empty() || !looks_.empty(); };
  if (const std::optional<MonotonicTime> deadline = engine_.next_deadline()) {
    wake_.wait_for(lock, *deadline - clock_.now().monotonic, has_news);
  } else {
    wake_.wait(lock, has_news);
  }
  return std::exchange(queue_, {});
}

bool Loop::serve(std::vector<Request> batch) {
  std::vector<core::Event> events;
  events.reserve(batch.size());
  for (Request& request : batch) {
    events.push_back(std::move(request.event));
    if (request.done) waiters_.emplace(request.token, std::move(request.done));
  }
  engine::Engine::Result result = engine_.process(events);
  for (const core::Reply& reply : result.replies) answer(reply);
  if (!result.obsolete.empty()) on_obsolete_(result.obsolete);
  journal_.note(result.recorded, clock_.now().monotonic);
  note(engine_.trouble());
  if (result.fatal.ok()) return true;
  give_up(result.fatal);
  return false;
}

void Loop::give_up(const absl::Status& reason) {
  std::vector<Request> unserved;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    unserved = std::exchange(queue_, {});
  }
  // The real code is ours alone: an agent would take it to be about its own work, and end that.
  const absl::Status refusal =
      absl::UnavailableError(absl::StrCat("the coordinator cannot go on: ", reason.message()));
  refuse_all(refusal);
  for (const Request& request : unserved) {
    if (request.done) request.done(core::Refused{refusal});
  }
  on_fatal_(reason);
}

// The first of a row of failures, and its end: those who ask repeat themselves, the log need not.
void Loop::note(const absl::Status& trouble) {
  if (!trouble.ok() && !failing_) {
    spdlog::warn("{}; until that is over, what needs to be recorded is refused",
                 std::string(trouble.message()));
  } else if (trouble.ok() && failing_) {
    spdlog::info("the results database can be used again");
  }
  failing_ = !trouble.ok();
}

void Loop::answer(const core::Reply& reply) {
  auto waiter = waiters_.extract(reply.token);
  if (!waiter.empty()) waiter.mapped()(reply.answer);
}

void Loop::refuse_all(const absl::Status& status) {
  for (const auto& [token, done] : std::exchange(waiters_, {})) done(core::Refused{status});
}

void Loop::show(const core::State* state, const absl::Status& trouble) {
  std::vector<Look> looks;
  {
    const std::scoped_lock lock(mutex_);
    looks = std::exchange(looks_, {});
  }
  for (const Look& look : looks) look(state, trouble);
}

}  // namespace melsweep::rpc
