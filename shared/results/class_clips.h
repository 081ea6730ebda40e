// How many clips of each class a trial had for what, and what augmentation made of them.
#pragma once

#include <span>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "shared/model/ids.h"
#include "shared/model/settings.h"
#include "shared/model/sweep.h"
#include "shared/model/trained_model.h"

namespace melsweep::results {

// Of a trial of this sweep that is validated on this fold (0 without cross-validation), in the order of the
// labels.
std::vector<ClassClips> read_class_clips(SQLite::Database& database, SweepId sweep, int validation_fold,
                                         TrainOn train_on, std::span<const Augmentation> augmentation);

}  // namespace melsweep::results
