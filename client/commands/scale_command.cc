#include <iostream>
#include <memory>

#include "client/commands/fleet_options.h"
#include "client/commands/results_source.h"
#include "client/commands/scaling_step.h"
#include "client/commands/verbs.h"
#include "client/remote/remote_results.h"

namespace melsweep::commands {
namespace {

constexpr int kMostWorkers = 10'000;

struct ScaleOptions {
  FleetOptions fleet;
  int wanted = 0;
  bool dry_run = false;
};

int scale(const ScaleOptions& options) {
  const remote::CoordinatorAddress coordinator = options.fleet.coordinator.address();
  const auto results = remote::connect_results(coordinator);
  if (!results.ok()) return report_error(results.status());
  const auto fleet = make_fleet(options.fleet);
  if (!fleet.ok()) return report_error(fleet.status());
  const auto seen = look_at(**fleet, **results);
  if (!seen.ok()) return report_error(seen.status());
  const scaling::Change change = scaling::change_to(options.wanted, seen->members, seen->workers);
  const int there = scaling::count_staying(seen->members, seen->workers);
  const std::string what = describe(change);
  std::cerr << there << (there == 1 ? " worker" : " workers") << " on " << options.fleet.engine << ": "
            << (what.empty() ? "nothing to do" : what) << (options.dry_run ? " (not really: --dry-run)" : "")
            << "\n";
  if (options.dry_run) return 0;
  const absl::Status done = carry_out(change, **fleet, coordinator);
  return done.ok() ? 0 : report_error(done);
}

}  // namespace

void add_scale_command(CLI::App& app, int& exit_code) {
  CLI::App* verb =
      app.add_subcommand("scale", "Have so many workers run on this machine, Slurm or Kubernetes");
  auto options = std::make_shared<ScaleOptions>();
  verb->add_option("N", options->wanted, "How many workers there are to be")
      ->required()
      ->check(CLI::Range(0, kMostWorkers));
  verb->add_flag("--dry-run", options->dry_run, "Only say what would be done");
  add_fleet_options(*verb, options->fleet);
  verb->footer(
      "Too many workers are told to leave: they give back what they do, at no cost. Idle ones go first.");
  verb->callback([options, &exit_code] { exit_code = scale(*options); });
}

}  // namespace melsweep::commands
