// The third of Agent that hears of its work: from the trainer, and of its checkpoints on their way.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "shared/log/fields.h"
#include "worker/agent/agent.h"
#include "worker/agent/transfer_turns.h"
#include "worker/agent/work_fields.h"

namespace melsweep::agent {
namespace {

// What another machine, or this one when it has recovered, may well do: the work itself is not to blame.
bool is_of_this_machine(FailureKind kind) {
  return kind == FailureKind::kTrainerDied || kind == FailureKind::kOutOfMemory ||
         kind == FailureKind::kInternal;
}

}  // namespace

void Agent::on(const TrainerSaid& said, MonotonicTime now) {
  on_news(trainer_.on_said(said.event, now), now);
}

void Agent::on(const TrainerBroke& broke, MonotonicTime) {
  trainer_.on_broke(broke.status);
}

void Agent::on(const TrainerEnded& ended, MonotonicTime now) {
  on_news(trainer_.on_ended(ended.end, now), now);
}

void Agent::on_news(const std::vector<WorkNews>& news, MonotonicTime now) {
  bool has_group_died = false;
  for (const WorkNews& one : news) {
    has_group_died = has_group_died || std::holds_alternative<GroupDied>(one.what);
    if (const auto work = held_.find(one.trial); work != held_.end()) on_news(work->second, one.what, now);
  }
  if (has_group_died) note_failure(FailureKind::kTrainerDied, now);
}

void Agent::on_news(HeldWork& work, const News& news, MonotonicTime now) {
  const bool is_running = work.phase() == WorkPhase::kRunning;
  if (is_running) tally_.hear(work.trial(), news);
  if (const auto* progress = std::get_if<Progress>(&news)) {
    work.progress = *progress;
  } else if (const auto* metrics = std::get_if<MetricsReport>(&news)) {
    if (is_running) on_metrics(work, *metrics);
  } else if (const auto* resumed = std::get_if<protocol::Resumed>(&news)) {
    if (is_running) on_resumed(work, *resumed);
  } else if (const auto* made = std::get_if<protocol::Checkpointed>(&news)) {
    if (is_running) work.exchange().offer(made->checkpoint);
  } else if (work.phase() == WorkPhase::kExpired) {
    end_work(work, ReleasedReport{ReleaseReason::kNoContact}, now);
  } else if (is_running) {  // else it is the end of a trainer whose work has been given up
    on_trainer_done(work, news, now);
  }
}

void Agent::on_trainer_done(HeldWork& work, const News& news, MonotonicTime now) {
  if (std::holds_alternative<WorkStopped>(news)) {
    end_work(work, ReleasedReport{work.release.value_or(ReleaseReason::kDrained)}, now);
  } else if (std::holds_alternative<GroupDied>(news)) {
    end_work(work, ReleasedReport{ReleaseReason::kGroupDied}, now);
  } else if (const auto* dataset = std::get_if<DatasetReport>(&news)) {
    end_work(work, *dataset, now);
  } else if (const auto* finished = std::get_if<protocol::Finished>(&news)) {
    if (const auto& archive = finished->misclassified) {
      work.exchange().offer_misclassified({archive->path, archive->sha256});
    }
    end_work(
        work,
        CompletedReport{finished->checkpoint, finished->evaluation, finished->warnings, finished->stages},
        now);
  } else if (const auto* failure = std::get_if<Failure>(&news)) {
    end_work(work, *failure, now);
  }
}

void Agent::on_metrics(const HeldWork& work, const MetricsReport& metrics) {
  reports_.push_metrics(work.ref(), metrics.points);
  if (reports_.pending_points() <= options_.max_pending_points) return;
  for (const auto& [trial, held] : held_) {
    if (held.phase() == WorkPhase::kRunning) reports_.forget(held.ref());
  }
  trainer_.dismiss(absl::StrCat("measured more than ", options_.max_pending_points,
                                " points that could not be reported yet: it has to report less often"));
}

// Before anything that it measures.
void Agent::on_resumed(const HeldWork& work, const protocol::Resumed& resumed) {
  const std::optional<ResumeFile>& file = work.exchange().resume_file();
  if (file && file->point.step == resumed.step) {
    reports_.push({work.ref(), ResumedReport{file->point}});
    return;
  }
  trainer_.dismiss(absl::StrCat("went on from step ", resumed.step,
                                file ? ", and was told to go on from another" : ", and was not told to"));
}

void Agent::end_work(HeldWork& work, ReportEvent ending, MonotonicTime now) {
  const log::FieldScope about(work_fields(work.ref()));
  const auto* failure = std::get_if<Failure>(&ending);
  if (failure != nullptr) {
    spdlog::warn("{} failed: {}", describe(work.ref()), failure->message);
    note_failure(failure->kind, now);
    // Nobody will go on from its checkpoints.
    if (!is_of_this_machine(failure->kind)) work.exchange().end();
  } else if (std::holds_alternative<ReleasedReport>(ending)) {
    spdlog::info("giving back {}", describe(work.ref()));
  } else {
    spdlog::info("done: {}", describe(work.ref()));
    failures_in_a_row_ = 0;
  }
  work.end(std::move(ending));
}

void Agent::note_failure(FailureKind kind, MonotonicTime now) {
  if (!is_of_this_machine(kind)) return;
  ++failures_in_a_row_;
  ++tally_.counts().trainer_failures;
  lease_.set_not_before(now + wire::backoff_delay(options_.after_failure, failures_in_a_row_, random_));
}

void Agent::on(const ArtifactFetched& fetched, MonotonicTime now) {
  const std::vector<CheckpointExchange*> all = exchanges();
  if (CheckpointExchange* exchange = fetching(all)) exchange->on(fetched, now);
}

void Agent::on(const ArtifactStored& stored, MonotonicTime now) {
  if (stored.status.ok()) ++tally_.counts().files_stored;
  const std::vector<CheckpointExchange*> all = exchanges();
  CheckpointExchange* exchange = storing(all);
  if (exchange == nullptr) return;
  const std::optional<ExchangeNews> news = exchange->on(stored, now);
  if (news) on_exchange(owner_of(exchange), *news, now);
}

void Agent::on_exchange(HeldWork& work, const ExchangeNews& news, MonotonicTime now) {
  if (const auto* checkpoint = std::get_if<CheckpointStored>(&news)) {
    reports_.push({work.ref(), CheckpointReport{checkpoint->checkpoint}});
  } else if (const auto* lost = std::get_if<ResultLost>(&news)) {
    end_work(work,
             Failure{FailureKind::kInternal, absl::StrCat("the trained model cannot be stored: ",
                                                          std::string(lost->status.message()))},
             now);
  } else if (const auto* pictures = std::get_if<MisclassifiedLost>(&news)) {
    work.warn(absl::StrCat("the archive of its misclassified clips could not be stored (",
                           std::string(pictures->status.message()),
                           "), so that a report shows them only where the data set is"));
  } else if (std::holds_alternative<AttemptLost>(news)) {
    abandon(work, now);
  } else if (std::holds_alternative<WorkerUnknown>(news)) {
    registered_ = false;
  }
}

HeldWork& Agent::owner_of(const CheckpointExchange* exchange) {
  return std::find_if(held_.begin(), held_.end(),
                      [&](const auto& held) { return &held.second.exchange() == exchange; })
      ->second;
}

}  // namespace melsweep::agent
