#include "worker/trainer/audio/spectrogram.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "worker/trainer/audio/decibels.h"
#include "worker/trainer/audio/mel.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/audio/spectrum_kernels.h"
#include "worker/trainer/audio/stft.h"

namespace melsweep::audio {
namespace {

constexpr float kLargestFloat = std::numeric_limits<float>::max();

constexpr int kMaxFftSize = 1 << 18;

absl::Status refuse(absl::string_view field, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat("features.", field, " ", reason));
}

// What a spectrogram would hold, before memory is taken for it.
absl::Status check_size(const FeatureSettings& settings, std::size_t bands, std::size_t frames) {
  if (frames <= kMaxSpectrogramValues / bands) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "its spectrogram would have ", frames, " frames of ", bands, " bands; ", kMaxSpectrogramValues,
      " values are possible: raise features.hop_length (", settings.hop_length,
      "), lower features.sample_rate (", settings.sample_rate, "), or shorten the clip"));
}

absl::Status check(const FeatureSettings& settings) {
  if (settings.sample_rate < kMinSampleRate || settings.sample_rate > kMaxSampleRate) {
    return refuse("sample_rate", absl::StrCat("must be ", kMinSampleRate, " to ", kMaxSampleRate, " Hz"));
  }
  if (settings.n_fft < 2 || settings.n_fft > kMaxFftSize) {
    return refuse("n_fft", absl::StrCat("must be 2 to ", kMaxFftSize));
  }
  if (settings.hop_length < 1) return refuse("hop_length", "must be at least 1");
  if (settings.win_length < 1 || settings.win_length > settings.n_fft)
    return refuse("win_length", "must be 1 to n_fft");
  if (!(settings.top_db > 0.0)) return refuse("top_db", "must be above 0");
  if (settings.representation == Representation::kHertz) return absl::OkStatus();
  if (settings.n_mels < 1 || settings.n_mels > settings.n_fft / 2 + 1) {
    return refuse("n_mels", "must be 1 to n_fft / 2 + 1");
  }
  if (!(settings.fmin >= 0.0 && settings.fmin < settings.fmax))
    return refuse("fmin", "must be at least 0 and below fmax");
  if (settings.fmax > settings.sample_rate / 2.0)
    return refuse("fmax", "must be at most half the sample_rate");
  return absl::OkStatus();
}

}  // namespace

FeatureSettings resolved(FeatureSettings settings) {
  if (settings.win_length == 0) settings.win_length = settings.n_fft;
  if (settings.fmax == 0.0) settings.fmax = settings.sample_rate / 2.0;
  return settings;
}

class SpectrogramMaker::Pipeline {
 public:
  explicit Pipeline(const FeatureSettings& settings)
      : settings_(settings),
        stft_(static_cast<std::size_t>(settings.n_fft), static_cast<std::size_t>(settings.hop_length),
              static_cast<std::size_t>(settings.win_length)) {
    if (settings.representation == Representation::kMel) {
      mel_.emplace(settings.sample_rate, static_cast<std::size_t>(settings.n_fft),
                   static_cast<std::size_t>(settings.n_mels),
                   MelRange{.fmin = settings.fmin, .fmax = settings.fmax});
    }
  }

  const FeatureSettings& settings() const { return settings_; }

  absl::StatusOr<Spectrogram> power(const MonoSound& sound) {
    if (sound.samples.empty())
      return absl::InvalidArgumentError("a sound without samples has no spectrogram");
    if (sound.sample_rate == settings_.sample_rate) return power_of(sound.samples);
    const absl::StatusOr<MonoSound> resampled = resample(sound, settings_.sample_rate);
    if (!resampled.ok()) return resampled.status();
    return power_of(resampled->samples);
  }

 private:
  absl::StatusOr<Spectrogram> power_of(std::span<const float> samples) {
    const std::size_t bands = mel_ ? mel_->bands() : stft_.bins();
    const std::size_t frames = std::max<std::size_t>(stft_.frames(samples.size()), 1);
    if (absl::Status status = check_size(settings_, bands, frames); !status.ok()) return status;
    Spectrogram spectrogram{.bands = static_cast<int>(bands),
                            .frames = static_cast<int>(frames),
                            .values = std::vector<float>(bands * frames)};
    for (std::size_t first = 0; first < frames; first += kFrameLanes) {
      const std::span<const float> power = stft_.block(samples, first);
      const std::size_t lanes = std::min(kFrameLanes, frames - first);
      for (std::size_t band = 0; band < bands; ++band)
        put(power, band, std::span(spectrogram.values).subspan(band * frames + first, lanes));
    }
    if (!spectrum_kernels().bounded(spectrogram.values.data(), spectrogram.values.size(), kLargestFloat)) {
      return absl::InvalidArgumentError("the samples are too large: their power is no finite number");
    }
    return spectrogram;
  }

  // One band of as many frames as `to` takes.
  void put(std::span<const float> power, std::size_t band, std::span<float> to) const {
    if (mel_) {
      const std::array<float, kFrameLanes> sums = mel_->apply(band, power);
      std::copy_n(sums.begin(), to.size(), to.begin());
    } else {
      std::copy_n(power.begin() + static_cast<std::ptrdiff_t>(band * kFrameLanes), to.size(), to.begin());
    }
  }

  FeatureSettings settings_;
  PowerStft stft_;
  std::optional<MelFilterBank> mel_;  // absent for kHertz
};

absl::StatusOr<SpectrogramMaker> SpectrogramMaker::create(const FeatureSettings& settings) {
  const FeatureSettings full = resolved(settings);
  if (absl::Status status = check(full); !status.ok()) return status;
  return SpectrogramMaker(std::make_unique<Pipeline>(full));
}

SpectrogramMaker::SpectrogramMaker(std::unique_ptr<Pipeline> pipeline) : pipeline_(std::move(pipeline)) {}
SpectrogramMaker::SpectrogramMaker(SpectrogramMaker&&) noexcept = default;
SpectrogramMaker& SpectrogramMaker::operator=(SpectrogramMaker&&) noexcept = default;
SpectrogramMaker::~SpectrogramMaker() = default;

absl::StatusOr<Spectrogram> SpectrogramMaker::make_power(const MonoSound& sound) {
  return pipeline_->power(sound);
}

absl::StatusOr<Spectrogram> SpectrogramMaker::make(const MonoSound& sound) {
  absl::StatusOr<Spectrogram> spectrogram = make_power(sound);
  if (!spectrogram.ok()) return spectrogram;
  const FeatureSettings& settings = pipeline_->settings();
  // The study doubled the decibels of its mel spectrograms only: it took amplitude_to_db of a power mel
  // spectrogram, but of an amplitude Hertz spectrogram.
  if (settings.representation == Representation::kMel && settings.decibels == Decibels::kAmplitude) {
    amplitude_to_decibels(spectrogram->values, settings.top_db);
  } else {
    power_to_decibels(spectrogram->values, settings.top_db);
  }
  return spectrogram;
}

}  // namespace melsweep::audio
