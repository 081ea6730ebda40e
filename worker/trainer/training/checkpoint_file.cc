#include "worker/trainer/training/checkpoint_file.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "shared/files/digest.h"
#include "shared/spec/names.h"
#include "shared/spec/settings_json.h"
#include "worker/trainer/inception/checksum.h"

namespace melsweep::training {
namespace {

using nlohmann::json;

constexpr char kStepKey[] = "melsweep.step";

// A file name need not be UTF-8, metadata must be.
std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// How the data are used; where they lie makes no difference.
json use_of(const DatasetSpec& dataset) {
  json use = spec::to_json(dataset);
  use.erase("path");
  return use;
}

// 0 where the text is no number of steps.
std::int64_t parse_step(const std::string& text) {
  std::int64_t step = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, step);
  return parsed.ec == std::errc() && parsed.ptr == end && step > 0 ? step : 0;
}

}  // namespace

inception::Metadata checkpoint_metadata(const TrialPlan& plan, const DatasetReport& data) {
  inception::Metadata metadata = {{"melsweep.classes", text_of(data.classes)},
                                  {"melsweep.settings", text_of(spec::to_json(plan.settings))},
                                  {"melsweep.features", text_of(spec::to_json(plan.settings.features))},
                                  {"melsweep.weights_hash", plan.weights_hash},
                                  {"melsweep.dataset", text_of(use_of(plan.dataset))},
                                  {"melsweep.dataset_hash", plan.dataset_hash},
                                  {"melsweep.validation_fold", std::to_string(plan.validation_fold)},
                                  {"melsweep.seed", std::to_string(plan.seed)}};
  if (plan.train_on != TrainOn::kTraining) metadata["melsweep.train_on"] = spec::name_of(plan.train_on);
  return metadata;
}

absl::StatusOr<Checkpoint> write_checkpoint(const std::filesystem::path& folder, std::int64_t step,
                                            const Model& model, const inception::Metadata& trial) {
  const std::filesystem::path path = folder / fmt::format("step-{}.safetensors", step);
  inception::Metadata metadata = trial;
  metadata[kStepKey] = std::to_string(step);
  if (absl::Status status = model.save(path, metadata); !status.ok()) return status;
  auto hash = files::sha256_file(path);
  if (!hash.ok()) return hash.status();
  return Checkpoint{.step = step, .path = path.string(), .sha256 = *std::move(hash)};
}

absl::StatusOr<StoredCheckpoint> read_checkpoint(const std::filesystem::path& path,
                                                 const inception::Metadata& trial) {
  auto file = inception::SafetensorsFile::open(path);
  if (!file.ok()) return file.status();
  if (absl::Status status = inception::check_content(*file); !status.ok()) return status;
  const inception::Metadata& metadata = file->metadata();
  for (const auto& [key, value] : trial) {
    const auto found = metadata.find(key);
    if (found != metadata.end() && found->second == value) continue;
    return absl::FailedPreconditionError(
        fmt::format("{} is of another trial: its {} is another", path.string(), key));
  }
  const auto step = metadata.find(kStepKey);
  const std::int64_t steps_done = step == metadata.end() ? 0 : parse_step(step->second);
  if (steps_done == 0) {
    return absl::InvalidArgumentError(fmt::format("{} does not say of which step it is", path.string()));
  }
  return StoredCheckpoint{.file = *std::move(file), .step = steps_done};
}

}  // namespace melsweep::training
