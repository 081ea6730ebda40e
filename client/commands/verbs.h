// The verbs of `melsweep`, one file each. Each function adds a subcommand whose callback does the work and
// stores the exit code: 0 ok, 1 failed, 2 usage or cancelled, 4 not
// authenticated. Data goes to standard output, talk to standard
// error.
#pragma once

#include <CLI/CLI.hpp>

namespace melsweep::commands {

void add_validate_command(CLI::App& app, int& exit_code);
void add_run_command(CLI::App& app, int& exit_code);
void add_submit_command(CLI::App& app, int& exit_code);
void add_pause_command(CLI::App& app, int& exit_code);
void add_resume_command(CLI::App& app, int& exit_code);
void add_cancel_command(CLI::App& app, int& exit_code);
void add_watch_command(CLI::App& app, int& exit_code);
void add_status_command(CLI::App& app, int& exit_code);
void add_trials_command(CLI::App& app, int& exit_code);
void add_best_command(CLI::App& app, int& exit_code);
void add_leaderboard_command(CLI::App& app, int& exit_code);
void add_classes_command(CLI::App& app, int& exit_code);
void add_workers_command(CLI::App& app, int& exit_code);
void add_drain_command(CLI::App& app, int& exit_code);
void add_scale_command(CLI::App& app, int& exit_code);
void add_autoscale_command(CLI::App& app, int& exit_code);

void add_predict_command(CLI::App& app, int& exit_code);
void add_export_command(CLI::App& app, int& exit_code);
void add_diff_command(CLI::App& app, int& exit_code);
void add_explain_command(CLI::App& app, int& exit_code);
void add_report_command(CLI::App& app, int& exit_code);

// Scripts for shells.
void add_completion_command(CLI::App& app, int& exit_code);

void add_verify_command(CLI::App& app, int& exit_code);
void add_db_command(CLI::App& app, int& exit_code);
void add_certs_command(CLI::App& app, int& exit_code);

// `data` and `weights`: carried out by melsweep-trainer, which has the audio and tensor libraries.
void add_trainer_commands(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
