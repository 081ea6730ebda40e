// A trial's checkpoints on their way between this machine and the coordinator.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <random>
#include <variant>
#include <vector>

#include "shared/model/assignment.h"
#include "shared/time/clock.h"
#include "shared/wire/retry.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/call_timing.h"
#include "worker/agent/events.h"

namespace melsweep::agent {

// An attempt and where its files are.
struct AttemptPlace {
  StoreId database;
  SweepId sweep;
  AttemptRef attempt;
  std::filesystem::path folder;
};

// A checkpoint that the trainer can go on from.
struct ResumeFile {
  std::filesystem::path path;
  ResumePoint point;
};

// --- what comes of storing

// The coordinator has it.
struct CheckpointStored {
  Checkpoint checkpoint;
};
// The coordinator has the trained model.
struct ResultStored {};
// The trained model cannot be stored, now or later.
struct ResultLost {
  absl::Status status;
};
// What belongs to the trained model cannot be stored; the model is stored without.
struct MisclassifiedLost {
  absl::Status status;
};
// The attempt is no longer this worker's.
struct AttemptLost {};
// The coordinator does not know this worker: once it is registered, the call is made again.
struct WorkerUnknown {};

using ExchangeNews =
    std::variant<CheckpointStored, ResultStored, ResultLost, MisclassifiedLost, AttemptLost, WorkerUnknown>;

// Of one attempt. Fetches the newest checkpoint that is whole, if any; stores what the trainer makes, one
// file after the other, and of checkpoints that wait only the newest. What belongs to the trained model is
// stored before it; where that cannot be, the model is stored without. Calls that fail for now are made again
// after a pause that grows. Not thread-safe.
//
// Several of them may share one ArtifactTransfer (transfer_turns.h says whose turn it is): while one fetches,
// none stores.
class CheckpointExchange {
 public:
  // Transfer and random outlive this.
  CheckpointExchange(ArtifactTransfer& transfer, wire::BackoffPolicy backoff, std::mt19937_64& random)
      : transfer_(transfer), backoff_(backoff), random_(random) {}

  // Begins with the attempt, which may go on from one of these; newest first.
  void begin(AttemptPlace place, std::vector<CheckpointRef> offered);

  // Whether it is still open what resume_file() is.
  bool is_fetching() const { return next_offered_ < offered_.size(); }
  const std::optional<ResumeFile>& resume_file() const { return resume_file_; }

  // The trainer made one; the last one is the trained model itself.
  void offer(const Checkpoint& checkpoint);
  void offer_result(const Checkpoint& checkpoint);
  // What belongs to the trained model, which is offered next.
  void offer_misclassified(const LocalFile& archive) { misclassified_ = archive; }

  // Something is on its way, or waits to be.
  bool is_storing() const { return storing_ || waiting_; }
  bool has_result_to_store() const { return result_waits_ || (storing_ && storing_result_); }

  // The attempt is over: what is under way is ended.
  void end();

  // No call is under way.
  bool is_idle() const { return !store_.in_flight() && !fetch_.in_flight(); }

  // The calls of either kind: when the next one is due, if any; one that is due may be made. The latest is
  // answered by on(), and while it is under way none is due.
  const CallTiming& fetch_timing() const { return fetch_; }
  const CallTiming& store_timing() const { return store_; }
  std::optional<MonotonicTime> fetch_due() const;
  std::optional<MonotonicTime> store_due() const;
  void call_fetch(MonotonicTime now);
  void call_store(MonotonicTime now);

  void on(const ArtifactFetched& answer, MonotonicTime now);
  std::optional<ExchangeNews> on(const ArtifactStored& answer, MonotonicTime now);

 private:
  void pass_over(const absl::Status& why);
  std::optional<ExchangeNews> on_store_failed(const absl::Status& status, MonotonicTime now);
  std::optional<ExchangeNews> give_up_storing(const absl::Status& why);
  // What is to be stored next becomes storing_, where it is not that already.
  void choose_next();

  ArtifactTransfer& transfer_;
  wire::BackoffPolicy backoff_;
  std::mt19937_64& random_;

  std::optional<AttemptPlace> place_;  // none: no attempt
  std::vector<CheckpointRef> offered_;
  std::size_t next_offered_ = 0;
  int fetch_tries_ = 0;  // of that one
  std::optional<ResumeFile> resume_file_;
  // A file that was asked for and is not known to be there; kMisclassified: of the step of the checkpoint.
  std::optional<Checkpoint> storing_;
  ArtifactKind storing_kind_ = ArtifactKind::kCheckpoint;
  bool storing_result_ = false;
  std::optional<Checkpoint> waiting_;  // to be stored after that
  bool result_waits_ = false;
  std::optional<LocalFile> misclassified_;  // to be stored before the result that waits
  CallTiming fetch_;
  CallTiming store_;
};

}  // namespace melsweep::agent
