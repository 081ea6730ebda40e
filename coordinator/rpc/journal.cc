#include "coordinator/rpc/journal.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/rpc/journal_fields.h"
#include "shared/log/fields.h"
#include "shared/spec/names.h"

namespace melsweep::rpc {
namespace {

using Level = JournalEntry::Level;

// Failures carry the end of a trainer's log.
constexpr std::size_t kMaxReasonBytes = 300;

std::string in_one_line(std::string text) {
  if (text.size() > kMaxReasonBytes) text = absl::StrCat(text.substr(0, kMaxReasonBytes), "...");
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string because(const AttemptRecord& released) {
  if (!released.release_reason) return "";
  return absl::StrCat(" (", std::string(spec::name_of(*released.release_reason)), ")");
}

std::string name_of(const SweepRecord& sweep) {
  return absl::StrCat("sweep ", sweep.id.value, " (", sweep.spec.name, ")");
}

struct Describe {
  std::optional<JournalEntry> operator()(const store::PutSweep& write) const {
    const SweepRecord& sweep = write.sweep;
    const std::string name = name_of(sweep);
    switch (sweep.state) {
      case SweepState::kWaiting:
        return JournalEntry{Level::kInfo,
                            absl::StrCat(name, " waits for other sweeps of the study ", sweep.study.study)};
      case SweepState::kPreparing:
        return JournalEntry{
            Level::kInfo,
            absl::StrCat(name, sweep.study.sources.empty() ? " was submitted"
                                                           : " has its settings from other sweeps' winners")};
      case SweepState::kRunning:
        return JournalEntry{Level::kInfo, absl::StrCat(name, " is prepared and runs")};
      case SweepState::kFinished:
        return JournalEntry{Level::kInfo, absl::StrCat(name, " has finished")};
      case SweepState::kCancelled:
        return JournalEntry{Level::kInfo, absl::StrCat(name, " was cancelled")};
      case SweepState::kFailed:
        return JournalEntry{Level::kWarning, absl::StrCat(name, " has failed: ", in_one_line(sweep.reason))};
    }
    return std::nullopt;
  }

  std::optional<JournalEntry> operator()(const store::PutSweepPaused& write) const {
    return JournalEntry{Level::kInfo, absl::StrCat(name_of(write.sweep),
                                                   write.sweep.paused ? " was paused" : " was resumed")};
  }

  std::optional<JournalEntry> operator()(const store::PutTrialState& write) const {
    if (write.state != TrialState::kFailed) return std::nullopt;
    return JournalEntry{Level::kWarning, absl::StrCat("trial ", write.trial.value, " has failed for good")};
  }

  std::optional<JournalEntry> operator()(const store::PutAttempt& write) const {
    const AttemptRecord& attempt = write.attempt;
    const std::string name = absl::StrCat("attempt ", attempt.ref.epoch, " of trial ",
                                          attempt.ref.trial.value, " on ", attempt.worker.value);
    const std::string reason = attempt.failure ? in_one_line(attempt.failure->message) : "no reason given";
    switch (attempt.state) {
      case AttemptState::kLost:
        return JournalEntry{Level::kWarning, absl::StrCat(name, " was lost: ", reason)};
      case AttemptState::kFailed:
        return JournalEntry{Level::kWarning, absl::StrCat(name, " failed: ", reason)};
      case AttemptState::kReleased:
        return JournalEntry{Level::kInfo, absl::StrCat(name, " was given back", because(attempt))};
      case AttemptState::kRunning:
        if (!attempt.resumed_from) return std::nullopt;
        return JournalEntry{Level::kInfo,
                            absl::StrCat(name, " goes on from step ", attempt.resumed_from->step,
                                         " of attempt ", attempt.resumed_from->epoch)};
      case AttemptState::kFinished:
      case AttemptState::kCancelled:
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<JournalEntry> operator()(const store::PutWorker& write) const {
    if (write.worker.draining) {
      return JournalEntry{Level::kInfo, absl::StrCat("worker ", write.worker.id.value, " is to leave")};
    }
    return JournalEntry{Level::kInfo, absl::StrCat("worker ", write.worker.id.value, " joined from ",
                                                   write.worker.host, " with ", write.worker.device)};
  }

  std::optional<JournalEntry> operator()(const store::PutPreparation& write) const {
    const PreparationRecord& preparation = write.preparation;
    const std::string name = absl::StrCat("attempt ", preparation.epoch, " at the data of sweep ",
                                          preparation.sweep.value, " on ", preparation.worker.value);
    if (preparation.state == AttemptState::kLost) {
      return JournalEntry{Level::kWarning, absl::StrCat(name, " was lost")};
    }
    if (preparation.state == AttemptState::kFailed) {
      return JournalEntry{Level::kWarning, absl::StrCat(name, " failed")};
    }
    return std::nullopt;
  }

  std::optional<JournalEntry> operator()(const store::AddWarning& write) const {
    return JournalEntry{Level::kWarning,
                        absl::StrCat("sweep ", write.sweep.value, ", ", in_one_line(write.message))};
  }

  std::optional<JournalEntry> operator()(const store::PutSweepAction&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::PutTrial&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::CancelPendingTrials&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::PutCheckpoint&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::DropCheckpoint&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::InheritMetrics&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::PutDataset&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::AddMetrics&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::PutEvaluation&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::PutStages&) const { return std::nullopt; }
  std::optional<JournalEntry> operator()(const store::CopyResult&) const { return std::nullopt; }
};

}  // namespace

std::optional<JournalEntry> journal_entry(const store::Write& write) {
  return std::visit(Describe{}, write);
}

void JournalLimit::refill(MonotonicTime now) {
  if (!refilled_) refilled_ = now;
  const std::int64_t intervals = (now - *refilled_) / kInterval;
  if (intervals <= 0) return;
  left_ = static_cast<int>(std::min<std::int64_t>(kBurst, left_ + std::min<std::int64_t>(intervals, kBurst)));
  *refilled_ += intervals * kInterval;
}

bool JournalLimit::admit(MonotonicTime now) {
  refill(now);
  if (left_ == 0) {
    ++left_out_;
    return false;
  }
  --left_;
  return true;
}

std::int64_t JournalLimit::take_left_out(MonotonicTime now) {
  refill(now);
  return left_ == 0 ? 0 : std::exchange(left_out_, 0);
}

void Journal::note(std::span<const store::Write> recorded, MonotonicTime now) {
  if (const std::int64_t count = limit_.take_left_out(now); count > 0) {
    spdlog::warn("{} entries were left out here: too many at once", count);
  }
  for (const store::Write& write : recorded) {
    const std::optional<JournalEntry> entry = journal_entry(write);
    if (!entry || !limit_.admit(now)) continue;
    const log::FieldScope about(journal_fields(write));
    spdlog::log(entry->level == Level::kInfo ? spdlog::level::info : spdlog::level::warn, "{}", entry->text);
  }
}

}  // namespace melsweep::rpc
