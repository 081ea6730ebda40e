#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/checkpoints.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/preparation.h"
#include "coordinator/store/write_checks.h"
#include "shared/artifacts/layout.h"
#include "shared/spec/names.h"

namespace melsweep::core {
namespace {

enum class Standing {
  kCurrent,   // of a lease that the worker holds
  kRepeated,  // of a lease that the worker itself ended by such a report
  kStale,     // of a lease that is over or another's
};

struct RepeatsEnding {
  AttemptState ended;  // how the lease ended
  bool was_heard_of;   // the worker spoke of it: else nothing was ever reported
  // These come before the report that ends an attempt, in the same request or an earlier one.
  bool operator()(const MetricsReport&) const { return was_reported(); }
  bool operator()(const ResumedReport&) const { return was_reported(); }
  bool operator()(const CheckpointReport&) const { return was_reported(); }
  // What a worker calls done may have been found wanting.
  bool operator()(const CompletedReport&) const {
    return ended == AttemptState::kFinished || ended == AttemptState::kFailed;
  }
  bool operator()(const DatasetReport&) const {
    return ended == AttemptState::kFinished || ended == AttemptState::kFailed;
  }
  bool operator()(const Failure&) const { return ended == AttemptState::kFailed; }
  bool operator()(const ReleasedReport&) const { return ended == AttemptState::kReleased; }

  bool was_reported() const {
    if (!was_heard_of) return false;
    return ended == AttemptState::kFinished || ended == AttemptState::kFailed ||
           ended == AttemptState::kReleased;
  }
};

bool was_heard_of(const State& state, const WorkKey& key) {
  if (key.number == 0) return true;  // nothing is reported of a preparation before its end
  return trial_at(state, key).attempt->release_reason != ReleaseReason::kUndelivered;
}

Standing standing_of(const State& state, const WorkerId& worker, const WorkReport& report) {
  const std::optional<WorkKey> key = find_work(state, report.work);
  if (!key) return Standing::kStale;
  const LatestLease lease = latest_lease(state, *key);
  if (lease.epoch == 0 || lease.epoch != epoch_of(report.work) || lease.worker != worker)
    return Standing::kStale;
  if (lease.state == AttemptState::kRunning) return Standing::kCurrent;
  return std::visit(RepeatsEnding{lease.state, was_heard_of(state, *key)}, report.event) ? Standing::kRepeated
                                                                                         : Standing::kStale;
}

// Data sets are of preparations, failures and releases of either, the rest of attempts.
bool fits(const WorkReport& report) {
  if (std::holds_alternative<DatasetReport>(report.event))
    return std::holds_alternative<PrepareRef>(report.work);
  if (std::holds_alternative<Failure>(report.event) || std::holds_alternative<ReleasedReport>(report.event)) {
    return true;
  }
  return std::holds_alternative<AttemptRef>(report.work);
}

// What makes the evaluation unusable, if anything. `step` is the objective's.
std::optional<std::string> flaw(const AttemptRef& attempt, const Evaluation& evaluation, std::int64_t step,
                                const SweepEntry& sweep) {
  const Split due = sweep.record.spec.evaluate;
  const std::vector<std::string>& known = sweep.classes;
  if (evaluation.split != due)
    return absl::StrCat("it is not of the ", std::string(spec::name_of(due)), " clips");
  if (evaluation.predictions.empty()) return "it has no predictions";
  if (evaluation.step != step) {
    return absl::StrCat("it is of step ", evaluation.step, ", and the objective of step ", step);
  }
  if (evaluation.classes != known) return "its classes are not those of the data set";
  const std::size_t classes = known.size();
  const auto odd = std::find_if(
      evaluation.predictions.begin(), evaluation.predictions.end(),
      [classes](const auto& p) { return !p.probabilities.empty() && p.probabilities.size() != classes; });
  if (odd != evaluation.predictions.end()) {
    return absl::StrCat("the prediction of ", odd->clip, " has ", odd->probabilities.size(),
                        " probabilities for ", classes, " classes");
  }
  const absl::Status status = store::check_write(store::PutEvaluation{attempt, evaluation});
  if (!status.ok()) return std::string(status.message());
  return std::nullopt;
}

// Why the attempt does not count as finished, though its trainer reached the last step.
std::optional<Failure> shortcoming(const TrialEntry& trial, const SweepEntry& sweep,
                                   const CompletedReport& report) {
  const std::string& metric = sweep.record.spec.objective.metric;
  if (!trial.objective) {
    return Failure{FailureKind::kBadConfiguration,
                   absl::StrCat("the trainer reported no \"", metric,
                                "\", which is the sweep's objective: name a metric ",
                                "that it reports under objective.metric")};
  }
  if (!std::isfinite(trial.objective->value)) {
    return Failure{FailureKind::kBadConfiguration,
                   absl::StrCat(metric, " is not a finite number at step ", trial.objective->step,
                                ": the training diverged; a smaller learning rate may help")};
  }
  const std::optional<std::string> wrong =
      flaw(trial.attempt->ref, report.evaluation, trial.objective->step, sweep);
  if (wrong) {
    return Failure{FailureKind::kInternal, absl::StrCat("the trainer's evaluation cannot be used: ", *wrong)};
  }
  return std::nullopt;
}

// Messages are shown in every list of trials, and kept in memory: a trainer's whole log is none.
std::string shortened(const std::string& message) {
  constexpr std::size_t kMaxBytes = std::size_t{16} << 10;
  if (message.size() <= kMaxBytes) return message;
  std::size_t end = kMaxBytes;
  // Not within a character: the bytes of UTF-8 that continue one are 10xxxxxx.
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
  return message.substr(0, end) + "...";
}

// As the report has it, with the place where the coordinator keeps it.
Checkpoint placed(const State& state, const TrialEntry& trial, Checkpoint checkpoint) {
  const ArtifactName name{trial.record.sweep, trial.attempt->ref, checkpoint.step};
  checkpoint.path = (state.options.artifacts / artifacts::path_of(name)).string();
  return checkpoint;
}

// Records one report of work that the worker holds.
struct Record {
  State& state;
  WorkKey key;
  const Now& now;
  Outbox& outbox;

