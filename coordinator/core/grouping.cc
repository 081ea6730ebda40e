#include "coordinator/core/grouping.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/spec/settings_json.h"

namespace melsweep::core {
namespace {

// Without what the members of a group may differ in.
TrialSettings common_part(const TrialSettings& settings) {
  TrialSettings common{settings.features, settings.model, {}};
  common.training.augmentation = settings.training.augmentation;
  common.training.variants = settings.training.variants;
  return common;
}

}  // namespace

int Families::of(const TrialSettings& settings, int validation_fold) {
  if (settings.model.trainable.kind != TrainableKind::kHead) return 0;
  TrialSettings common = common_part(settings);
  if (last_ && validation_fold == last_fold_ && common == *last_) return last_number_;
  using nlohmann::json;
  const std::string name = absl::StrCat(
      validation_fold, " ", spec::to_json(common).dump(-1, ' ', false, json::error_handler_t::replace));
  last_number_ = numbers_.try_emplace(name, static_cast<int>(numbers_.size()) + 1).first->second;
  last_fold_ = validation_fold;
  last_ = std::move(common);
  return last_number_;
}

}  // namespace melsweep::core
