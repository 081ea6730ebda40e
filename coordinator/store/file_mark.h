// Telling a results database from any other file without opening it.
#pragma once

#include <filesystem>

#include "absl/status/status.h"

namespace melsweep::store {

// Ok where the file is not there, is empty, or carries our mark. FailedPrecondition: it is no file, no SQLite
// database, or somebody else's.
//
// Looks at the file's first bytes alone, and not through SQLite, which would take the file by itself for
// damaged where its last owner was killed while it made the database or folded the log into it: only together
// with its journal or log it is whole. The header carries our mark from the very transaction that made the
// schema, so what stands in either does not matter.
absl::Status check_ours_or_new(const std::filesystem::path& path);

}  // namespace melsweep::store
