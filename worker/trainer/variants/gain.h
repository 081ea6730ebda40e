// A gain that changes over the clip.
#pragma once

#include <span>

#include "worker/trainer/random/random.h"

namespace melsweep::variants {

// The sound begins with one gain and ends with another, both uniform in [-gain_db, gain_db], and goes evenly
// from one to the other in decibels: it comes nearer, or goes away. One gain for the whole clip would change
// nothing, because a picture's decibels are relative to its loudest point. Does not clip: samples may exceed
// full scale.
void change_gain(std::span<float> samples, double gain_db, Random random);

}  // namespace melsweep::variants
