#include "worker/trainer/rendering/frequency_axis.h"

#include <algorithm>
#include <cmath>

#include "worker/trainer/audio/mel.h"
#include "worker/trainer/audio/spectrogram.h"

namespace melsweep::rendering {
namespace {

// The logarithmic axis begins where an octave has a few bins: below it the picture would be one bin, drawn
// large. And it begins where hearing does.
constexpr double kLowestBin = 3.0;
constexpr double kLowestHz = 20.0;

constexpr double kLowestTickHz = 16.0;
constexpr double kTickDistance = 0.05;  // of the picture's height

}  // namespace

FrequencyAxis::FrequencyAxis(const FeatureSettings& settings)
    : is_mel_(settings.representation == Representation::kMel),
      hz_per_bin_(static_cast<double>(settings.sample_rate) / settings.n_fft),
      bands_(settings.n_mels) {
  const FeatureSettings full = audio::resolved(settings);
  if (is_mel_) {
    const double low = scaled(full.fmin);
    const double half_band = (scaled(full.fmax) - low) / (bands_ + 1.0) / 2.0;
    low_ = low + half_band;
    high_ = low_ + 2.0 * half_band * bands_;
  } else {
    const double highest = full.sample_rate / 2.0;
    high_ = scaled(highest);
    low_ = scaled(std::min(std::max(kLowestHz, kLowestBin * hz_per_bin_), highest / 2.0));
  }
}

double FrequencyAxis::scaled(double hz) const {
  return is_mel_ ? audio::hz_to_mel(hz) : std::log(hz);
}

double FrequencyAxis::position(double hz) const {
  return (scaled(hz) - low_) / (high_ - low_);
}

double FrequencyAxis::hz(double position) const {
  const double scaled = low_ + position * (high_ - low_);
  return is_mel_ ? audio::mel_to_hz(scaled) : std::exp(scaled);
}

double FrequencyAxis::band(double position) const {
  return is_mel_ ? position * bands_ - 0.5 : hz(position) / hz_per_bin_;
}

std::vector<FrequencyTick> FrequencyAxis::ticks() const {
  std::vector<FrequencyTick> ticks;
  double hz = kLowestTickHz;
  while (2.0 * hz <= max_hz()) hz *= 2.0;
  // From above: it is at the lower end of the mel scale that octaves crowd.
  for (; hz >= kLowestTickHz; hz /= 2.0) {
    const double at = position(hz);
    if (at < 0.0 || at > 1.0) continue;
    if (!ticks.empty() && ticks.back().position - at < kTickDistance) break;
    ticks.push_back({.hz = hz, .position = at});
  }
  std::ranges::reverse(ticks);
  return ticks;
}

}  // namespace melsweep::rendering
