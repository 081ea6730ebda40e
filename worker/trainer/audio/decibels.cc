#include "worker/trainer/audio/decibels.h"

#include "worker/trainer/audio/spectrum_kernels.h"

namespace melsweep::audio {
namespace {

void to_decibels(std::span<float> values, float factor, float amin, double top_db) {
  if (values.empty()) return;
  const DecibelScale scale{.factor = factor, .amin = amin, .floor = static_cast<float>(-top_db)};
  spectrum_kernels().decibels(values.data(), values.size(), scale);
}

}  // namespace

void power_to_decibels(std::span<float> values, double top_db) {
  to_decibels(values, 10.0F, 1e-10F, top_db);
}

void amplitude_to_decibels(std::span<float> values, double top_db) {
  to_decibels(values, 20.0F, 1e-5F, top_db);
}

}  // namespace melsweep::audio
