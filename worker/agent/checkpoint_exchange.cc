#include "worker/agent/checkpoint_exchange.h"

#include <spdlog/spdlog.h>

#include <cassert>
#include <string>
#include <utility>

namespace melsweep::agent {
namespace {

// How often a checkpoint is asked for before the one before it, or a start from nothing, costs less.
constexpr int kFetchTries = 8;

ArtifactName name_of(const AttemptPlace& place, const CheckpointRef& checkpoint) {
  return {place.sweep, {place.attempt.trial, checkpoint.epoch}, checkpoint.step};
}

}  // namespace

void CheckpointExchange::begin(AttemptPlace place, std::vector<CheckpointRef> offered) {
  assert(is_idle());
  end();
  place_ = std::move(place);
  offered_ = std::move(offered);
}

void CheckpointExchange::offer(const Checkpoint& checkpoint) {
  waiting_ = checkpoint;
}

void CheckpointExchange::offer_result(const Checkpoint& checkpoint) {
  waiting_ = checkpoint;
  result_waits_ = true;
}

void CheckpointExchange::end() {
  if (!is_idle()) transfer_.cancel();
  place_.reset();
  offered_.clear();
  next_offered_ = 0;
  fetch_tries_ = 0;
  resume_file_.reset();
  storing_.reset();
  waiting_.reset();
  misclassified_.reset();
  storing_kind_ = ArtifactKind::kCheckpoint;
  storing_result_ = result_waits_ = false;
}

std::optional<MonotonicTime> CheckpointExchange::fetch_due() const {
  return is_fetching() ? fetch_.next_start() : std::nullopt;
}

std::optional<MonotonicTime> CheckpointExchange::store_due() const {
  return is_storing() ? store_.next_start() : std::nullopt;
}

void CheckpointExchange::call_fetch(MonotonicTime now) {
  fetch_.start(now);
  const CheckpointRef& wanted = offered_[next_offered_];
  transfer_.fetch(place_->database, name_of(*place_, wanted), wanted.sha256,
                  place_->folder / "resume.safetensors");
}

void CheckpointExchange::choose_next() {
  // One that belongs to the result is stored to its end; a checkpoint gives way to what is newer.
  const bool is_begun = storing_ && storing_kind_ != ArtifactKind::kCheckpoint;
  if (is_begun || !waiting_) return;
  if (result_waits_ && misclassified_) {
    storing_ = {waiting_->step, misclassified_->path, misclassified_->sha256};
    storing_kind_ = ArtifactKind::kMisclassified;
    misclassified_.reset();
    return;
  }
  storing_ = std::exchange(waiting_, std::nullopt);
  storing_kind_ = ArtifactKind::kCheckpoint;
  storing_result_ = std::exchange(result_waits_, false);
}

void CheckpointExchange::call_store(MonotonicTime now) {
  choose_next();
  store_.start(now);
  transfer_.store(place_->database, {place_->sweep, place_->attempt, storing_->step, storing_kind_},
                  {storing_->path, storing_->sha256});
}

void CheckpointExchange::on(const ArtifactFetched& answer, MonotonicTime now) {
  if (!place_) {
    fetch_.end();
  } else if (answer.status.ok()) {
    fetch_.succeed();
    const CheckpointRef& fetched = offered_[next_offered_];
    resume_file_ = {place_->folder / "resume.safetensors", {fetched.epoch, fetched.step}};
    offered_.clear();
    next_offered_ = 0;
  } else if (wire::is_retryable(answer.status.code()) && ++fetch_tries_ < kFetchTries) {
    fetch_.fail(backoff_, random_, now);
  } else {
    fetch_.end();
    pass_over(answer.status);
  }
}

void CheckpointExchange::pass_over(const absl::Status& why) {
  const CheckpointRef& wanted = offered_[next_offered_++];
  fetch_tries_ = 0;
  spdlog::warn("the checkpoint at step {} of attempt {} cannot be had: {}; {}", wanted.step, wanted.epoch,
               std::string(why.message()), is_fetching() ? "trying the one before" : "starting from nothing");
}

std::optional<ExchangeNews> CheckpointExchange::on(const ArtifactStored& answer, MonotonicTime now) {
  if (!place_) {
    store_.end();
    return std::nullopt;
  }
  if (!answer.status.ok()) return on_store_failed(answer.status, now);
  store_.succeed();
  const Checkpoint stored = *std::exchange(storing_, std::nullopt);
  if (storing_kind_ != ArtifactKind::kCheckpoint) return std::nullopt;
  if (std::exchange(storing_result_, false)) return ResultStored{};
  return CheckpointStored{stored};
}

std::optional<ExchangeNews> CheckpointExchange::on_store_failed(const absl::Status& status,
                                                                MonotonicTime now) {
  if (absl::IsFailedPrecondition(status)) {
    store_.end();
    return AttemptLost{};
  }
  const bool is_unknown = absl::IsNotFound(status);
  // Room may be made; without its result a trial was for nothing.
  const bool waits_for_room = storing_result_ && absl::IsResourceExhausted(status);
  if (is_unknown || waits_for_room || wire::is_retryable(status.code())) {
    store_.fail(backoff_, random_, now);
    if (waits_for_room) spdlog::warn("{}; trying again", std::string(status.message()));
    if (is_unknown) return WorkerUnknown{};
    return std::nullopt;
  }
  store_.end();
  return give_up_storing(status);
}

std::optional<ExchangeNews> CheckpointExchange::give_up_storing(const absl::Status& why) {
  const Checkpoint lost = *std::exchange(storing_, std::nullopt);
  if (std::exchange(storing_result_, false)) return ResultLost{why};
  const bool is_checkpoint = storing_kind_ == ArtifactKind::kCheckpoint;
  spdlog::warn("{} at step {} is not stored: {}",
               is_checkpoint ? "the checkpoint" : "the archive of misclassified clips", lost.step,
               std::string(why.message()));
  if (is_checkpoint) return std::nullopt;
  return MisclassifiedLost{why};
}

}  // namespace melsweep::agent
