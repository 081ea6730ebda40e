// What augmentations make of the clips that a trial learns from.
#pragma once

#include <cstdint>
#include <span>

#include "shared/model/settings.h"

namespace melsweep {

bool includes(std::span<const Augmentation> augmentation, Augmentation one);

// Whether it adds a picture of its own to each signal: noise, gain, shift and masks do.
bool is_variant(Augmentation one);

// How many pictures a training clip of so many channels gives: of one signal, or with kChannels and two
// channels or more of three, and of each signal one as it is and one for each variant. A clip that does not
// train gives one, always.
std::int64_t training_pictures(int channels, std::span<const Augmentation> augmentation);

// The settings with those of the variants that are not asked for as they are by default: they mean nothing.
VariantSettings without_unused(VariantSettings settings, std::span<const Augmentation> augmentation);

}  // namespace melsweep
