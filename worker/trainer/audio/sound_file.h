// Sound files to samples: WAV, FLAC, OGG and MP3, by libsndfile, and ordinary Ogg Vorbis by
// worker/trainer/vorbis.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/settings.h"

namespace melsweep::audio {

// Whatever claims more is refused before anything is allocated for it.
inline constexpr int kMaxChannels = 32;
inline constexpr int kMinSampleRate = 1000;    // Hz
inline constexpr int kMaxSampleRate = 768000;  // Hz
inline constexpr double kMaxDuration_s = 3600.0;
inline constexpr std::int64_t kMaxValues = std::int64_t{1} << 29;  // samples of all channels together

// Times full scale. Floats that hold 32-bit integers as they are reach 2.1e9; what lies above the limit is no
// sound, and far above it (1e17 with the longest FFT) power is no finite number.
inline constexpr float kMaxMagnitude = 1e10F;

struct SoundInfo {
  int sample_rate = 0;  // Hz
  int channels = 0;
  std::int64_t frames = 0;  // samples of each channel
  double duration_s() const { return static_cast<double>(frames) / sample_rate; }
};

// One signal of a file.
struct MonoSound {
  int sample_rate = 0;         // Hz
  std::vector<float> samples;  // full scale is [-1, 1]; float files may exceed it
};

// Decodes the whole file, block by block, and keeps nothing. NotFound for a missing file; InvalidArgument
// with the file's name and the reason where it is no sound file, a folder, empty, shorter than its header
// says, damaged, beyond the limits above, or holds NaN or infinite samples. An MP3 file without a Xing or
// Info tag says nothing of its length, so a missing end does not show. Any thread.
absl::StatusOr<SoundInfo> verify_sound_file(const std::filesystem::path& path);

// A file that was decoded to its end, and of its beginning the mean of its channels.
struct SoundBeginning {
  SoundInfo info;
  MonoSound sound;
};

// What verify_sound_file() finds, and keeps the first `beginning_s` seconds, at most 16,777,216 samples.
// Refuses what verify_sound_file() refuses. Any thread.
absl::StatusOr<SoundBeginning> read_beginning(const std::filesystem::path& path, double beginning_s);

// One signal for each of the channels asked for, in that order, all from one decoding. kAverage is the mean
// of all channels of the file, kLeft the first, kRight the second. All three of a mono file are its one
// channel. Refuses what verify_sound_file() refuses. Any thread.
absl::StatusOr<std::vector<MonoSound>> decode(const std::filesystem::path& path,
                                              std::span<const Channel> channels);
absl::StatusOr<MonoSound> decode(const std::filesystem::path& path, Channel channel);

}  // namespace melsweep::audio
