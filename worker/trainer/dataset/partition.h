// The clips of one trial, by what they are for.
#pragma once

#include <filesystem>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/trial.h"

namespace melsweep::dataset {

// Pointers into the report that it was made from, in the report's order (by id).
struct Partition {
  std::vector<const Clip*> train;
  std::vector<const Clip*> validation;
  std::vector<const Clip*> test;
};

// Without cross-validation `validation_fold` is 0 and each clip goes where prepare_dataset() put it. With it
// `validation_fold` is one of report.validation_folds: that fold validates, test clips stay out, the rest
// trains.
Partition partition(const DatasetReport& report, const DatasetSpec& spec, int validation_fold);

// The clips that the trial uses: with TrainOn::kTrainingAndValidation those of both are for training, and
// none validates; test clips are there only where it is evaluated on them.
Partition partition(const DatasetReport& report, const TrialPlan& plan);

// Where the clip's file is. Relative when spec.path is.
std::filesystem::path clip_path(const DatasetSpec& spec, const Clip& clip);

}  // namespace melsweep::dataset