  SweepEntry& sweep() const { return state.sweeps.at(key.sweep); }
  TrialEntry& trial() const { return trial_at(state, key); }

  void operator()(const MetricsReport& report) const {
    if (report.points.empty()) return;
    const std::string& metric = sweep().record.spec.objective.metric;
    TrialEntry& trial = this->trial();
    std::optional<MetricPoint>& objective = trial.objective;
    for (const MetricPoint& point : report.points) {
      if (point.name == metric && (!objective || point.step > objective->step)) objective = point;
      trial.lease->metrics.insert(point.name);
    }
    outbox.writes.emplace_back(store::AddMetrics{trial.attempt->ref, report.points});
  }

  void operator()(const ResumedReport& report) const { go_on_from(trial(), report.from, outbox); }

  void operator()(const CheckpointReport& report) const {
    keep_checkpoint(trial(), placed(state, trial(), report.checkpoint), outbox);
  }

  void operator()(const DatasetReport& report) const {
    finish_preparation(state, sweep(), report, now, outbox);
  }

  void operator()(const CompletedReport& report) const {
    if (const std::optional<Failure> failure = shortcoming(trial(), sweep(), report)) {
      end_attempt(state, trial(), {AttemptState::kFailed, failure}, now, outbox);
    } else {
      finish_attempt(state, trial(), placed(state, trial(), report.checkpoint), report.evaluation, now,
                     outbox);
      add_warnings(report.warnings);
      if (!report.stages.empty()) {
        outbox.writes.emplace_back(store::PutStages{trial().attempt->ref, report.stages});
      }
    }
  }

  void operator()(const Failure& failure) const {
    end({AttemptState::kFailed, Failure{failure.kind, shortened(failure.message)}});
  }

  void operator()(const ReleasedReport& report) const {
    if (report.reason == ReleaseReason::kGroupDied && was_alone()) {
      // Given back without counting it would come again for ever.
      end({AttemptState::kFailed, Failure{FailureKind::kTrainerDied, "the trainer died"}});
      return;
    }
    end({AttemptState::kReleased, std::nullopt, report.reason});
  }

