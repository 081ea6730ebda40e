// The store on disk: one SQLite file, described in docs/results-db.md.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/store/store.h"

namespace melsweep::store {

struct SqliteStoreOptions {
  // How long a commit waits for someone's stray write lock; nobody but the store should hold one. A longer
  // wait would keep the coordinator from answering heartbeats.
  std::chrono::milliseconds busy_timeout{2000};
};

// Opens the file, or makes it and the folders above it, and brings an older schema up to date. While the
// store lives it is the file's only writer (a lock on `<path>.lock` sees to that) and the only one to
// checkpoint it; readers may come and go. Destroying the store folds the write-ahead log into the file,
// unless a commit answered Internal or DataLoss.
//
// A commit costs one or two fsyncs, so commit many writes at once.
//
// Unavailable: another coordinator has the file, or the disk is full. FailedPrecondition: no results
// database, or one of a newer version; such a file is left as it is. FailedPrecondition too where the file
// system cannot carry a write-ahead log. DataLoss: the file is damaged.
absl::StatusOr<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& path,
                                                         const SqliteStoreOptions& options = {});

}  // namespace melsweep::store
