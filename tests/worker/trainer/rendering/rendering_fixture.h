// Clips for the tests of renderings.
#pragma once

#include <string>

#include "shared/files/digest.h"
#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/rendering/render_request.h"

namespace melsweep::rendering {

// Two seconds of a tone at 44.1 kHz, over faint noise: exact repetition would leave the rest of a spectrogram
// empty.
inline std::filesystem::path write_tone(const std::filesystem::path& path, double hz, double seconds = 2.0) {
  constexpr int kRate = 44100;
  std::vector<float> samples = audio::sine(hz, kRate, static_cast<std::size_t>(seconds * kRate), 0.5);
  std::uint32_t state = 1;
  for (float& sample : samples) {
    state = state * 1664525U + 1013904223U;
    sample += (static_cast<float>(state >> 8) / static_cast<float>(1U << 24) - 0.5F) * 1e-3F;
  }
  audio::write_sound(path, {.sample_rate = kRate}, samples);
  return path;
}

inline RenderItem item_of(RenderKind kind, const std::filesystem::path& path) {
  RenderItem item;
  item.id = "i-1";
  item.kind = kind;
  item.path = path;
  return item;
}

inline FeatureSettings hertz_features() {
  FeatureSettings features;
  features.representation = Representation::kHertz;
  return features;
}

}  // namespace melsweep::rendering
