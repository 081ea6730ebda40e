// An exported model: a folder that is all that one needs to use it.
//
//   model.safetensors  the whole network by torchvision's names; fc.weight and fc.bias give the labels
//   model.json         TrainedModel (shared/spec/trained_model_json.h); its file is named from the folder
//   README.md          the model card
//
// docs/models.md tells it to people.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/trained_model.h"

namespace melsweep::models {

inline constexpr char kModelFile[] = "model.safetensors";
inline constexpr char kDescriptionFile[] = "model.json";
inline constexpr char kCardFile[] = "README.md";

// Writes the folder, whole or not at all: beside its place, and then renamed. AlreadyExists where there is
// something at its place that is not an empty folder; find_files()'s errors; the system's reason, with the
// path. `by`: name and version of the program, for the card.
absl::Status write_model_folder(const TrainedModel& model, const std::filesystem::path& folder,
                                const std::string& by);

// With the path of its file made one that can be opened from here. NotFound where there is no such folder,
// InvalidArgument where it is no exported model.
absl::StatusOr<TrainedModel> read_model_folder(const std::filesystem::path& folder);

// A model as `melsweep` describes it; `source` names the text in errors.
absl::StatusOr<TrainedModel> parse_model(const std::string& json, const std::string& source);

}  // namespace melsweep::models
