#include "shared/spec/augmentation_check.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "shared/model/augmentation.h"
#include "shared/spec/names.h"
#include "shared/spec/parameters.h"
#include "shared/spec/takings.h"

namespace melsweep::spec {
namespace {

constexpr std::string_view kAugmentation = "training.augmentation";

struct Setting {
  const char* field;  // below training
  Augmentation of;
};

constexpr Setting kSettings[] = {
    {"noise_color", Augmentation::kNoise},    {"noise_snr", Augmentation::kNoise},
    {"gain_db", Augmentation::kGain},         {"shift_s", Augmentation::kShift},
    {"mask_frequency", Augmentation::kMasks}, {"mask_time", Augmentation::kMasks},
    {"mixup_alpha", Augmentation::kMixup}};

// Whether some trial has it.
bool uses(const SweepSpec& sweep, Augmentation augmentation) {
  for (const ParameterAxis& axis : sweep.parameters) {
    if (axis.path != kAugmentation) continue;
    return std::ranges::any_of(axis.values, [&](const ParameterValue& value) {
      TrialSettings settings;
      return set_parameter(axis.path, value, settings).ok() &&
             includes(settings.training.augmentation, augmentation);
    });
  }
  return includes(sweep.base.training.augmentation, augmentation);
}

void refuse(const Node& root, const Path& path, Augmentation augmentation, ProblemList& problems) {
  const std::string name(name_of(augmentation));
  problems.add(path, key_place_of(root, path),
               absl::StrCat(to_text(path), " has no meaning without the augmentation ", name),
               absl::StrCat("leave it out, or add ", name, " to training.augmentation"));
}

}  // namespace

void check_augmentation(const Node& root, const SweepSpec& sweep, ProblemList& problems) {
  if (problems.touches({"training"}) || problems.touches({"parameters"})) return;
  if (takes_field(sweep, kAugmentation)) return;
  for (const Setting& setting : kSettings) {
    if (uses(sweep, setting.of)) continue;
    const Path given = {"training", setting.field};
    if (find(root, given) != nullptr) refuse(root, given, setting.of, problems);
    for (const ParameterAxis& axis : sweep.parameters) {
      if (axis.path == to_text(given)) refuse(root, {"parameters", axis.name}, setting.of, problems);
    }
  }
}

}  // namespace melsweep::spec
