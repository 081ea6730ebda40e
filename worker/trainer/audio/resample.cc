#include "worker/trainer/audio/resample.h"

#include <soxr.h>

#include <cmath>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "worker/trainer/audio/spectrum_kernels.h"

namespace melsweep::audio {

namespace {

absl::StatusOr<MonoSound> at_other_rate(const MonoSound& sound, int sample_rate) {
  // The same order of operations as librosa's, so that the length is the same to the sample.
  const double ratio = static_cast<double>(sample_rate) / sound.sample_rate;
  const auto length = static_cast<std::size_t>(std::ceil(static_cast<double>(sound.samples.size()) * ratio));
  if (length > static_cast<std::size_t>(kMaxValues)) {
    return absl::InvalidArgumentError(absl::StrCat("the sound has ", length, " samples at ", sample_rate,
                                                   " Hz; ", kMaxValues,
                                                   " are possible: lower features.sample_rate"));
  }
  MonoSound resampled{.sample_rate = sample_rate, .samples = std::vector<float>(length, 0.0F)};
  const soxr_io_spec_t float_in_and_out = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  std::size_t made = 0;
  const soxr_error_t error =
      soxr_oneshot(sound.sample_rate, sample_rate, 1, sound.samples.data(), sound.samples.size(), nullptr,
                   resampled.samples.data(), length, &made, &float_in_and_out, &quality, &one_thread);
  if (error != nullptr) {
    return absl::InternalError(
        absl::StrCat("cannot resample from ", sound.sample_rate, " Hz to ", sample_rate, " Hz: ", error));
  }
  if (!spectrum_kernels().bounded(resampled.samples.data(), length, std::numeric_limits<float>::max())) {
    return absl::InvalidArgumentError("the samples are too large: resampled they are no finite numbers");
  }
  return resampled;
}

}  // namespace

absl::StatusOr<MonoSound> resample(const MonoSound& sound, int sample_rate) {
  return sample_rate == sound.sample_rate ? sound : at_other_rate(sound, sample_rate);
}

absl::StatusOr<MonoSound> resample(MonoSound&& sound, int sample_rate) {
  if (sample_rate == sound.sample_rate) return std::move(sound);
  return at_other_rate(sound, sample_rate);
}

}  // namespace melsweep::audio
