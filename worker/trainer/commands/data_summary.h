// A data set in words.
#pragma once

#include <string>

#include "shared/model/dataset.h"

namespace melsweep::commands {

// "data/ESC-10: 400 clips in 10 classes (240 to train on, 80 for validation, 80 for the test)." and a
// sentence for clips left out and for each warning; no newline at the end.
std::string describe_data(const DatasetSpec& spec, const DatasetReport& report);

}  // namespace melsweep::commands
