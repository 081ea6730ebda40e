// Which clip trains, which validates, which is kept for the test.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/dataset.h"

namespace melsweep::dataset {

struct SplitOutcome {
  std::vector<int> validation_folds;  // as DatasetReport::validation_folds
  std::vector<std::string> warnings;  // leaks, classes that validation or test has nothing of
};

// Sets Clip::split of every clip. The result does not depend on the clips' order. By group, recordings with a
// file of the same content count as one.
// InvalidArgument: folds asked of data that has none, a fold that is not in the data (with those that are), a
// fold used twice, an empty split, a class that training has nothing of. FailedPrecondition: a random split
// that puts one recording, or files of the same content, on both sides, without allow_leakage.
absl::StatusOr<SplitOutcome> assign_splits(const SplitSpec& spec, const std::vector<std::string>& classes,
                                           std::vector<Clip>& clips);

}  // namespace melsweep::dataset
