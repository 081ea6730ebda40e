// What a sound sounds like, as numbers that outlast another encoding, another level and a small shift.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::audio {

// 32 bits for every 1,024 samples at 11,025 Hz (92.9 ms), each from the 1.95 s that begin there, so that a
// sound of less has none: chromaprint's algorithm TEST5, of which more comes of a short clip than of the
// default one (23 items of 4 s; 11).
using Fingerprint = std::vector<std::uint32_t>;

// An item that is of silence.
inline constexpr std::uint32_t kSilentItem = 627964279;

// Seconds from a sound's beginning that its fingerprint is of; what comes after is not looked at.
inline constexpr double kFingerprinted_s = 30.0;

// Of the whole sound as it is given, brought to 16 bits by its loudest sample. Empty where the sound is too
// short. Any thread.
absl::StatusOr<Fingerprint> fingerprint(const MonoSound& sound);

}  // namespace melsweep::audio
