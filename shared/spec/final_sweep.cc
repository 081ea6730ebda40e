#include "shared/spec/final_sweep.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/spec/cell_check.h"
#include "shared/spec/evaluation_check.h"
#include "shared/spec/names.h"
#include "shared/spec/schema_explanation.h"
#include "shared/spec/takings.h"

namespace melsweep::spec {
namespace {

// Where the sweep has left evaluate_every to its default, that of these steps.
void set_steps(const TrainingSettings& before, std::int64_t steps, TrainingSettings& training) {
  const std::int64_t by_default = TrainingSettings{}.evaluate_every;
  if (before.evaluate_every == std::min(by_default, before.steps)) training.evaluate_every = by_default;
  training.steps = steps;
  training.evaluate_every = std::min(training.evaluate_every, steps);
}

TrainOn train_on_of(const Node& final, const SweepSpec& sweep) {
  if (const Node* given = final.member("train_on")) {
    return parse_name<TrainOn>(given->text).value_or(TrainOn::kTraining);
  }
  // Every fold has validated in turn: none is left out in the end.
  return sweep.dataset.split.cross_validation ? TrainOn::kTrainingAndValidation : TrainOn::kTraining;
}

void check(const Node& item, const SweepSpec& sweep, const SweepSpec& final, ProblemList& problems) {
  const auto refuse = [&](const Path& path, std::string message, std::string hint) {
    problems.add(path, key_place_of(item, path), std::move(message), std::move(hint));
  };
  if (sweep.evaluate == Split::kTest) {
    refuse({"final"}, "this sweep is evaluated on the test part itself", "leave out final or evaluate");
  } else if (!problems.touches({"dataset"}) && !has_test_part(sweep.dataset.split)) {
    refuse({"final"}, "there is no test part to evaluate the final training on",
           "name one in dataset.split.test");
  }
  if (sweep.dataset.split.cross_validation && final.train_on == TrainOn::kTraining) {
    refuse({"final", "train_on"}, "with cross_validation every fold is for training in the end",
           "use 'training+validation', or leave it out");
  }
  const auto longest = schema_json().at("properties").at("name").at("maxLength").get<std::size_t>();
  if (final.name.size() > longest) {
    refuse({"name"},
           absl::StrCat("the name of the final training, ", final.name, ", would be longer than ", longest,
                        " characters"),
           "shorten the name");
  }
  // What is wrong without it is said already.
  if (!problems.empty()) return;
  if (const absl::Status possible = check_cells(final); !possible.ok()) {
    refuse({"final"}, std::string(possible.message()), "");
  }
}

}  // namespace

SweepSpec final_of(const Node& item, const SweepSpec& sweep, ProblemList& problems) {
  const Node& node = *item.member("final");
  SweepSpec final = sweep;
  final.name = sweep.name + "-final";
  final.parameters.clear();
  final.seeds = 1;
  final.objective = {"test/accuracy", Goal::kMaximize};
  final.evaluate = Split::kTest;
  final.train_on = train_on_of(node, sweep);
  Taking taking{sweep.name, fields_tried(sweep)};
  if (const Node* steps = node.member("steps")) {
    std::erase(taking.fields, "training.steps");
    set_steps(sweep.base.training, steps->integer, final.base.training);
  }
  final.takes = {std::move(taking)};
  check(item, sweep, final, problems);
  return final;
}

}  // namespace melsweep::spec
