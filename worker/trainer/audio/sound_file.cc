#include "worker/trainer/audio/sound_file.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "worker/trainer/audio/mpeg_tag.h"
#include "worker/trainer/audio/spectrum_kernels.h"
#include "worker/trainer/audio/truncation.h"
#include "worker/trainer/audio/vorbis.h"

namespace melsweep::audio {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockValues = std::size_t{1} << 16;  // samples of all channels decoded at a time
constexpr std::int64_t kMaxReservedFrames =
    1 << 24;  // memory taken on the word of a header; more must be decoded

struct CloseSndfile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndfileHandle = std::unique_ptr<SNDFILE, CloseSndfile>;

absl::Status refuse(const fs::path& path, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(path.string(), " ", reason));
}

absl::Status check_is_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    return absl::NotFoundError(absl::StrCat(path.string(), " does not exist"));
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot read ", path.string(), ": ", error.message()));
  if (fs::is_directory(status)) return refuse(path, "is a folder, not a sound file");
  if (!fs::is_regular_file(status)) return refuse(path, "is no ordinary file");
  if (fs::file_size(path, error) == 0) return refuse(path, "is empty (0 bytes)");
  return absl::OkStatus();
}

bool supported(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
    case SF_FORMAT_RF64:
    case SF_FORMAT_FLAC:
    case SF_FORMAT_OGG:
    case SF_FORMAT_MPEG:
      return true;
    default:
      return false;
  }
}

// The header's number of frames; 0 where it does not say (a FLAC stream, an MP3 file without a tag that
// counts them, for which the decoder makes up a number).
std::int64_t promised_frames(const fs::path& path, const SF_INFO& info) {
  if (info.frames <= 0 || info.frames == SF_COUNT_MAX) return 0;
  if ((info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG && !mpeg_tag_counts_frames(path)) return 0;
  return info.frames;
}

struct OpenSound {
  SndfileHandle file;
  SF_INFO info{};
  std::int64_t promised_frames = 0;  // 0 = not said
};

std::int64_t max_frames(int sample_rate) {
  return std::llround(kMaxDuration_s * sample_rate);
}

absl::Status check_limits(const fs::path& path, const OpenSound& sound) {
  const SF_INFO& info = sound.info;
  if (info.channels < 1 || info.channels > kMaxChannels) {
    return refuse(path,
                  absl::StrCat("claims ", info.channels, " channels; 1 to ", kMaxChannels, " are possible"));
  }
  if (info.samplerate < kMinSampleRate || info.samplerate > kMaxSampleRate) {
    return refuse(path, absl::StrCat("claims a sample rate of ", info.samplerate, " Hz; ", kMinSampleRate,
                                     " to ", kMaxSampleRate, " are possible"));
  }
  if (sound.promised_frames > max_frames(info.samplerate)) {
    return refuse(path, absl::StrCat("claims to last ", sound.promised_frames / info.samplerate,
                                     " s; the longest possible is ", kMaxDuration_s, " s"));
  }
  if (sound.promised_frames > kMaxValues / info.channels) {
    return refuse(path, absl::StrCat("claims ", sound.promised_frames, " samples of ", info.channels,
                                     " channels; ", kMaxValues, " are possible in all"));
  }
  return absl::OkStatus();
}

absl::StatusOr<OpenSound> open_sound(const fs::path& path) {
  if (absl::Status status = check_is_file(path); !status.ok()) return status;
  if (absl::Status status = check_not_truncated(path); !status.ok()) return status;
  OpenSound sound;
  sound.file.reset(sf_open(path.c_str(), SFM_READ, &sound.info));
  if (sound.file == nullptr) {
    return refuse(path, absl::StrCat("cannot be decoded as WAV, FLAC, OGG or MP3: ", sf_strerror(nullptr)));
  }
  if (!supported(sound.info.format)) return refuse(path, "is not a WAV, FLAC, OGG or MP3 file");
  sound.promised_frames = promised_frames(path, sound.info);
  if (absl::Status status = check_limits(path, sound); !status.ok()) return status;
  return sound;
}

// Takes a block of interleaved samples, [frames, channels].
using BlockConsumer = std::function<void(std::span<const float>)>;

absl::Status check_values(const fs::path& path, std::span<const float> values) {
  if (spectrum_kernels().bounded(values.data(), values.size(), kMaxMagnitude)) return absl::OkStatus();
  for (const float value : values) {
    if (!std::isfinite(value))
      return refuse(path, "holds samples that are not finite numbers (NaN or infinity)");
    if (std::abs(value) > kMaxMagnitude) {
      return refuse(path, absl::StrCat("holds a sample of ", value, " times full scale; more than ",
                                       kMaxMagnitude, " is no sound"));
    }
  }
  return absl::OkStatus();
}

// What was decoded so far, whatever the header said.
absl::Status check_length(const fs::path& path, const SoundInfo& decoded) {
  if (decoded.frames > max_frames(decoded.sample_rate)) {
    return refuse(path, absl::StrCat("is longer than the ", kMaxDuration_s, " s that are possible"));
  }
  if (decoded.frames > kMaxValues / decoded.channels) {
    return refuse(path, absl::StrCat("has more than the ", kMaxValues,
                                     " samples, of all channels together, that are possible"));
  }
  return absl::OkStatus();
}

// All samples of an ordinary file of Ogg Vorbis.
std::optional<std::vector<float>> ordinary_vorbis(const fs::path& path, const OpenSound& sound) {
  if ((sound.info.format & SF_FORMAT_SUBMASK) != SF_FORMAT_VORBIS) return std::nullopt;
  if (sound.promised_frames > kMaxReservedFrames) return std::nullopt;
  return decode_vorbis(path, sound.info.channels, sound.promised_frames);
}

// Decodes to the end. The result's frames are those that were decoded.
absl::StatusOr<SoundInfo> decode_blocks(const fs::path& path, OpenSound& sound,
                                        const BlockConsumer& consume) {
  if (const std::optional<std::vector<float>> values = ordinary_vorbis(path, sound)) {
    if (absl::Status status = check_values(path, *values); !status.ok()) return status;
    consume(*values);
    return SoundInfo{.sample_rate = sound.info.samplerate,
                     .channels = sound.info.channels,
                     .frames = sound.promised_frames};
  }
  const SF_INFO& info = sound.info;
  const auto channels = static_cast<std::size_t>(info.channels);
  const auto block_frames = static_cast<sf_count_t>(kBlockValues / channels);
  std::vector<float> block(static_cast<std::size_t>(block_frames) * channels);
  SoundInfo decoded{.sample_rate = info.samplerate, .channels = info.channels, .frames = 0};
  while (true) {
    const sf_count_t frames = sf_readf_float(sound.file.get(), block.data(), block_frames);
    if (frames <= 0) break;
    const std::span<const float> values(block.data(), static_cast<std::size_t>(frames) * channels);
    if (absl::Status status = check_values(path, values); !status.ok()) return status;
    decoded.frames += frames;
    if (absl::Status status = check_length(path, decoded); !status.ok()) return status;
    consume(values);
  }
  if (sf_error(sound.file.get()) != SF_ERR_NO_ERROR) {
    return refuse(
        path, absl::StrCat("is damaged after ", decoded.frames, " samples: ", sf_strerror(sound.file.get())));
  }
  if (decoded.frames < sound.promised_frames) {
    return refuse(path, absl::StrCat("is truncated or damaged: its header promises ", sound.promised_frames,
                                     " samples, ", decoded.frames, " could be decoded"));
  }
  if (decoded.frames == 0) return refuse(path, "holds no samples");
  return decoded;
}

// Of one frame: the mean of its channels, or the one that was asked for.
float mix(std::span<const float> frame, Channel channel) {
  if (frame.size() == 1 || channel == Channel::kLeft) return frame[0];
  if (channel == Channel::kRight) return frame[1];
  double sum = 0.0;
  for (const float value : frame) sum += value;
  return static_cast<float>(sum / static_cast<double>(frame.size()));
}

// Appends what mix() makes of each frame of the block.
void append(std::span<const float> block, std::size_t frame_size, Channel channel,
            std::vector<float>& samples) {
  if (frame_size == 1) {
    samples.insert(samples.end(), block.begin(), block.end());
    return;
  }
  for (std::size_t at = 0; at < block.size(); at += frame_size)
    samples.push_back(mix(block.subspan(at, frame_size), channel));
}

}  // namespace

