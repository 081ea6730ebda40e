#include <iostream>
#include <memory>
#include <string>

#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/run_choice.h"
#include "client/commands/verbs.h"
#include "client/output/terminal.h"

namespace melsweep::commands {
namespace {

struct ExportOptions {
  RunOptions run;
  std::string which;
  std::string folder;
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

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "export", "Write a trained model as a folder: the network, its labels and settings, a model card");
  auto options = std::make_shared<ExportOptions>();
  verb->add_option("RUN", options->which,
                   "A sweep's number, its name, or 'last': its best trial; SWEEP:TRIAL for another one")
      ->required();
  add_path_option(*verb, "DIR", options->folder, "Where it goes: a new or empty folder")->required();
  add_run_options(*verb, options->run);
  verb->callback([options, &exit_code] { exit_code = export_model(*options); });
}

}  // namespace melsweep::commands
