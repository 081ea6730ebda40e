#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/commands/watching.h"
#include "client/local/database_owner.h"

namespace melsweep::commands {
namespace {

absl::Status check_owned(const std::string& database) {
  if (local::has_owner(database)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "no coordinator has ", database,
      " open, so nothing goes on in it; go on with the sweep: melsweep run SWEEP.yaml --db ", database));
}

int watch(const SourceOptions& options) {
  local::InterruptWatch interrupt;
  const auto source = open_results(options);
  if (!source.ok()) return report_error(source.status());
  const auto sweep = source->results->sweep(options.sweep);
  if (!sweep.ok()) return report_error(sweep.status());
  WatchOptions watching;
  if (!source->database.empty()) watching.between = [&] { return check_owned(source->database); };
  const auto all = submitted_with(*source->results, *sweep);
  if (!all.ok()) return report_error(all.status());
  const auto ended = watch_sweeps(*source->results, *all, SystemClock(), interrupt, watching);
  if (!ended.ok()) return report_error(ended.status());
  return print_outcome(*source->results, *ended);
}

}  // namespace

void add_watch_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "watch", "Follow a sweep, and those of its study, until they end, then print who has won");
  auto options = std::make_shared<SourceOptions>();
  add_sweep_argument(*verb, *options);
  add_source_options(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = watch(*options); });
}

}  // namespace melsweep::commands
