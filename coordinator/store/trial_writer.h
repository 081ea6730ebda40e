// Trials as rows. Called within a transaction; SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include <string>

#include "coordinator/store/connection.h"
#include "coordinator/store/store.h"
#include "shared/model/settings.h"

namespace melsweep::store {

class TrialWriter {
 public:
  // The connection must outlive the writer.
  explicit TrialWriter(Connection& connection) : connection_(connection) {}

  void write(const PutTrial& write);
  void write(const PutTrialState& write);
  void write(const CancelPendingTrials& write);

 private:
  const std::string& json_of(const TrialSettings& settings);
  void write_parameters(const TrialRecord& trial);

  Connection& connection_;
  // As they were last written: the trials of a cell come one after the other, and all have its settings.
  TrialSettings settings_;
  std::string json_;  // empty: nothing was written yet
};

}  // namespace melsweep::store
