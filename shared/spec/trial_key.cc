#include "shared/spec/trial_key.h"

#include <nlohmann/json.hpp>

#include "shared/files/digest.h"
#include "shared/spec/settings_json.h"

namespace melsweep::spec {

std::string trial_key(const TrialPlan& plan, std::string_view trainer) {
  if (trainer.empty()) return "";
  nlohmann::json settings = to_json(plan.settings);
  settings["model"]["weights"] = plan.weights_hash;
  const nlohmann::json parts = {
      settings,          plan.seed,           plan.validation_fold, to_json(plan.dataset)["split"],
      plan.dataset_hash, std::string(trainer)};
  return files::sha256(parts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace melsweep::spec
