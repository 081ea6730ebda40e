#include "worker/trainer/commands/export_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "worker/trainer/commands/model_option.h"
#include "worker/trainer/models/model_folder.h"

namespace melsweep::commands {
namespace {

struct ExportOptions {
  std::string model;
  std::string folder;
};

absl::Status export_model(const ExportOptions& options, const std::string& by) {
  const absl::StatusOr<TrainedModel> model = read_model(options.model);
  if (!model.ok()) return model.status();
  return models::write_model_folder(*model, options.folder, by);
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand("export", "Writes a trained model as a folder of its own");
  add_model_option(*command, options->model);
  command->add_option("FOLDER", options->folder, "Where it goes: new or empty")->required();
  const std::string by = fmt::format("{} {}", app.get_name(), app.version());
  command->callback([options, by, &exit_code] {
    const absl::Status status = export_model(*options, by);
    if (status.ok()) return;
    fmt::print(stderr, "melsweep export: {}\n", std::string(status.message()));
    exit_code = 1;
  });
}

}  // namespace melsweep::commands
