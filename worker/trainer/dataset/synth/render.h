// A planned slice to samples.
#pragma once

#include <vector>

#include "worker/trainer/dataset/synth/plan.h"

namespace melsweep::synth {

// [frames, channels], interleaved, in [-1, 1]: the class's own sound over the street, sometimes another class
// far away. The channels of a stereo slice differ in level, delay and noise.
std::vector<float> render(const Slice& slice);

}  // namespace melsweep::synth
