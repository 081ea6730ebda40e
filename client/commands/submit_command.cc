#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "client/commands/results_source.h"
#include "client/commands/retry_talk.h"
#include "client/commands/sweep_file.h"
#include "client/commands/verbs.h"
#include "client/commands/watching.h"
#include "client/output/terminal.h"
#include "client/remote/remote_results.h"
#include "client/remote/remote_sweeps.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::commands {
namespace {

struct SubmitOptions {
  SweepFileOptions file;
  CoordinatorOptions coordinator;
  bool wait = false;
};

int wait_for_end(const SubmitOptions& options, const std::vector<SweepId>& sweeps) {
  local::InterruptWatch interrupt;
  const auto results = remote::connect_results(options.coordinator.address());
  if (!results.ok()) return report_error(results.status());
  const auto ended = watch_sweeps(**results, sweeps, SystemClock(), interrupt);
  if (absl::IsCancelled(ended.status())) {
    std::cerr << "melsweep: the sweep goes on; follow it with: melsweep watch " << sweeps.front().value
              << "\n";
    return 2;
  }
  if (!ended.ok()) return report_error(ended.status());
  return print_outcome(**results, *ended);
}

int submit(const SubmitOptions& options) {
  std::optional<Study> study = load_study(options.file);
  if (!study) return 2;
  make_paths_absolute(*study);
  const remote::CoordinatorAddress coordinator = options.coordinator.address();
  const auto submitted =
      remote::submit_sweep(coordinator, {.yaml = spec::to_yaml(*study), .source_name = options.file.path},
                           sleep_and_say_so(coordinator.target));
  if (!submitted.ok()) return report_error(submitted.status());
  for (const std::string& warning : submitted->warnings) {
    std::cerr << "melsweep: " << output::printable(warning) << "; it waits for one that has\n";
  }
  if (options.wait) return wait_for_end(options, submitted->sweeps);
  for (const SweepId sweep : submitted->sweeps) std::cout << sweep.value << "\n";
  return 0;
}

}  // namespace

void add_submit_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "submit", "Give a sweep, or a study, to a coordinator and print its number, or theirs");
  auto options = std::make_shared<SubmitOptions>();
  add_sweep_file_options(*verb, options->file);
  add_fresh_option(*verb, options->file);
  add_coordinator_options(*verb, options->coordinator);
  verb->add_flag("--wait", options->wait, "Follow the sweep until it ends, then print its leaderboard");
  verb->callback([options, &exit_code] { exit_code = submit(*options); });
}

}  // namespace melsweep::commands
