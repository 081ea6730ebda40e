#include "shared/spec/trial_key.h"

#include <nlohmann/json.hpp>

#include "shared/files/digest.h"
#include "shared/spec/names.h"
#include "shared/spec/settings_json.h"

namespace melsweep::spec {

std::string trial_key(const TrialPlan& plan, std::string_view trainer) {
  if (trainer.empty()) return "";
  nlohmann::json settings = to_json(plan.settings);
  settings["model"]["weights"] = plan.weights_hash;
  nlohmann::json parts = {
      settings,          plan.seed,           plan.validation_fold, to_json(plan.dataset)["split"],
      plan.dataset_hash, std::string(trainer)};
  // As by default they say nothing: the keys of results from before there was a choice stay as they are.
  if (plan.evaluate != Split::kValidation) parts.push_back({"evaluate", name_of(plan.evaluate)});
  if (plan.train_on != TrainOn::kTraining) parts.push_back({"train_on", name_of(plan.train_on)});
  return files::sha256(parts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace melsweep::spec
