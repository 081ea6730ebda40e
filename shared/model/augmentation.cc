#include "shared/model/augmentation.h"

#include <algorithm>

namespace melsweep {

bool includes(std::span<const Augmentation> augmentation, Augmentation one) {
  return std::ranges::find(augmentation, one) != augmentation.end();
}

bool is_variant(Augmentation one) {
  return one != Augmentation::kChannels && one != Augmentation::kMixup;
}

std::int64_t training_pictures(int channels, std::span<const Augmentation> augmentation) {
  const std::int64_t signals = channels >= 2 && includes(augmentation, Augmentation::kChannels) ? 3 : 1;
  return signals * (1 + std::ranges::count_if(augmentation, is_variant));
}

VariantSettings without_unused(VariantSettings settings, std::span<const Augmentation> augmentation) {
  const VariantSettings by_default;
  if (!includes(augmentation, Augmentation::kNoise)) {
    settings.noise_color = by_default.noise_color;
    settings.noise_snr = by_default.noise_snr;
  }
  if (!includes(augmentation, Augmentation::kGain)) settings.gain_db = by_default.gain_db;
  if (!includes(augmentation, Augmentation::kShift)) settings.shift_s = by_default.shift_s;
  if (!includes(augmentation, Augmentation::kMasks)) {
    settings.mask_frequency = by_default.mask_frequency;
    settings.mask_time = by_default.mask_time;
  }
  return settings;
}

}  // namespace melsweep
