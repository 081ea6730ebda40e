#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/commands/results_source.h"
#include "client/commands/retry_talk.h"
#include "client/commands/verbs.h"
#include "client/local/database_owner.h"
#include "client/local/interrupt.h"
#include "client/local/local_cluster.h"
#include "client/remote/remote_results.h"
#include "client/remote/remote_sweeps.h"
#include "shared/files/places.h"

namespace melsweep::commands {
namespace {

int cancel_at(const remote::CoordinatorAddress& coordinator, const std::string& which) {
  const auto results = remote::connect_results(coordinator);
  if (!results.ok()) return report_error(results.status());
  const auto sweep = (*results)->sweep(which);
  if (!sweep.ok()) return report_error(sweep.status());
  const absl::Status status =
      remote::cancel_sweep(coordinator, sweep->id, sleep_and_say_so(coordinator.target));
  if (!status.ok()) return report_error(status);
  std::cerr << "sweep " << sweep->id.value << " cancelled; its results so far stay\n";
  return 0;
}

// Only a coordinator writes to a database: one is started for this call.
int cancel_in(const std::string& database, const std::string& which) {
  std::error_code error;
  const std::filesystem::path file = std::filesystem::absolute(database, error);
  if (error || !std::filesystem::exists(file, error)) {
    return report_error(absl::NotFoundError(absl::StrCat("there is no results database ", database)));
  }
  if (local::has_owner(file)) {
    return report_error(absl::FailedPreconditionError(absl::StrCat(
        "a coordinator has ", database,
        " open: give its --coordinator HOST:PORT, or stop its `melsweep run` with Ctrl-C first")));
  }
  local::InterruptWatch interrupt;
  auto cluster = local::LocalCluster::start(
      {.database = file, .data_dir = files::default_worker_dir(), .workers = 0}, interrupt);
  if (!cluster.ok()) return report_error(cluster.status());
  const int code = cancel_at({.target = cluster->address()}, which);
  cluster->stop(interrupt);
  return code;
}

int cancel(const SourceOptions& options) {
  return options.database.empty() ? cancel_at(options.coordinator.address(), options.sweep)
                                  : cancel_in(options.database, options.sweep);
}

}  // namespace

void add_cancel_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("cancel", "Stop a sweep's running trials and drop its pending ones");
  auto options = std::make_shared<SourceOptions>();
  options->sweep.clear();
  verb->add_option("SWEEP", options->sweep, "A sweep's number, its name, or 'last'")->required();
  add_source_options(*verb, *options);
  verb->get_option("--db")->description("Cancel it in this results database, which no coordinator has open");
  verb->callback([options, &exit_code] { exit_code = cancel(*options); });
}

}  // namespace melsweep::commands
