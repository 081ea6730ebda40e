// --model FOLDER, or a description on standard input: how a verb is told which model it is about.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "shared/model/trained_model.h"

namespace CLI {
class App;
}

namespace melsweep::commands {

// Names standard input, from which the JSON of a TrainedModel is read.
inline constexpr char kStandardInput[] = "-";

void add_model_option(CLI::App& verb, std::string& model);

absl::StatusOr<TrainedModel> read_model(const std::string& model);

}  // namespace melsweep::commands
