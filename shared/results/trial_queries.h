// Questions about trials, asked of an open database. SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include <vector>

#include "SQLiteCpp/Database.h"
#include "shared/model/metric.h"
#include "shared/results/results.h"
#include "shared/results/standings.h"

namespace melsweep::results {

// Of this sweep, in order of number; the standings must be the sweep's.
std::vector<TrialSummary> read_trials(SQLite::Database& database, SweepId sweep, const TrialRange& range,
                                      const Standings& standings);

// Of the sweep that the standings are of, best first.
std::vector<TrialSummary> read_ranked_trials(SQLite::Database& database, const TrialRange& range,
                                             const Standings& standings);

// In the order of the classes; empty unless the trial has finished.
std::vector<ClassMetrics> read_class_metrics(SQLite::Database& database, TrialId trial);

// In order of ids.
std::vector<WorkerSummary> read_workers(SQLite::Database& database);

}  // namespace melsweep::results
