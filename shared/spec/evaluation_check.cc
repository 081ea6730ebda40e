#include "shared/spec/evaluation_check.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace melsweep::spec {
namespace {

class EvaluationChecker {
 public:
  EvaluationChecker(const Node& root, const SweepSpec& sweep, ProblemList& problems)
      : root_(root), sweep_(sweep), problems_(problems) {}

  void check() {
    if (sweep_.evaluate == Split::kTest) {
      check_test();
    } else if (sweep_.train_on == TrainOn::kTrainingAndValidation) {
      refuse({"train_on"}, "with train_on: training+validation there is nothing left to validate on",
             "leave it out, or evaluate: test");
    }
    check_metric();
  }

 private:
  void check_test() {
    if (!problems_.touches({"dataset"}) && !has_test_part(sweep_.dataset.split)) {
      refuse({"evaluate"}, "there is no test part to evaluate on", "name one in dataset.split.test");
    }
    if (root_.member("parameters") != nullptr) {
      refuse({"parameters"}, "with evaluate: test nothing may be swept: the test part would choose",
             "choose by validation, and take the winner's fields");
    }
    if (sweep_.seeds > 1) {
      refuse({"seeds"}, absl::StrCat("with evaluate: test there is one trial, not ", sweep_.seeds),
             "leave it out");
    }
    if (sweep_.dataset.split.cross_validation && sweep_.train_on == TrainOn::kTraining) {
      refuse({find(root_, {"train_on"}) == nullptr ? "evaluate" : "train_on"},
             "with cross_validation every fold is for training in the end",
             "set train_on: training+validation");
    }
  }

  void check_metric() {
    const std::string& metric = sweep_.objective.metric;
    if (sweep_.evaluate != Split::kTest && absl::StartsWith(metric, "test/")) {
      refuse({"objective", "metric"},
             absl::StrCat("the objective ", metric, " would choose by the test part"),
             "use validation/accuracy");
    }
    if (sweep_.train_on == TrainOn::kTrainingAndValidation && absl::StartsWith(metric, "validation/")) {
      refuse({"objective", "metric"},
             absl::StrCat("nothing measures ", metric, " where validation clips are trained on"),
             "use test/accuracy");
    }
  }

  void refuse(const Path& path, std::string message, std::string hint) {
    if (problems_.touches(path)) return;
    problems_.add(path, place_of(root_, path), std::move(message), std::move(hint));
  }

  const Node& root_;
  const SweepSpec& sweep_;
  ProblemList& problems_;
};

}  // namespace

bool has_test_part(const SplitSpec& split) {
  return split.by == SplitBy::kFold ? !split.test_folds.empty() : split.test_fraction > 0.0;
}

void check_evaluation(const Node& root, const SweepSpec& sweep, ProblemList& problems) {
  EvaluationChecker(root, sweep, problems).check();
}

}  // namespace melsweep::spec
