#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/run_choice.h"
#include "client/commands/verbs.h"
#include "client/exports/mlflow.h"
#include "client/exports/tensorboard.h"
#include "client/exports/view_files.h"
#include "client/output/terminal.h"

namespace melsweep::commands {
namespace {

struct ExportOptions {
  RunOptions run;
  std::string which;
  std::string folder;  // of a model
  // Folders of the results in other forms; empty: not asked for.
  std::string csv;
  std::string jsonl;
  std::string tensorboard;
  std::string mlflow;

  bool wants_results() const {
    return !csv.empty() || !jsonl.empty() || !tensorboard.empty() || !mlflow.empty();
  }
};

int export_model(const ExportOptions& options) {
  const absl::StatusOr<TrainedModel> model = find_model(options.run, options.which);
  if (!model.ok()) return report_error(model.status());
  const int code = run_trainer({"export", "--model", "-", "--", options.folder}, describe(*model),
                               [](const std::string& line) { std::cout << line << "\n"; });
  if (code != 0) return code;
  std::cerr << "trial " << model->origin.trial << " of sweep " << model->origin.sweep_id << " '"
            << output::printable(model->origin.sweep) << "' is in " << options.folder
            << ": model.safetensors, model.json, README.md\n";
  return 0;
}

// Where to, and how many of what were written, or why not.
absl::Status say(const std::string& folder, const absl::StatusOr<std::int64_t>& written, const char* what) {
  if (!written.ok()) return written.status();
  std::cerr << folder << ": " << *written << " " << what << "\n";
  return absl::OkStatus();
}

absl::Status write_results(const ExportOptions& options) {
  using exports::ViewFormat;
  const std::string database = options.run.path();
  std::optional<std::string> sweep;
  if (!options.which.empty()) sweep = options.which;
  absl::Status status;
  const auto write = [&](const std::string& folder, const char* what, const auto& writer) {
    if (status.ok() && !folder.empty()) status = say(folder, writer(folder), what);
  };
  write(options.csv, "views",
        [&](const auto& to) { return exports::write_views(database, sweep, to, ViewFormat::kCsv); });
  write(options.jsonl, "views",
        [&](const auto& to) { return exports::write_views(database, sweep, to, ViewFormat::kJsonLines); });
  write(options.tensorboard, "trials",
        [&](const auto& to) { return exports::write_tensorboard(database, sweep, to); });
  write(options.mlflow, "trials", [&](const auto& to) { return exports::write_mlflow(database, sweep, to); });
  return status;
}

int export_what_is_asked(const ExportOptions& options) {
  if (!options.wants_results()) {
    if (!options.folder.empty()) return export_model(options);
    return report_error(absl::InvalidArgumentError(
        "say which trial's model goes where: melsweep export SWEEP DIR (or --csv, --jsonl, --tensorboard or "
        "--mlflow DIR for the results)"));
  }
  if (!options.folder.empty() || !options.run.which.empty()) {
    return report_error(absl::InvalidArgumentError(
        "a model and the results are exported one after the other: leave out DIR and --run, or the others"));
  }
  const absl::Status status = write_results(options);
  return status.ok() ? 0 : report_error(status);
}

void add_result_options(CLI::App& verb, ExportOptions& options) {
  add_path_option(verb, "--csv", options.csv, "Write every view of the results into this folder, as CSV");
  add_path_option(verb, "--jsonl", options.jsonl, "The same as JSON, an object a line");
  add_path_option(verb, "--tensorboard", options.tensorboard,
                  "Write the learning curves into this folder, for TensorBoard");
  add_path_option(verb, "--mlflow", options.mlflow, "Write the trials into this folder, as MLflow's runs");
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "export", "Write a trained model as a folder of its own, or the results for other programs");
  auto options = std::make_shared<ExportOptions>();
  verb->footer(
      "melsweep export [--run best|TRIAL] SWEEP DIR          the network, its labels and settings, a model "
      "card\n"
      "melsweep export [SWEEP] --tensorboard DIR [--csv DIR]...   results, of all sweeps where none is "
      "named");
  verb->add_option("SWEEP", options->which,
                   "A sweep's number, its name, or 'last': its best trial; SWEEP:TRIAL for another one");
  add_path_option(*verb, "DIR", options->folder, "Where the model goes: a new or empty folder");
  add_run_options(*verb, options->run);
  add_result_options(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = export_what_is_asked(*options); });
}

}  // namespace melsweep::commands
