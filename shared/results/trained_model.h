// The model of a finished trial, as the database knows it.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "shared/model/trained_model.h"
#include "shared/results/run_choice.h"

namespace melsweep::results {

// The errors of resolve_run() and open_database(). Files are named as they are in the database and not looked
// at.
absl::StatusOr<TrainedModel> read_trained_model(const std::filesystem::path& database, const RunChoice& run);

}  // namespace melsweep::results
