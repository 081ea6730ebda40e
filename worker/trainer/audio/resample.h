// Change of sample rate, as librosa's resample(res_type='soxr_hq') does it.
#pragma once

#include "absl/status/statusor.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::audio {

// soxr at quality HQ; the result has ceil(samples * sample_rate / sound.sample_rate) samples, cut or padded
// with zeros to that length as librosa does. A sound of that rate already comes back as it is:
// moved, where it may be.
// InvalidArgument where that is more than kMaxValues samples, or where samples overflow on the way. Any
// thread.
absl::StatusOr<MonoSound> resample(const MonoSound& sound, int sample_rate);
absl::StatusOr<MonoSound> resample(MonoSound&& sound, int sample_rate);

}  // namespace melsweep::audio
