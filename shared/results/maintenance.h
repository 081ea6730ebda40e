// A results database as a file: whether it is sound, and a copy of it while it is in use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace melsweep::results {

// What SQLite finds wrong with the file's pages, indices and references between rows; empty where all is
// well. A coordinator may be writing meanwhile. NotFound, FailedPrecondition: as open_read_only().
absl::StatusOr<std::vector<std::string>> check_database(const std::filesystem::path& path);

struct BackupProgress {
  std::int64_t pages_done = 0;
  std::int64_t pages_total = 0;  // may grow while a coordinator writes
};

// Copies the database as it is at one moment to `target`, which must not be there yet; a coordinator may be
// writing meanwhile and does not wait. The copy is checked, synced and only then given its name. Cancelled
// where `progress` returns false. AlreadyExists, DataLoss (the copy is not sound), else as open_read_only().
absl::Status back_up_database(const std::filesystem::path& path, const std::filesystem::path& target,
                              const std::function<bool(const BackupProgress&)>& progress);

}  // namespace melsweep::results
