#include "tests/simulation/simulated_client.h"

#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "shared/wire/retry.h"

namespace melsweep::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTimeout{10'000};
constexpr milliseconds kLongestPause{2'000};  // before a call that failed is made again
constexpr milliseconds kSubmitsAgainWithin{60'000};
constexpr milliseconds kListsEvery{20'000};
constexpr milliseconds kPausesEvery{15'000};
constexpr milliseconds kLongestHold{20'000};  // from a pause that is known to be over to the call to resume
constexpr milliseconds kDrainsEvery{15'000};

}  // namespace

template <class AskingEvent>
void SimulatedClient::call(Kind kind, AskingEvent event, Completion done) {
  const std::uint64_t number = ++last_call_;
  parts_.trace.note(parts_.queue.now(), Happening::kClientAsks, peer_.number, kind,
                    static_cast<std::int64_t>(number));
  // Emptied by the first answer.
  const auto waiting = std::make_shared<Completion>(std::move(done));
  const auto end = [this, number, waiting](const core::Answer& answer) {
    if (!*waiting) return;
    const auto* refused = std::get_if<core::Refused>(&answer);
    parts_.trace.note(parts_.queue.now(), Happening::kClientHears, peer_.number,
                      static_cast<std::int64_t>(number), refused == nullptr ? 0 : refused->status.raw_code());
    std::exchange(*waiting, nullptr)(answer);
  };
  const auto reply = [this, end](const core::Answer& answer) {
    parts_.network.send(Direction::kFromCoordinator, peer_, [end, answer] { end(answer); });
  };
  parts_.network.send(Direction::kToCoordinator, peer_, [this, reply, event = std::move(event)] {
    if (parts_.coordinator.is_up()) {
      parts_.coordinator.ask(event, reply);
    } else {
      reply(core::Refused{absl::UnavailableError("nobody listens")});
    }
  });
  parts_.queue.after(kTimeout,
                     [end] { end(core::Refused{absl::DeadlineExceededError("no answer in time")}); });
}

void SimulatedClient::submit(const Study& study, milliseconds after) {
  study_ = study;
  parts_.queue.after(after, [this] { call_submit(); });
}

void SimulatedClient::call_submit() {
  const RequestId request{absl::StrCat("submission-", peer_.number)};
  core::SweepSubmitted event{{}, request, study_.sweeps.front(), "yaml"};
  event.study = study_.name;
  event.followers.assign(study_.sweeps.begin() + 1, study_.sweeps.end());
  call(kSubmit, std::move(event), [this, request](const core::Answer& answer) {
    if (const auto* submitted = std::get_if<core::Submitted>(&answer)) {
      parts_.ledger.on_submitted(request, submitted->sweeps);
      if (has_sweep()) return;
      parts_.queue.after(random_.between(milliseconds(0), kSubmitsAgainWithin), [this] { call_submit(); });
      const auto count = static_cast<std::int64_t>(submitted->sweeps.size());
      sweep_ = submitted->sweeps[static_cast<std::size_t>(random_.below(count))];
      return;
    }
    parts_.queue.after(random_.between(milliseconds(1), kLongestPause), [this] { call_submit(); });
  });
}

void SimulatedClient::cancel(milliseconds after) {
  wants_cancel_ = true;
  parts_.queue.after(after, [this] { call_cancel(); });
}

void SimulatedClient::call_cancel() {
  if (!has_sweep()) {
    parts_.queue.after(kLongestPause, [this] { call_cancel(); });
    return;
  }
  const RequestId request{absl::StrCat("cancel-", peer_.number)};
  call(kCancel, core::SweepCancelled{{}, *sweep_, request}, [this](const core::Answer& answer) {
    if (!is_settled(answer, "cancelling", [this] { call_cancel(); })) return;
    wants_cancel_ = false;
    if (std::holds_alternative<core::Done>(answer)) parts_.ledger.on_cancelled(*sweep_);
  });
}

bool SimulatedClient::is_settled(const core::Answer& answer, const std::string& what,
                                 std::function<void()> repeat) {
  const auto* refused = std::get_if<core::Refused>(&answer);
  if (refused == nullptr) return true;
  if (wire::is_retryable(refused->status.code())) {
    parts_.queue.after(random_.between(milliseconds(1), kLongestPause), std::move(repeat));
    return false;
  }
  if (!absl::IsFailedPrecondition(refused->status)) {
    parts_.violations.add(absl::StrCat(what, " is refused: ", refused->status.ToString()));
  }
  return true;
}

void SimulatedClient::keep_pausing(int times) {
  if (times == 0) return;
  parts_.queue.after(random_.waiting_time(kPausesEvery), [this, times] {
    if (!has_sweep()) {
      keep_pausing(times);
      return;
    }
    is_pausing_ = true;
    call_pause({absl::StrCat("pause-", peer_.number, "-", ++actions_)}, times);
  });
}

void SimulatedClient::call_pause(const RequestId& request, int times) {
  call(kPause, core::SweepPaused{{}, request, *sweep_}, [this, request, times](const core::Answer& answer) {
    if (!is_settled(answer, "pausing", [this, request, times] { call_pause(request, times); })) return;
    if (std::holds_alternative<core::Done>(answer)) parts_.ledger.on_paused(*sweep_);
    parts_.queue.after(random_.between(milliseconds(0), kLongestHold), [this, times] {
      call_resume({absl::StrCat("resume-", peer_.number, "-", actions_)}, times);
    });
  });
}

void SimulatedClient::call_resume(const RequestId& request, int times) {
  parts_.ledger.on_resuming(*sweep_);
  call(kResume, core::SweepResumed{{}, request, *sweep_}, [this, request, times](const core::Answer& answer) {
    if (!is_settled(answer, "resuming", [this, request, times] { call_resume(request, times); })) return;
    is_pausing_ = false;
    keep_pausing(times - 1);
  });
}

void SimulatedClient::keep_draining(int times) {
  if (times == 0) return;
  parts_.queue.after(random_.waiting_time(kDrainsEvery), [this, times] {
    call(kList, core::WorkersAsked{}, [this, times](const core::Answer& answer) {
      const auto* listed = std::get_if<core::WorkersListed>(&answer);
      drain_one(listed == nullptr ? std::vector<core::WorkerStatus>{} : listed->workers, times);
    });
  });
}

void SimulatedClient::drain_one(const std::vector<core::WorkerStatus>& workers, int times) {
  std::vector<WorkerId> alive;
  for (const core::WorkerStatus& worker : workers) {
    if (worker.is_alive) alive.push_back(worker.id);
  }
  if (alive.empty()) {
    keep_draining(times);
    return;
  }
  call_drain(alive[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(alive.size())))], times);
}

void SimulatedClient::call_drain(const WorkerId& worker, int times) {
  call(kDrain, core::WorkerDrained{{}, worker}, [this, worker, times](const core::Answer& answer) {
    if (!is_settled(answer, "draining", [this, worker, times] { call_drain(worker, times); })) return;
    parts_.ledger.on_drained(worker);
    keep_draining(times - 1);
  });
}

void SimulatedClient::keep_listing() {
  parts_.queue.after(random_.waiting_time(kListsEvery), [this] {
    call(kList, core::WorkersAsked{}, [this](const core::Answer&) { keep_listing(); });
  });
}

}  // namespace melsweep::simulation
