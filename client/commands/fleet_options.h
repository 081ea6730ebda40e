// Which engine is to run workers, and how.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/commands/results_source.h"
#include "client/scaling/fleet.h"

namespace melsweep::commands {

struct FleetOptions {
  CoordinatorOptions coordinator;
  std::string engine;    // "local", "slurm", "kubernetes"
  std::string script;    // worker.sbatch; empty: the one that came with this program
  std::string data_dir;  // of local workers
  std::string deployment = "melsweep-worker";
  std::vector<std::string> engine_options{};
  std::vector<std::string> worker_options{};  // behind "--"
};

// Adds --on, what belongs to each engine, and the coordinator's options.
void add_fleet_options(CLI::App& verb, FleetOptions& options);

// NotFound: the script is not where it is looked for.
absl::StatusOr<std::unique_ptr<scaling::Fleet>> make_fleet(const FleetOptions& options);

}  // namespace melsweep::commands
