#include "worker/trainer/inception/weights_file.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "worker/trainer/inception/header_json.h"
#include "worker/trainer/inception/layers.h"

namespace melsweep::inception {
namespace {

constexpr std::size_t kProblemsShown = 3;

// Why a parameter of the trunk cannot be used; empty where it can.
std::string parameter_problem(const SafetensorsFile& file, const ParameterSpec& spec) {
  const absl::StatusOr<std::vector<float>> values = read_tensor(file, spec.name, spec.shape);
  return values.ok() ? value_problem(spec.name, *values) : std::string(values.status().message());
}

}  // namespace

std::string value_problem(const std::string& name, std::span<const float> values) {
  if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
    return absl::StrCat(name, " holds values that are infinite or no numbers");
  }
  if (name.ends_with(".running_var") && std::ranges::any_of(values, [](float value) { return value < 0; })) {
    return absl::StrCat(name, " holds negative variances");
  }
  return {};
}

bool is_unused(const std::string& name) {
  return name.starts_with("fc.") || name.starts_with("optimizer.") || name.starts_with("AuxLogits.") ||
         name.ends_with(".num_batches_tracked");
}

WeightsSummary summarize_weights(const SafetensorsFile& file, const Metadata& instead) {
  WeightsSummary summary;
  Metadata metadata = instead;
  metadata.insert(file.metadata().begin(), file.metadata().end());
  const absl::StatusOr<Dialect> dialect = dialect_of(metadata);
  if (dialect.ok()) {
    summary.dialect = *dialect;
  } else {
    summary.problems.emplace_back(dialect.status().message());
  }
  const auto source = metadata.find(kSourceKey);
  if (source != metadata.end()) summary.source = source->second;

  std::set<std::string> expected;
  for (const ParameterSpec& spec : trunk_parameters()) {
    expected.insert(spec.name);
    if (std::string problem = parameter_problem(file, spec); !problem.empty()) {
      summary.problems.push_back(std::move(problem));
    }
  }
  for (const StoredTensor& tensor : file.tensors()) {
    if (is_unused(tensor.name)) {
      summary.unused.push_back(tensor.name);
    } else if (!expected.contains(tensor.name)) {
      summary.problems.push_back(absl::StrCat(shortened(tensor.name), " is no parameter of Inception v3"));
    } else {
      ++summary.tensors;
      std::int64_t numbers = 1;
      for (const std::int64_t extent : tensor.shape) numbers *= extent;
      summary.numbers += numbers;
    }
  }
  return summary;
}

absl::StatusOr<WeightsSummary> check_weights(const SafetensorsFile& file, const Metadata& instead) {
  WeightsSummary summary = summarize_weights(file, instead);
  if (summary.problems.empty()) return summary;
  const std::size_t shown = std::min(kProblemsShown, summary.problems.size());
  std::string text = absl::StrJoin(summary.problems.begin(),
                                   summary.problems.begin() + static_cast<std::ptrdiff_t>(shown), "; ");
  if (shown < summary.problems.size())
    absl::StrAppend(&text, "; and ", summary.problems.size() - shown, " more");
  return absl::InvalidArgumentError(absl::StrCat(file.path().string(),
                                                 " is no weights file of Inception v3: ", text,
                                                 " (`melsweep weights verify` tells all of it)"));
}

}  // namespace melsweep::inception
