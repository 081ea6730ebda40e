#include <memory>

#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/commands/watching.h"

namespace melsweep::commands {
namespace {

int watch(const SourceOptions& options) {
  local::InterruptWatch interrupt;
  const auto source = open_results(options);
  if (!source.ok()) return report_error(source.status());
  const auto sweep = (*source)->sweep(options.sweep);
  if (!sweep.ok()) return report_error(sweep.status());
  const auto ended = watch_sweep(**source, sweep->id, SystemClock(), interrupt);
  if (!ended.ok()) return report_error(ended.status());
  return print_outcome(**source, *ended);
}

}  // namespace

void add_watch_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("watch", "Follow a sweep until it ends, then print its leaderboard");
  auto options = std::make_shared<SourceOptions>();
  add_sweep_argument(*verb, *options);
  add_source_options(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = watch(*options); });
}

}  // namespace melsweep::commands
