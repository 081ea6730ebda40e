// melsweep: what people type. Links neither the tensor nor the audio libraries, so that it starts at once.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "absl/status/status.h"
#include "client/commands/sweep_page.h"
#include "client/commands/verb_check.h"
#include "client/commands/verbs.h"
#include "client/output/standard_output.h"
#include "shared/manual/man_pages.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

melsweep::manual::Manual facts() {
  return {.version = MELSWEEP_VERSION,
          .date = MELSWEEP_RELEASE_DATE,
          .exit_codes = {{"0", "Done; of run and watch: every trial has finished"},
                         {"1", "Not done, or a trial failed"},
                         {"2", "The command line or the sweep is wrong, or it was interrupted or cancelled"},
                         {"4", "The coordinator refused the token"}},
          .files = {{"~/.local/share/melsweep/results.db", "The results database, where none is named"},
                    {"~/.local/share/melsweep/weights",
                     "Where a weights file named without a folder is looked for"},
                    {"~/.cache/melsweep", "Feature caches and logs of melsweep run"}},
          .see_also = {"melsweep-sweep(5)", "melsweep-coordinator(1)", "melsweep-worker(1)",
                       "melsweep-trainer(1)"},
          .has_page_for_each_verb = true,
          .more = {melsweep::commands::sweep_page(MELSWEEP_VERSION, MELSWEEP_RELEASE_DATE)}};
}

int run(int argc, char** argv) {
  using namespace melsweep::commands;
  CLI::App app("Hyperparameter sweeps for audio classification by transfer learning", "melsweep");
  app.set_version_flag("--version", MELSWEEP_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  add_run_command(app, exit_code);
  add_submit_command(app, exit_code);
  add_watch_command(app, exit_code);
  add_status_command(app, exit_code);
  add_trials_command(app, exit_code);
  add_leaderboard_command(app, exit_code);
  add_best_command(app, exit_code);
  add_classes_command(app, exit_code);
  add_workers_command(app, exit_code);
  add_drain_command(app, exit_code);
  add_scale_command(app, exit_code);
  add_autoscale_command(app, exit_code);
  add_pause_command(app, exit_code);
  add_resume_command(app, exit_code);
  add_cancel_command(app, exit_code);
  add_predict_command(app, exit_code);
  add_export_command(app, exit_code);
  add_diff_command(app, exit_code);
  add_explain_command(app, exit_code);
  add_report_command(app, exit_code);
  add_validate_command(app, exit_code);
  add_verify_command(app, exit_code);
  add_db_command(app, exit_code);
  add_certs_command(app, exit_code);
  add_completion_command(app, exit_code);
  add_trainer_commands(app, exit_code);
  melsweep::manual::add_man_pages_option(app, facts);
  if (const auto problem = refuse_verb(app, argc, argv)) {
    std::cerr << "melsweep: " << *problem << "\n";
    return kUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : kUsage;  // every misuse is 2, whatever CLI11 numbers it
  }
  return exit_code;
}

// What was printed is the result: a program that could not print it has failed.
int finish(int exit_code) {
  const absl::Status printed = melsweep::output::flush_standard_output();
  if (printed.ok()) return exit_code;
  if (!absl::IsCancelled(printed)) std::cerr << "melsweep: " << printed.message() << "\n";
  return exit_code == 0 ? kFailed : exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  melsweep::output::occupy_standard_streams();
  try {
    return finish(run(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "melsweep: " << error.what() << "\n";
    return kFailed;
  }
}
