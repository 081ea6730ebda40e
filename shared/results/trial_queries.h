// Questions about trials, asked of an open database. SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include <vector>

#include "SQLiteCpp/Database.h"
#include "shared/model/metric.h"
#include "shared/results/results.h"

namespace melsweep::results {

enum class TrialChoice {
  kAll,     // in order of number
  kRanked,  // the finished ones, best first
  kBest,    // the first of those, if any
};

std::vector<TrialSummary> read_trials(SQLite::Database& database, SweepId sweep, TrialChoice choice);

// In the order of the classes; empty unless the trial has finished.
std::vector<ClassMetrics> read_class_metrics(SQLite::Database& database, TrialId trial);

// In order of ids.
std::vector<WorkerSummary> read_workers(SQLite::Database& database);

}  // namespace melsweep::results
