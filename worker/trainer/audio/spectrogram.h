// Sound to spectrogram, number for number as librosa 0.10 makes it with its defaults.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/settings.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::audio {

// 1 GiB: more than an hour at librosa's defaults takes, in either representation.
inline constexpr std::size_t kMaxSpectrogramValues = std::size_t{1} << 28;

// The settings with the zeros that stand for something (win_length, fmax) replaced by it.
FeatureSettings resolved(FeatureSettings settings);

struct Spectrogram {
  int bands = 0;              // mel bands, or n_fft / 2 + 1 for kHertz; band 0 is the lowest
  int frames = 0;             // 1 + samples / hop_length
  std::vector<float> values;  // [bands, frames]
};

// Resample -> STFT -> power -> mel -> decibels. Keeps its plan, window, filter bank and buffers, so make one
// a thread and settings and use it for many sounds. Not thread-safe; makers on different threads do not
// disturb each other.
class SpectrogramMaker {
 public:
  // InvalidArgument where the settings make no spectrogram: sizes that are not positive, a window longer than
  // n_fft, fmin >= fmax, fmax above half the sample rate.
  static absl::StatusOr<SpectrogramMaker> create(const FeatureSettings& settings);

  SpectrogramMaker(SpectrogramMaker&&) noexcept;
  SpectrogramMaker& operator=(SpectrogramMaker&&) noexcept;
  ~SpectrogramMaker();

  // Decibels below the loudest point, as FeatureSettings::decibels and top_db say: [-top_db, 0], and all 0
  // for silence. InvalidArgument for a sound without samples, and for one whose spectrogram would hold more
  // than kMaxSpectrogramValues.
  absl::StatusOr<Spectrogram> make(const MonoSound& sound);

  // The same before decibels: mel power, or |STFT|^2 for kHertz.
  absl::StatusOr<Spectrogram> make_power(const MonoSound& sound);

 private:
  class Pipeline;
  explicit SpectrogramMaker(std::unique_ptr<Pipeline> pipeline);

  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace melsweep::audio
