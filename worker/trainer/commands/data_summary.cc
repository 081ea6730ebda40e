#include "worker/trainer/commands/data_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_join.h"

namespace melsweep::commands {
namespace {

std::ptrdiff_t count(const DatasetReport& report, Split split) {
  return std::count_if(report.clips.begin(), report.clips.end(),
                       [split](const Clip& clip) { return clip.split == split; });
}

std::string describe_split(const DatasetSpec& spec, const DatasetReport& report) {
  const std::ptrdiff_t test = count(report, Split::kTest);
  if (spec.split.cross_validation) {
    return fmt::format("{} in turns for training and validation, on folds {}; {} for the test",
                       count(report, Split::kTrain), absl::StrJoin(report.validation_folds, ", "), test);
  }
  return fmt::format("{} for training, {} for validation, {} for the test", count(report, Split::kTrain),
                     count(report, Split::kValidation), test);
}

}  // namespace

std::string describe_data(const DatasetSpec& spec, const DatasetReport& report) {
  std::string text = fmt::format("{}: {} clips in {} classes ({}).", spec.path, report.clips.size(),
                                 report.classes.size(), describe_split(spec, report));
  if (!report.skipped.empty()) text += fmt::format(" {} bad clips are left out.", report.skipped.size());
  for (const std::string& warning : report.warnings) text += fmt::format(" Warning: {}.", warning);
  return text;
}

}  // namespace melsweep::commands
