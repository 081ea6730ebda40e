#include "shared/spec/cells.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "absl/status/status.h"
#include "shared/model/augmentation.h"
#include "shared/spec/parameters.h"

namespace melsweep::spec {

std::int64_t grid_size(const SweepSpec& sweep) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t size = 1;
  for (const ParameterAxis& axis : sweep.parameters) {
    const auto length = static_cast<std::int64_t>(axis.values.size());
    if (length == 0) return 0;
    if (size > kMost / length) return kMost;
    size *= length;
  }
  return size;
}

Cell grid_cell(const SweepSpec& sweep, std::int64_t index) {
  assert(index >= 0 && index < grid_size(sweep));
  Cell cell{
      .index = index, .parameters = std::vector<Parameter>(sweep.parameters.size()), .settings = sweep.base};
  std::int64_t rest = index;
  for (std::size_t i = sweep.parameters.size(); i-- > 0;) {
    const ParameterAxis& axis = sweep.parameters[i];
    const auto length = static_cast<std::int64_t>(axis.values.size());
    const ParameterValue& value = axis.values[static_cast<std::size_t>(rest % length)];
    rest /= length;
    cell.parameters[i] = {.name = axis.name, .value = value};
    [[maybe_unused]] const absl::Status status = set_parameter(axis.path, value, cell.settings);
    assert(status.ok());
  }
  // The last step is always measured, so measuring more seldom than that means measuring only there.
  TrainingSettings& training = cell.settings.training;
  training.evaluate_every = std::min(training.evaluate_every, training.steps);
  training.variants = without_unused(training.variants, training.augmentation);
  return cell;
}

std::vector<std::string> weights_named(const SweepSpec& sweep) {
  for (const ParameterAxis& axis : sweep.parameters) {
    if (axis.path != "model.weights") continue;
    std::vector<std::string> names;
    for (const ParameterValue& value : axis.values) names.push_back(melsweep::to_text(value));
    return names;
  }
  return {sweep.base.model.weights};
}

}  // namespace melsweep::spec
