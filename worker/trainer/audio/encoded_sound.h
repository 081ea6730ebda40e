// Samples to a small sound file that browsers play.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::audio {

enum class SoundCoding {
  kOpus,  // lossy, in Ogg: about 6 kB a second; Chromium, Firefox, Safari from 18.4 on
  kFlac,  // lossless, 16 bits: five times as large; every browser
};

inline constexpr int kOpusRate = 48000;  // Hz

// The whole file. The same samples give the same bytes with the same libraries. What exceeds full scale is
// clipped. kOpus takes sounds at kOpusRate only. InvalidArgument for another rate, and for a sound without
// samples; Internal where the encoder fails. Any thread.
absl::StatusOr<std::string> encode_sound(const MonoSound& sound, SoundCoding coding);

}  // namespace melsweep::audio
