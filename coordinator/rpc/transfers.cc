#include "coordinator/rpc/transfers.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::rpc {

Transfers::Place::Place(Place&& other) noexcept
    : transfers_(std::exchange(other.transfers_, nullptr)), call_(other.call_) {}

Transfers::Place::~Place() {
  if (transfers_ == nullptr) return;
  const std::scoped_lock lock(transfers_->mutex_);
  transfers_->calls_.erase(call_);
}

void Transfers::Place::note_progress() {
  const std::scoped_lock lock(transfers_->mutex_);
  call_->last_progress = transfers_->clock_.now().monotonic;
}

Transfers::Transfers(const TransferLimits& limits, const Clock& clock)
    : limits_(limits), clock_(clock), watch_([this] { watch(); }) {}

Transfers::~Transfers() {
  stop();
  watch_.join();
}

absl::StatusOr<Transfers::Place> Transfers::admit(grpc::ServerContext& context) {
  const std::scoped_lock lock(mutex_);
  if (stopped_) return absl::UnavailableError("the coordinator is stopping: try again later");
  if (calls_.size() >= static_cast<std::size_t>(limits_.most)) {
    return absl::UnavailableError(
        absl::StrCat(limits_.most, " files are on their way already: try again later"));
  }
  calls_.push_back({&context, clock_.now().monotonic});
  wake_.notify_one();
  return Place(*this, std::prev(calls_.end()));
}

void Transfers::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  for (const Call& call : calls_) call.context->TryCancel();
  wake_.notify_one();
}

void Transfers::watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (const auto next = end_idle()) {
      wake_.wait_for(lock, *next - clock_.now().monotonic);
    } else {
      wake_.wait(lock);
    }
  }
}

std::optional<MonotonicTime> Transfers::end_idle() {
  const MonotonicTime now = clock_.now().monotonic;
  std::optional<MonotonicTime> next;
  for (Call& call : calls_) {
    if (call.last_progress + limits_.idle <= now) {
      call.context->TryCancel();
      call.last_progress = now;  // it ends soon
    }
    const MonotonicTime due = call.last_progress + limits_.idle;
    next = next ? std::min(*next, due) : due;
  }
  return next;
}

}  // namespace melsweep::rpc
