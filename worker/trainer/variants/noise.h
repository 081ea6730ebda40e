// Noise under a signal.
#pragma once

#include <span>

#include "shared/model/settings.h"
#include "worker/trainer/random/random.h"

namespace melsweep::variants {

// Adds noise whose power (the mean square over all samples) lies snr_db decibels below the signal's, exactly:
// what was drawn is measured and scaled. White noise is of sums of four uniform numbers; pink noise has a
// power density of 1/f, which is 10 dB less a decade. Silence stays silent: every ratio to nothing is
// nothing.
void add_noise(std::span<float> samples, NoiseColor color, double snr_db, Random random);

}  // namespace melsweep::variants
