// RUN, as the verbs take it that are about one trial's model.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/results/trained_model.h"

namespace melsweep::commands {

struct RunOptions {
  std::string database;  // empty: not given
  std::string which;     // --run: "best", a trial's number; empty: not given

  std::string path() const;  // of the database
};

// Adds --db and --run.
void add_run_options(CLI::App& verb, RunOptions& options);

// `run`: SWEEP or SWEEP:TRIAL; --run names the trial where that does not. InvalidArgument where both do, or
// where --run is no trial; else the errors of results::read_trained_model().
absl::StatusOr<TrainedModel> find_model(const RunOptions& options, const std::string& run);

// The trainer's verb about this model, described on standard input. Its exit code; 1, and a word on standard
// error, where it cannot be run or is killed.
int run_trainer(const std::vector<std::string>& arguments, const std::string& input,
                const std::function<void(const std::string&)>& heard);

// What the trainer reads with --model -.
std::string describe(const TrainedModel& model);

}  // namespace melsweep::commands
