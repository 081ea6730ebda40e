// SpecAugment's masks (Park and others, 2019, arXiv:1904.08779), one of each kind.
#pragma once

#include "shared/model/settings.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/random/random.h"

namespace melsweep::variants {

// Covers some bands over all of time, and some frames over all bands. How many is uniform from 0 to
// mask_frequency and mask_time, but at most half of what there is, so that of a short clip something is left;
// where they lie is uniform. The masks hold the spectrogram's least value: nothing is heard there. (The
// paper's have the mean, which is what its network sees without a sound; here that is black.)
void mask(audio::Spectrogram& spectrogram, const VariantSettings& settings, Random random);

}  // namespace melsweep::variants
