#include "worker/trainer/audio/fingerprint.h"

#include <chromaprint.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "worker/trainer/audio/resample.h"

namespace melsweep::audio {
namespace {

constexpr int kFingerprintRate = 11025;  // Hz, to which chromaprint resamples

struct FreeContext {
  void operator()(ChromaprintContext* context) const { chromaprint_free(context); }
};
using Context = std::unique_ptr<ChromaprintContext, FreeContext>;

struct FreeItems {
  void operator()(std::uint32_t* items) const { chromaprint_dealloc(items); }
};

std::vector<std::int16_t> as_integers(const std::vector<float>& samples) {
  constexpr float kFullScale = 32767.0F;
  float peak = 0.0F;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  std::vector<std::int16_t> integers(samples.size(), 0);
  if (peak == 0.0F) return integers;
  std::ranges::transform(samples, integers.begin(), [peak](float sample) {
    return static_cast<std::int16_t>(std::lrint(sample / peak * kFullScale));
  });
  return integers;
}

}  // namespace

absl::StatusOr<Fingerprint> fingerprint(const MonoSound& sound) {
  // Of what it resamples upwards it loses the end, where it has room for 32,768 samples only.
  if (sound.sample_rate < kFingerprintRate) {
    const absl::StatusOr<MonoSound> resampled = resample(sound, kFingerprintRate);
    if (!resampled.ok()) return resampled.status();
    return fingerprint(*resampled);
  }
  const Context context(chromaprint_new(CHROMAPRINT_ALGORITHM_TEST5));
  if (context == nullptr) return absl::InternalError("chromaprint does not have the algorithm TEST5");
  const std::vector<std::int16_t> samples = as_integers(sound.samples);
  std::uint32_t* items = nullptr;
  int count = 0;
  const bool is_made =
      chromaprint_start(context.get(), sound.sample_rate, 1) == 1 &&
      chromaprint_feed(context.get(), samples.data(), static_cast<int>(samples.size())) == 1 &&
      chromaprint_finish(context.get()) == 1 &&
      chromaprint_get_raw_fingerprint(context.get(), &items, &count) == 1;
  if (!is_made) return absl::InternalError("chromaprint makes no fingerprint of the sound");
  const std::unique_ptr<std::uint32_t, FreeItems> owned(items);
  return Fingerprint(items, items + count);
}

}  // namespace melsweep::audio
