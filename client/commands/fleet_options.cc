#include "client/commands/fleet_options.h"

#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "client/local/child_process.h"
#include "client/output/terminal.h"
#include "client/scaling/kubernetes_fleet.h"
#include "client/scaling/local_fleet.h"
#include "client/scaling/slurm_fleet.h"
#include "shared/files/places.h"
#include "shared/net/address.h"

namespace melsweep::commands {
namespace {

namespace fs = std::filesystem;

// Installed, or in the source tree that it was built in.
constexpr const char* kScriptPlaces[] = {"../share/melsweep/slurm/worker.sbatch",
                                         "../../../deploy/slurm/worker.sbatch"};

absl::StatusOr<fs::path> find_script(const std::string& given) {
  std::error_code error;
  if (!given.empty()) {
    if (fs::is_regular_file(given, error)) return fs::absolute(given);
    return absl::NotFoundError(absl::StrCat("there is no script ", given));
  }
  const fs::path here = local::sibling_program("melsweep").parent_path();
  for (const char* place : kScriptPlaces) {
    const fs::path script = (here / place).lexically_normal();
    if (fs::is_regular_file(script, error)) return script;
  }
  return absl::NotFoundError("worker.sbatch is not beside this program: name it with --script");
}

// A job finds the coordinator by the address that this program has.
void warn_of_loopback(const std::string& coordinator) {
  const auto address = net::parse_address(coordinator);
  if (!address.ok() || !net::is_loopback(*address)) return;
  std::cerr << "melsweep: jobs are told that the coordinator is at " << output::printable(coordinator)
            << ", which is each node itself; name it as the nodes reach it with --coordinator\n";
}

}  // namespace

void add_fleet_options(CLI::App& verb, FleetOptions& options) {
  verb.add_option("--on", options.engine, "What runs the workers: local, slurm or kubernetes")
      ->required()
      ->check(CLI::IsMember({"local", "slurm", "kubernetes"}));
  verb.add_option("--script", options.script,
                  "Slurm: worker.sbatch; the one that came with this program if not given");
  verb.add_option("--data-dir", options.data_dir, "local: where workers keep caches and logs")
      ->envname("MELSWEEP_DATA_DIR");
  verb.add_option("--deployment", options.deployment, "Kubernetes: the Deployment of workers")
      ->capture_default_str();
  verb.add_option(
          "--engine-option", options.engine_options,
          "An option of sbatch or kubectl, such as --engine-option=--gres=gpu:1; may be given several times")
      ->allow_extra_args(false);
  add_coordinator_options(verb, options.coordinator);
  verb.add_option("WORKER_OPTION", options.worker_options,
                  "Behind --: options of melsweep-worker, not for kubernetes");
}

absl::StatusOr<std::unique_ptr<scaling::Fleet>> make_fleet(const FleetOptions& options) {
  const std::string coordinator = options.coordinator.address().target;
  if (options.engine == "kubernetes") {
    return std::make_unique<scaling::KubernetesFleet>(
        scaling::KubernetesOptions{.deployment = options.deployment, .kubectl = options.engine_options});
  }
  if (options.engine == "slurm") {
    const auto script = find_script(options.script);
    if (!script.ok()) return script.status();
    warn_of_loopback(coordinator);
    return std::make_unique<scaling::SlurmFleet>(scaling::SlurmOptions{.script = *script,
                                                                       .coordinator = coordinator,
                                                                       .sbatch = options.engine_options,
                                                                       .worker = options.worker_options});
  }
  const fs::path data_dir =
      options.data_dir.empty() ? files::default_worker_dir() : fs::path(options.data_dir);
  return std::make_unique<scaling::LocalFleet>(
      scaling::LocalOptions{.program = local::sibling_program("melsweep-worker"),
                            .coordinator = coordinator,
                            .data_dir = fs::absolute(data_dir),
                            .worker = options.worker_options});
}

}  // namespace melsweep::commands
