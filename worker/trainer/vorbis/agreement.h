// Samples held against those of another decoder.
#pragma once

#include <span>

#include "worker/trainer/vorbis/file.h"

namespace melsweep::vorbis {

// How far samples may be from those of libvorbis, of full scale. They are within 1e-6.
inline constexpr float kTolerance = 1e-5F;

// Passes on to the receiver, which must outlive it, for as long as the samples are those that another decoder
// gave of the same file, [frames, channels]; then it refuses.
Receiver held_against(std::span<const float> samples, const Receiver& receiver);

}  // namespace melsweep::vorbis
