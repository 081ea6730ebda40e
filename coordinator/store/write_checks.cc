#include "coordinator/store/write_checks.h"

#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"

namespace melsweep::store {
namespace {

absl::Status check(const SweepId& id) {
  if (id.value <= 0) return absl::InvalidArgumentError("a sweep's number must be positive");
  return absl::OkStatus();
}

absl::Status check(const AttemptRef& ref) {
  if (ref.trial.value <= 0 || ref.epoch <= 0) {
    return absl::InvalidArgumentError(absl::StrCat("an attempt's trial and epoch must be positive, not ",
                                                   ref.trial.value, " and ", ref.epoch));
  }
  return absl::OkStatus();
}

bool is_index(int index, std::size_t size) {
  return index >= 0 && static_cast<std::size_t>(index) < size;
}

struct Check {
  absl::Status operator()(const PutSweep& write) const {
    const SweepRecord& sweep = write.sweep;
    if (sweep.study.sources.size() != sweep.spec.takes.size()) {
      return absl::InvalidArgumentError(absl::StrCat("sweep ", sweep.id.value, " takes from ",
                                                     sweep.spec.takes.size(), " sweeps and names ",
                                                     sweep.study.sources.size()));
    }
    return check(sweep.id);
  }

  absl::Status operator()(const PutSweepPaused& write) const { return check(write.sweep.id); }

  absl::Status operator()(const PutSweepAction& write) const {
    if (write.action.request.value.empty()) {
      return absl::InvalidArgumentError("an action's request must not be empty");
    }
    return check(write.action.sweep);
  }

  absl::Status operator()(const PutTrial& write) const {
    const TrialRecord& trial = write.trial;
    if (trial.id.value <= 0) return absl::InvalidArgumentError("a trial's id must be positive");
    std::set<std::string_view> names;
    for (const Parameter& parameter : trial.cell.parameters) {
      if (!names.insert(parameter.name).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("trial ", trial.id.value, " has the parameter '", parameter.name, "' twice"));
      }
      const double* number = std::get_if<double>(&parameter.value);
      if (number != nullptr && !std::isfinite(*number)) {
        return absl::InvalidArgumentError(
            absl::StrCat("trial ", trial.id.value, ": parameter '", parameter.name, "' is no finite number"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const PutTrialState& write) const {
    if (write.trial.value <= 0) return absl::InvalidArgumentError("a trial's id must be positive");
    return absl::OkStatus();
  }

  absl::Status operator()(const CancelPendingTrials& write) const { return check(write.sweep); }

  absl::Status operator()(const PutAttempt& write) const { return check(write.attempt.ref); }

  absl::Status operator()(const PutCheckpoint& write) const { return check(write.checkpoint.attempt); }

  absl::Status operator()(const DropCheckpoint& write) const { return check(write.attempt); }

  absl::Status operator()(const PutWorker& write) const {
    if (write.worker.id.value.empty()) return absl::InvalidArgumentError("a worker's id must not be empty");
    return absl::OkStatus();
  }

  absl::Status operator()(const PutDataset& write) const {
    if (absl::Status status = check(write.sweep); !status.ok()) return status;
    std::set<std::string_view> clips;
    for (const Clip& clip : write.report.clips) {
      if (!is_index(clip.class_index, write.report.classes.size())) {
        return absl::InvalidArgumentError(absl::StrCat("clip '", clip.id, "' has class ", clip.class_index,
                                                       " of ", write.report.classes.size()));
      }
      if (!std::isfinite(clip.duration_s)) {
        return absl::InvalidArgumentError(
            absl::StrCat("the duration of clip '", clip.id, "' is no finite number"));
      }
      if (!clips.insert(clip.id).second) {
        return absl::InvalidArgumentError(absl::StrCat("the data set has the clip '", clip.id, "' twice"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const AddWarning& write) const { return check(write.sweep); }

  absl::Status operator()(const PutPreparation& write) const { return check(write.preparation.sweep); }

  absl::Status operator()(const AddMetrics& write) const { return check(write.attempt); }

  absl::Status operator()(const InheritMetrics& write) const { return check(write.attempt); }

  absl::Status operator()(const CopyResult& write) const {
    if (absl::Status status = check(write.attempt); !status.ok()) return status;
    return check(write.source);
  }

  absl::Status operator()(const PutStages& write) const {
    if (const std::string flaw = stage_flaw(write.stages); !flaw.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("trial ", write.attempt.trial.value, " ", flaw));
    }
    return check(write.attempt);
  }

  absl::Status operator()(const PutEvaluation& write) const {
    if (absl::Status status = check(write.attempt); !status.ok()) return status;
    const std::size_t classes = write.evaluation.classes.size();
    std::set<std::string_view> clips;
    for (const Prediction& prediction : write.evaluation.predictions) {
      if (!is_index(prediction.true_class, classes) || !is_index(prediction.predicted_class, classes)) {
        return absl::InvalidArgumentError(absl::StrCat("the prediction of '", prediction.clip,
                                                       "' names class ", prediction.true_class, " or ",
                                                       prediction.predicted_class, " of ", classes));
      }
      if (!clips.insert(prediction.clip).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("the evaluation has the clip '", prediction.clip, "' twice"));
      }
    }
    return absl::OkStatus();
  }
};

}  // namespace

absl::Status check_write(const Write& write) {
  return std::visit(Check{}, write);
}

}  // namespace melsweep::store
