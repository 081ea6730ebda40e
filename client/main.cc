// melsweep: what people type. Links neither the tensor nor the audio libraries, so that it starts at once.
#include <CLI/CLI.hpp>

#include "client/commands/verbs.h"

int main(int argc, char** argv) {
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
  add_cancel_command(app, exit_code);
  add_validate_command(app, exit_code);
  add_verify_command(app, exit_code);
  add_db_command(app, exit_code);
  add_certs_command(app, exit_code);
  add_trainer_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;  // every misuse is 2, whatever CLI11 numbers it
  }
  return exit_code;
}
