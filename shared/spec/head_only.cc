#include "shared/spec/head_only.h"

#include "shared/model/augmentation.h"

namespace melsweep::spec {

bool is_head_only(std::string_view path) {
  return path == "training.precision" || path == "training.augmentation";
}

std::vector<HeadOnly> head_only_settings(const TrialSettings& settings) {
  if (settings.model.trainable.kind == TrainableKind::kHead) return {};
  std::vector<HeadOnly> found;
  if (settings.training.precision != Precision::kFloat32) {
    found.push_back(
        {"training.precision",
         "training.precision bfloat16 is of a head that learns alone, and here the network learns",
         "use float32, or model.trainable: head"});
  }
  if (includes(settings.training.augmentation, Augmentation::kMixup)) {
    found.push_back({"training.augmentation",
                     "mixup is of bottlenecks, which a head learns from alone, and here the network learns",
                     "leave mixup out, or use model.trainable: head"});
  }
  return found;
}

}  // namespace melsweep::spec
