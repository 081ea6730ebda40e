// Where a frequency lies in the picture of a spectrogram.
#pragma once

#include <string_view>
#include <vector>

#include "shared/model/settings.h"

namespace melsweep::rendering {

struct FrequencyTick {
  double hz = 0.0;
  double position = 0.0;
};

// Positions go from 0, the lower edge of the picture, to 1, its upper edge. Mel spectrograms have each band
// equally high, which is Slaney's mel scale from half a band below the lowest peak to half a band above the
// highest; Hertz spectrograms are drawn on a logarithmic scale up to half the sample rate. Immutable.
class FrequencyAxis {
 public:
  // For settings that SpectrogramMaker::create() takes.
  explicit FrequencyAxis(const FeatureSettings& settings);

  std::string_view scale() const { return is_mel_ ? "mel" : "log"; }
  double min_hz() const { return hz(0.0); }
  double max_hz() const { return hz(1.0); }

  double position(double hz) const;
  double hz(double position) const;

  // In bands of the spectrogram, 0 being the centre of the lowest: a fraction lies between two of them.
  double band(double position) const;

  // Octaves (64, 128, 256 Hz ...) that are far enough from each other to be labelled, the lowest first.
  std::vector<FrequencyTick> ticks() const;

 private:
  // On the axis, equal steps of which are equally high: mel, or the logarithm of Hz.
  double scaled(double hz) const;

  bool is_mel_;
  double hz_per_bin_;
  double bands_;       // mel bands
  double low_ = 0.0;   // scaled
  double high_ = 0.0;  // scaled
};

}  // namespace melsweep::rendering
