// TensorBoard's event files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace melsweep::exports {

// Writes folder/SWEEP-ID/TRIAL/events.out.tfevents.* with the learning curves of each finished trial, each
// file whole or not at all; what an earlier export wrote of the same trials is replaced. How many trials
// there were. read_curves()'s errors; the system's reason, with the path.
absl::StatusOr<std::int64_t> write_tensorboard(const std::filesystem::path& database,
                                               const std::optional<std::string>& sweep,
                                               const std::filesystem::path& folder);

}  // namespace melsweep::exports
