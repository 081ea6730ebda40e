// Sound to the bytes of a WAV file.
#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace melsweep::synth {

enum class SampleFormat { kUint8, kInt16, kInt24, kFloat32 };

struct WaveFormat {
  int sample_rate = 0;  // Hz
  int channels = 0;
  SampleFormat samples = SampleFormat::kInt16;
};

// `interleaved` is [frames, channels] in [-1, 1]. The same input gives the same bytes: no time stamp is
// written.
absl::StatusOr<std::string> encode_wave(const WaveFormat& format, std::span<const float> interleaved);

}  // namespace melsweep::synth
