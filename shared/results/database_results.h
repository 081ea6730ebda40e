// Results read straight from a results database, beside a running coordinator or without one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "shared/results/results.h"

namespace melsweep::results {

// Not thread-safe.
class DatabaseResults : public Results {
 public:
  // While an answer is read, `should_stop` is asked over and over on the thread that reads, every few
  // milliseconds; once it says so, the answer is Cancelled. Empty: everything is read to its end.
  virtual void stop_when(std::function<bool()> should_stop) = 0;
};

// Opens the file read-only and never creates, migrates or checkpoints it. NotFound: no such file;
// FailedPrecondition: not a results database, or of a newer version than this program knows.
absl::StatusOr<std::unique_ptr<DatabaseResults>> open_database(const std::string& path);

}  // namespace melsweep::results
