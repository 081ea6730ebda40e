// Power and amplitude to decibels below the maximum, as librosa's power_to_db and
// amplitude_to_db(ref=numpy.max) do.
#pragma once

#include <span>

namespace melsweep::audio {

// Both rewrite the values in place: x decibels becomes max(x - loudest, -top_db), where nothing is quieter
// than librosa's amin. An infinite top_db means no floor. All zeros (silence) become all 0 dB.

// 10 log10(value), with amin 1e-10.
void power_to_decibels(std::span<float> values, double top_db);

// 20 log10(value), with amin 1e-5.
void amplitude_to_decibels(std::span<float> values, double top_db);

}  // namespace melsweep::audio
