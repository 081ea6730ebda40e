// A sound moved in time.
#pragma once

#include <span>

#include "worker/trainer/random/random.h"

namespace melsweep::variants {

// Moves the sound by a whole number of samples, uniform in +- shift_s seconds. What leaves at one end comes
// in at the other, as is usual with these data (numpy.roll; audiomentations' Shift): the clip keeps its
// length and all of its sound. Silence in its place would take a short clip away altogether: those of
// UrbanSound8K last from 0.05 s on. Where its end meets its beginning both are faded over 5 ms, so that
// nothing clicks.
void shift_in_time(std::span<float> samples, int sample_rate, double shift_s, Random random);

}  // namespace melsweep::variants
