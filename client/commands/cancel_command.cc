#include <iostream>
#include <memory>

#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/remote/remote_results.h"
#include "client/remote/remote_sweeps.h"

namespace melsweep::commands {
namespace {

int cancel(const SourceOptions& options) {
  const auto results = remote::connect_results(options.coordinator.address());
  if (!results.ok()) return report_error(results.status());
  const auto sweep = (*results)->sweep(options.sweep);
  if (!sweep.ok()) return report_error(sweep.status());
  const absl::Status status = remote::cancel_sweep(options.coordinator.address(), sweep->id);
  if (!status.ok()) return report_error(status);
  std::cerr << "sweep " << sweep->id.value << " cancelled; its results so far stay\n";
  return 0;
}

}  // namespace

void add_cancel_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("cancel", "Stop a sweep's running trials and drop its pending ones");
  auto options = std::make_shared<SourceOptions>();
  options->sweep.clear();
  verb->add_option("SWEEP", options->sweep, "A sweep's number, its name, or 'last'")->required();
  add_coordinator_options(*verb, options->coordinator);
  verb->callback([options, &exit_code] { exit_code = cancel(*options); });
}

}  // namespace melsweep::commands
