#include "worker/trainer/audio/decibels.h"

#include <algorithm>
#include <cmath>

namespace melsweep::audio {
namespace {

void to_decibels(std::span<float> values, float factor, float amin, double top_db) {
  if (values.empty()) return;
  const float loudest = std::max(amin, *std::max_element(values.begin(), values.end()));
  const float reference = factor * std::log10(loudest);
  const auto floor = static_cast<float>(-top_db);
  for (float& value : values) value = std::max(factor * std::log10(std::max(amin, value)) - reference, floor);
}

}  // namespace

void power_to_decibels(std::span<float> values, double top_db) {
  to_decibels(values, 10.0F, 1e-10F, top_db);
}

void amplitude_to_decibels(std::span<float> values, double top_db) {
  to_decibels(values, 20.0F, 1e-5F, top_db);
}

}  // namespace melsweep::audio
