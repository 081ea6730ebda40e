// A sweep YAML as given on a command line: FILE and --set path=value.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/sweep.h"

namespace melsweep::commands {

struct SweepFileOptions {
  std::string path;
  std::vector<std::string> settings;  // each "path=value"
  bool fresh = false;                 // as reuse: false in the sweep
};

void add_sweep_file_options(CLI::App& verb, SweepFileOptions& options);

// For the verbs that have it run.
void add_fresh_option(CLI::App& verb, SweepFileOptions& options);

// The checked sweeps of the file; std::nullopt after printing every problem on standard error.
std::optional<Study> load_study(const SweepFileOptions& options);

// Paths that exist below the working directory made absolute, so that workers started elsewhere on this
// machine find them; others stay as written, for the workers to resolve.
void make_paths_absolute(Study& study);

}  // namespace melsweep::commands
