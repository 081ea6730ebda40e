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
#include "worker/trainer/vorbis/agreement.h"
#include "worker/trainer/vorbis/file.h"

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
  bool is_vorbis = false;
  SoundInfo promised;  // 0 frames: their number is not said
};

std::int64_t max_frames(int sample_rate) {
  return std::llround(kMaxDuration_s * sample_rate);
}

absl::Status check_limits(const fs::path& path, const SoundInfo& promised) {
  if (promised.channels < 1 || promised.channels > kMaxChannels) {
    return refuse(
        path, absl::StrCat("claims ", promised.channels, " channels; 1 to ", kMaxChannels, " are possible"));
  }
  if (promised.sample_rate < kMinSampleRate || promised.sample_rate > kMaxSampleRate) {
    return refuse(path, absl::StrCat("claims a sample rate of ", promised.sample_rate, " Hz; ",
                                     kMinSampleRate, " to ", kMaxSampleRate, " are possible"));
  }
  if (promised.frames > max_frames(promised.sample_rate)) {
    return refuse(path, absl::StrCat("claims to last ", promised.frames / promised.sample_rate,
                                     " s; the longest possible is ", kMaxDuration_s, " s"));
  }
  if (promised.frames > kMaxValues / promised.channels) {
    return refuse(path, absl::StrCat("claims ", promised.frames, " samples of ", promised.channels,
                                     " channels; ", kMaxValues, " are possible in all"));
  }
  return absl::OkStatus();
}

absl::StatusOr<OpenSound> open_sound(const fs::path& path) {
  if (absl::Status status = check_not_truncated(path); !status.ok()) return status;
  OpenSound sound;
  SF_INFO info{};
  sound.file.reset(sf_open(path.c_str(), SFM_READ, &info));
  if (sound.file == nullptr) {
    return refuse(path, absl::StrCat("cannot be decoded as WAV, FLAC, OGG or MP3: ", sf_strerror(nullptr)));
  }
  if (!supported(info.format)) return refuse(path, "is not a WAV, FLAC, OGG or MP3 file");
  sound.is_vorbis = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_VORBIS;
  sound.promised = {
      .sample_rate = info.samplerate, .channels = info.channels, .frames = promised_frames(path, info)};
  if (absl::Status status = check_limits(path, sound.promised); !status.ok()) return status;
  return sound;
}

// What a file is decoded into: begin() takes what the file promises, take() its samples, block by block and
// interleaved, [frames, channels]. Where begin() comes again, what was taken before does not count.
struct Consumer {
  std::function<void(const SoundInfo&)> begin;
  std::function<void(std::span<const float>)> take;
};

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

// Takes what an ordinary file of Ogg Vorbis has. Whatever there would be to complain of is left to
// libsndfile.
vorbis::Receiver receiver_of(const fs::path& path, const Consumer& consumer) {
  const auto begin = [&path, &consumer](const vorbis::StreamInfo& stream) {
    const SoundInfo promised{
        .sample_rate = stream.sample_rate, .channels = stream.channels, .frames = stream.frames};
    if (promised.frames > kMaxReservedFrames || !check_limits(path, promised).ok()) return false;
    consumer.begin(promised);
    return true;
  };
  const auto take = [&consumer](std::span<const float> block) {
    if (!spectrum_kernels().bounded(block.data(), block.size(), kMaxMagnitude)) return false;
    consumer.take(block);
    return true;
  };
  return {.begin = begin, .take = take};
}

SoundInfo sound_info(const vorbis::StreamInfo& stream) {
  return {.sample_rate = stream.sample_rate, .channels = stream.channels, .frames = stream.frames};
}

// By libsndfile, to the end. The result's frames are those that were decoded.
absl::StatusOr<SoundInfo> decode_blocks(const fs::path& path, const OpenSound& sound,
                                        const Consumer& consumer) {
  consumer.begin(sound.promised);
  const auto channels = static_cast<std::size_t>(sound.promised.channels);
  const auto block_frames = static_cast<sf_count_t>(kBlockValues / channels);
  std::vector<float> block(static_cast<std::size_t>(block_frames) * channels);
  SoundInfo decoded = sound.promised;
  decoded.frames = 0;
  while (true) {
    const sf_count_t frames = sf_readf_float(sound.file.get(), block.data(), block_frames);
    if (frames <= 0) break;
    const std::span<const float> values(block.data(), static_cast<std::size_t>(frames) * channels);
    if (absl::Status status = check_values(path, values); !status.ok()) return status;
    decoded.frames += frames;
    if (absl::Status status = check_length(path, decoded); !status.ok()) return status;
    consumer.take(values);
  }
  if (sf_error(sound.file.get()) != SF_ERR_NO_ERROR) {
    return refuse(
        path, absl::StrCat("is damaged after ", decoded.frames, " samples: ", sf_strerror(sound.file.get())));
  }
  if (decoded.frames < sound.promised.frames) {
    return refuse(path, absl::StrCat("is truncated or damaged: its header promises ", sound.promised.frames,
                                     " samples, ", decoded.frames, " could be decoded"));
  }
  if (decoded.frames == 0) return refuse(path, "holds no samples");
  return decoded;
}