  // They are shown with every result of the sweep.
  void add_warnings(const std::vector<std::string>& warnings) const {
    constexpr std::size_t kMostOfATrial = 4;
    for (std::size_t i = 0; i < std::min(warnings.size(), kMostOfATrial); ++i) {
      outbox.writes.emplace_back(store::AddWarning{
          key.sweep, absl::StrCat("trial ", trial().record.number, ": ", shortened(warnings[i]))});
    }
  }

  bool was_alone() const { return key.number == 0 || trial().alone; }

  void end(const Ending& ending) const { end_work(state, key, ending, now, outbox); }
};

// InvalidArgument where an attempt would have more metrics than is sensible.
absl::Status check_metric_count(const State& state, const ReportReceived& event) {
  std::map<WorkRef, std::set<std::string>> names;
  for (const WorkReport& report : event.reports) {
    const auto* metrics = std::get_if<MetricsReport>(&report.event);
    if (metrics == nullptr || !is_held(state, report.work, event.worker)) continue;
    const auto [known, is_first] = names.try_emplace(report.work);
    if (is_first) known->second = lease_at(state, *find_work(state, report.work))->metrics;
    for (const MetricPoint& point : metrics->points) known->second.insert(point.name);
    if (static_cast<std::int64_t>(known->second.size()) > state.options.max_metrics) {
      return absl::InvalidArgumentError(absl::StrCat(describe(report.work), " reports more than ",
                                                     state.options.max_metrics, " different metrics"));
    }
  }
  return absl::OkStatus();
}

// InvalidArgument where an attempt says that it goes on from what is no checkpoint of its trial.
absl::Status check_resume_points(const State& state, const ReportReceived& event) {
  for (const WorkReport& report : event.reports) {
    const auto* resumed = std::get_if<ResumedReport>(&report.event);
    if (resumed == nullptr || !is_held(state, report.work, event.worker)) continue;
    const TrialEntry& trial = trial_at(state, *find_work(state, report.work));
    if (trial.attempt->resumed_from || has_checkpoint(trial, resumed->from)) continue;
    return absl::InvalidArgumentError(absl::StrCat(describe(report.work), " goes on from step ",
                                                   resumed->from.step, " of attempt ", resumed->from.epoch,
                                                   ", of which there is no checkpoint"));
  }
  return absl::OkStatus();
}

// InvalidArgument where the reports cannot be taken, whoever holds the work.
absl::Status check_reports(const State& state, const ReportReceived& event) {
  const auto odd = std::find_if_not(event.reports.begin(), event.reports.end(), fits);
  if (odd != event.reports.end()) {
    return absl::InvalidArgumentError(absl::StrCat("this kind of report does not fit ", describe(odd->work)));
  }
  if (absl::Status status = check_resume_points(state, event); !status.ok()) return status;
  return check_metric_count(state, event);
}

}  // namespace

Outbox on_report(State& state, const ReportReceived& event, const Now& now) {
  Outbox outbox;
  if (const absl::Status sound = check_reports(state, event); !sound.ok()) {
    outbox.refuse(event.token, sound);
    return outbox;
  }
  if (const auto worker = state.workers.find(event.worker); worker != state.workers.end()) {
    hear(worker->second, now);
  }
  std::set<WorkRef> works;
  std::set<WorkRef> stale;
  for (const WorkReport& report : event.reports) {
    works.insert(report.work);
    const Standing standing = standing_of(state, event.worker, report);
    if (standing == Standing::kStale) stale.insert(report.work);
    if (standing != Standing::kCurrent) continue;
    const WorkKey key = *find_work(state, report.work);
    confirm(state, key, now.monotonic);
    std::visit(Record{state, key, now, outbox}, report.event);
  }
  if (!stale.empty() && stale.size() == works.size()) {
    outbox.refuse(event.token, not_held(*stale.begin(), event.worker));
  } else {
    outbox.answer(event.token, Reported{{stale.begin(), stale.end()}});
  }
  serve(state, now, outbox);
  return outbox;
}

}  // namespace melsweep::core
