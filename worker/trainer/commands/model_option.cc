#include "worker/trainer/commands/model_option.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>

#include "worker/trainer/models/model_folder.h"

namespace melsweep::commands {

void add_model_option(CLI::App& verb, std::string& model) {
  verb.add_option("--model", model, "An exported model's folder, or - for a description on standard input")
      ->required();
}

absl::StatusOr<TrainedModel> read_model(const std::string& model) {
  if (model != kStandardInput) return models::read_model_folder(model);
  const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  return models::parse_model(text, "the model's description on standard input");
}

}  // namespace melsweep::commands