// A file of Ogg Vorbis whose headers nobody has seen: our decoder is held against libvorbis, and left aside
// where the two do not agree.
absl::StatusOr<SoundInfo> decode_by_both(const fs::path& path, const OpenSound& sound,
                                         const Consumer& consumer, const vorbis::Receiver& receiver) {
  std::vector<float> samples;
  const auto begin = [&samples](const SoundInfo& promised) {
    samples.reserve(static_cast<std::size_t>(promised.frames * promised.channels));
  };
  const auto take = [&samples](std::span<const float> block) {
    samples.insert(samples.end(), block.begin(), block.end());
  };
  absl::StatusOr<SoundInfo> info = decode_blocks(path, sound, {.begin = begin, .take = take});
  if (!info.ok()) return info.status();
  const vorbis::StreamInfo found{
      .sample_rate = info->sample_rate, .channels = info->channels, .frames = info->frames};
  if (const auto stream = vorbis::decode(path, found, vorbis::held_against(samples, receiver))) {
    return sound_info(*stream);
  }
  consumer.begin(sound.promised);
  consumer.take(samples);
  return info;
}

// libsndfile is asked only where it has to be: to open a file of Ogg Vorbis takes it half as long as it takes
// us to decode it.
absl::StatusOr<SoundInfo> decode_file(const fs::path& path, const Consumer& consumer) {
  if (absl::Status status = check_is_file(path); !status.ok()) return status;
  const vorbis::Receiver receiver = receiver_of(path, consumer);
  if (const auto stream = vorbis::decode_known(path, receiver)) return sound_info(*stream);
  const absl::StatusOr<OpenSound> sound = open_sound(path);
  if (!sound.ok()) return sound.status();
  const std::int64_t frames = sound->promised.frames;
  if (sound->is_vorbis && frames > 0 && frames <= kMaxReservedFrames) {
    return decode_by_both(path, *sound, consumer, receiver);
  }
  return decode_blocks(path, *sound, consumer);
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
  return decode_file(path, {.begin = [](const SoundInfo&) {}, .take = [](std::span<const float>) {}});
}

absl::StatusOr<SoundBeginning> read_beginning(const fs::path& path, double beginning_s) {
  MonoSound sound;
  std::size_t frame_size = 1;
  std::size_t most = 0;  // frames to keep
  const auto begin = [&](const SoundInfo& promised) {
    frame_size = static_cast<std::size_t>(promised.channels);
    most = static_cast<std::size_t>(
        std::min<std::int64_t>(std::llround(beginning_s * promised.sample_rate), kMaxReservedFrames));
    sound = {.sample_rate = promised.sample_rate, .samples = {}};
    sound.samples.reserve(std::min(static_cast<std::size_t>(promised.frames), most));
  };
  const auto take = [&](std::span<const float> block) {
    const std::size_t missing = most - sound.samples.size();
    append(block.first(std::min(block.size(), missing * frame_size)), frame_size, Channel::kAverage,
           sound.samples);
  };
  const absl::StatusOr<SoundInfo> info = decode_file(path, {.begin = begin, .take = take});
  if (!info.ok()) return info.status();
  return SoundBeginning{.info = *info, .sound = std::move(sound)};
}

absl::StatusOr<std::vector<MonoSound>> decode(const fs::path& path, std::span<const Channel> channels) {
  std::size_t frame_size = 1;
  std::vector<MonoSound> signals;
  const auto begin = [&](const SoundInfo& promised) {
    frame_size = static_cast<std::size_t>(promised.channels);
    signals.assign(channels.size(), {.sample_rate = promised.sample_rate, .samples = {}});
    for (MonoSound& signal : signals)
      signal.samples.reserve(static_cast<std::size_t>(std::min(promised.frames, kMaxReservedFrames)));
  };
  const auto take = [&](std::span<const float> block) {
    for (std::size_t i = 0; i < signals.size(); ++i)
      append(block, frame_size, channels[i], signals[i].samples);
  };
  const absl::StatusOr<SoundInfo> decoded = decode_file(path, {.begin = begin, .take = take});
  if (!decoded.ok()) return decoded.status();
  return signals;
}

absl::StatusOr<MonoSound> decode(const fs::path& path, Channel channel) {
  absl::StatusOr<std::vector<MonoSound>> signals = decode(path, std::span(&channel, 1));
  if (!signals.ok()) return signals.status();
  return std::move(signals->front());
}

}  // namespace melsweep::audio
