// Metrics as rows. Called within a transaction; SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "coordinator/store/connection.h"
#include "coordinator/store/store.h"

namespace melsweep::store {

class MetricWriter {
 public:
  // The connection must outlive the writer.
  explicit MetricWriter(Connection& connection) : connection_(connection) {}

  void write(const AddMetrics& write);

  // To be called when a transaction was undone, and with it perhaps a name.
  void forget_names() { names_.clear(); }

 private:
  std::int64_t id_of(const std::string& name);

  Connection& connection_;
  // A sweep has few: all that were written since the start, up to kMaxNames.
  std::unordered_map<std::string, std::int64_t> names_;
};

}  // namespace melsweep::store
