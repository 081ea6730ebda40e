#include "client/commands/sweep_action.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/results_source.h"
#include "client/commands/retry_talk.h"
#include "client/local/database_owner.h"
#include "client/local/interrupt.h"
#include "client/local/local_cluster.h"
#include "client/remote/remote_results.h"
#include "shared/files/places.h"

namespace melsweep::commands {
namespace {

// The sweeps of the newest study of that name that have not ended, the last first: what is cancelled must not
// leave others waiting for it. Empty: there is no such study.
absl::StatusOr<std::vector<SweepId>> open_sweeps_of_study(results::Results& results,
                                                          const std::string& name) {
  const auto sweeps = results.sweeps();
  if (!sweeps.ok()) return sweeps.status();
  const auto newest = std::find_if(sweeps->begin(), sweeps->end(),
                                   [&](const results::SweepSummary& sweep) { return sweep.study == name; });
  if (newest == sweeps->end()) return std::vector<SweepId>{};
  std::vector<SweepId> open;
  for (const results::SweepSummary& sweep : *sweeps) {
    if (sweep.study_id == newest->study_id && !has_ended(sweep.state)) open.push_back(sweep.id);
  }
  if (open.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("all sweeps of the study '", name, "' have ended"));
  }
  return open;
}

// What `which` names: a sweep, or else the open sweeps of a study.
absl::StatusOr<std::vector<SweepId>> sweeps_to_act_on(results::Results& results, const std::string& which) {
  const auto sweep = results.sweep(which);
  if (sweep.ok()) return std::vector<SweepId>{sweep->id};
  if (!absl::IsNotFound(sweep.status())) return sweep.status();
  auto of_study = open_sweeps_of_study(results, which);
  if (of_study.ok() && of_study->empty()) return sweep.status();
  return of_study;
}

int act_at(const SweepActionVerb& verb, const remote::CoordinatorAddress& coordinator,
           const std::string& which) {
  const auto results = remote::connect_results(coordinator);
  if (!results.ok()) return report_error(results.status());
  const auto sweeps = sweeps_to_act_on(**results, which);
  if (!sweeps.ok()) return report_error(sweeps.status());
  for (const SweepId sweep : *sweeps) {
    const absl::Status status = verb.act(coordinator, sweep, sleep_and_say_so(coordinator.target));
    if (!status.ok()) return report_error(status);
    std::cerr << "sweep " << sweep.value << " " << verb.outcome(sweep) << "\n";
  }
  return 0;
}

int act_in(const SweepActionVerb& verb, const std::string& database, const std::string& which) {
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
  auto cluster =
      local::LocalCluster::start({.database = file, .data_dir = files::default_worker_dir()}, interrupt);
  if (!cluster.ok()) return report_error(cluster.status());
  const int code = act_at(verb, {.target = cluster->address()}, which);
  cluster->stop(interrupt);
  return code;
}

int act(const SweepActionVerb& verb, const SourceOptions& options) {
  return options.database.empty() ? act_at(verb, options.coordinator.address(), options.sweep)
                                  : act_in(verb, options.database, options.sweep);
}

}  // namespace

void add_sweep_action(CLI::App& app, int& exit_code, SweepActionVerb verb) {
  CLI::App* command = app.add_subcommand(verb.name, verb.description);
  auto options = std::make_shared<SourceOptions>();
  options->sweep.clear();
  command
      ->add_option(
          "SWEEP", options->sweep,
          "A sweep's number, its name, or 'last'; or a study's name: all of its sweeps that have not ended")
      ->required();
  add_source_options(*command, *options);
  command->get_option("--db")->description("Do it in this results database, which no coordinator has open");
  command->callback([options, verb = std::move(verb), &exit_code] { exit_code = act(verb, *options); });
}

}  // namespace melsweep::commands