absl::StatusOr<SoundInfo> verify_sound_file(const fs::path& path) {
  absl::StatusOr<OpenSound> sound = open_sound(path);
  if (!sound.ok()) return sound.status();
  return decode_blocks(path, *sound, [](std::span<const float>) {});
}

absl::StatusOr<SoundBeginning> read_beginning(const fs::path& path, double beginning_s) {
  absl::StatusOr<OpenSound> opened = open_sound(path);
  if (!opened.ok()) return opened.status();
  const int sample_rate = opened->info.samplerate;
  const auto frame_size = static_cast<std::size_t>(opened->info.channels);
  const std::int64_t most =
      std::min<std::int64_t>(std::llround(beginning_s * sample_rate), kMaxReservedFrames);
  MonoSound sound{.sample_rate = sample_rate, .samples = {}};
  if (opened->promised_frames > 0) {
    sound.samples.reserve(static_cast<std::size_t>(std::min(opened->promised_frames, most)));
  }
  const absl::StatusOr<SoundInfo> info = decode_blocks(path, *opened, [&](std::span<const float> block) {
    const std::size_t missing = static_cast<std::size_t>(most) - sound.samples.size();
    append(block.first(std::min(block.size(), missing * frame_size)), frame_size, Channel::kAverage,
           sound.samples);
  });
  if (!info.ok()) return info.status();
  return SoundBeginning{.info = *info, .sound = std::move(sound)};
}

absl::StatusOr<std::vector<MonoSound>> decode(const fs::path& path, std::span<const Channel> channels) {
  absl::StatusOr<OpenSound> sound = open_sound(path);
  if (!sound.ok()) return sound.status();
  const auto frame_size = static_cast<std::size_t>(sound->info.channels);
  std::vector<MonoSound> signals(channels.size());
  for (MonoSound& signal : signals) {
    signal.sample_rate = sound->info.samplerate;
    signal.samples.reserve(static_cast<std::size_t>(std::min(sound->promised_frames, kMaxReservedFrames)));
  }
  const absl::StatusOr<SoundInfo> decoded = decode_blocks(path, *sound, [&](std::span<const float> block) {
    for (std::size_t i = 0; i < signals.size(); ++i)
      append(block, frame_size, channels[i], signals[i].samples);
  });
  if (!decoded.ok()) return decoded.status();
  return signals;
}

absl::StatusOr<MonoSound> decode(const fs::path& path, Channel channel) {
  absl::StatusOr<std::vector<MonoSound>> signals = decode(path, std::span(&channel, 1));
  if (!signals.ok()) return signals.status();
  return std::move(signals->front());
}

}  // namespace melsweep::audio
