// Sounds that change all the time, as those of the world do, and are long enough for a fingerprint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace melsweep::audio {

// Three tones at once, of 110 Hz to 3.5 kHz, other ones every 0.15 s, over some noise. Each number gives
// another sound; a longer one begins as the shorter one.
inline std::vector<float> melody(std::uint32_t number, int sample_rate, double seconds) {
  constexpr double kNote_s = 0.15;
  std::mt19937 random(number);
  std::mt19937 noise(number + 1);
  std::array<double, 3> hz{};
  std::array<double, 3> phase{};
  std::vector<float> samples(static_cast<std::size_t>(seconds * sample_rate));
  const auto note = static_cast<std::size_t>(kNote_s * sample_rate);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % note == 0) {
      for (double& tone : hz) tone = 110.0 * std::exp2(static_cast<double>(random() % 60) / 12.0);
    }
    double value = 0.02 * (static_cast<double>(noise()) / 2147483648.0 - 1.0);
    for (std::size_t tone = 0; tone < hz.size(); ++tone) {
      phase[tone] += 2.0 * std::numbers::pi * hz[tone] / sample_rate;
      value += 0.2 * std::sin(phase[tone]);
    }
    samples[i] = static_cast<float>(value);
  }
  return samples;
}

}  // namespace melsweep::audio
