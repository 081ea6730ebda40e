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

void SimulatedClient::submit(const SweepSpec& spec, milliseconds after) {
  spec_ = spec;
  parts_.queue.after(after, [this] { call_submit(); });
}

void SimulatedClient::call_submit() {
  const RequestId request{absl::StrCat("submission-", peer_.number)};
  call(kSubmit, core::SweepSubmitted{{}, request, spec_, "yaml"},
       [this, request](const core::Answer& answer) {
         if (const auto* submitted = std::get_if<core::Submitted>(&answer)) {
           parts_.ledger.on_submitted(request, submitted->sweep);
           if (!has_sweep()) {
             parts_.queue.after(random_.between(milliseconds(0), kSubmitsAgainWithin),
                                [this] { call_submit(); });
           }
           sweep_ = submitted->sweep;
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
  call(kCancel, core::SweepCancelled{{}, *sweep_}, [this](const core::Answer& answer) {
    const auto* refused = std::get_if<core::Refused>(&answer);
    if (refused != nullptr && wire::is_retryable(refused->status.code())) {
      parts_.queue.after(random_.between(milliseconds(1), kLongestPause), [this] { call_cancel(); });
      return;
    }
    wants_cancel_ = false;
    if (refused == nullptr) {
      parts_.ledger.on_cancelled(*sweep_);
    } else if (!absl::IsFailedPrecondition(refused->status)) {  // it has ended already
      parts_.violations.add(absl::StrCat("cancelling is refused: ", refused->status.ToString()));
    }
  });
}

void SimulatedClient::keep_listing() {
  parts_.queue.after(random_.waiting_time(kListsEvery), [this] {
    call(kList, core::WorkersAsked{}, [this](const core::Answer&) { keep_listing(); });
  });
}

}  // namespace melsweep::simulation
