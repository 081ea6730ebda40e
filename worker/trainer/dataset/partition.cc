#include "worker/trainer/dataset/partition.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "worker/trainer/dataset/listing.h"

namespace melsweep::dataset {

Partition partition(const DatasetReport& report, const DatasetSpec& spec, int validation_fold) {
  Partition parts;
  for (const Clip& clip : report.clips) {
    Split split = clip.split;
    if (spec.split.cross_validation && split != Split::kTest && clip.fold == validation_fold) {
      split = Split::kValidation;
    }
    if (split == Split::kTrain) parts.train.push_back(&clip);
    if (split == Split::kValidation) parts.validation.push_back(&clip);
    if (split == Split::kTest) parts.test.push_back(&clip);
  }
  return parts;
}

Partition partition(const DatasetReport& report, const TrialPlan& plan) {
  Partition parts = partition(report, plan.dataset, plan.validation_fold);
  if (plan.train_on == TrainOn::kTrainingAndValidation) {
    std::vector<const Clip*> both;
    // Pointers into one list: in its order.
    std::merge(parts.train.begin(), parts.train.end(), parts.validation.begin(), parts.validation.end(),
               std::back_inserter(both), std::less<>());
    parts.train = std::move(both);
    parts.validation.clear();
  }
  if (plan.evaluate != Split::kTest) parts.test.clear();
  return parts;
}

std::filesystem::path clip_path(const DatasetSpec& spec, const Clip& clip) {
  return dataset_root(spec.format, spec.path) / clip.id;
}

}  // namespace melsweep::dataset
