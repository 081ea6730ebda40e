#include "worker/trainer/audio/encoded_sound.h"

#include <sndfile.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "worker/trainer/audio/ogg_serial.h"
#include "worker/trainer/audio/sound_memory.h"

namespace melsweep::audio {
namespace {

// Opus for general audio is transparent from about 48 kbit/s a channel on. libsndfile takes levels, from 0
// for 256 kbit/s to 1 for 6 kbit/s.
constexpr double kOpusBitrate = 48000.0;  // bit/s
constexpr double kOpusLevel = (256000.0 - kOpusBitrate) / (256000.0 - 6000.0);
constexpr double kFlacLevel = 1.0;             // the smallest file
constexpr std::uint32_t kSerial = 0x6d656c73;  // of every stream

constexpr std::size_t kPortion = 4096;  // samples; encoders want their input in portions

struct CloseSndfile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndfileHandle = std::unique_ptr<SNDFILE, CloseSndfile>;

absl::Status failed(SNDFILE* file) {
  return absl::InternalError(absl::StrCat("cannot encode the sound: ", sf_strerror(file)));
}

absl::StatusOr<std::string> write_sound(const MonoSound& sound, int format, double level) {
  SoundMemory memory;
  SF_VIRTUAL_IO callbacks = sound_memory_io();
  SF_INFO info{};
  info.samplerate = sound.sample_rate;
  info.channels = 1;
  info.format = format;
  SndfileHandle file(sf_open_virtual(&callbacks, SFM_WRITE, &info, &memory));
  if (file == nullptr) return failed(nullptr);
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  sf_command(file.get(), SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
  std::vector<float> portion;
  for (std::span<const float> rest(sound.samples); !rest.empty(); rest = rest.subspan(portion.size())) {
    const std::span<const float> taken = rest.first(std::min(kPortion, rest.size()));
    portion.resize(taken.size());
    std::ranges::transform(taken, portion.begin(), [](float x) { return std::clamp(x, -1.0F, 1.0F); });
    const auto count = static_cast<sf_count_t>(portion.size());
    if (sf_write_float(file.get(), portion.data(), count) != count) return failed(file.get());
  }
  if (sf_close(file.release()) != SF_ERR_NO_ERROR) return absl::InternalError("cannot end the sound file");
  return std::move(memory.bytes);
}

}  // namespace

absl::StatusOr<std::string> encode_sound(const MonoSound& sound, SoundCoding coding) {
  if (sound.samples.empty()) return absl::InvalidArgumentError("a sound without samples cannot be encoded");
  if (coding == SoundCoding::kFlac) return write_sound(sound, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, kFlacLevel);
  if (sound.sample_rate != kOpusRate) {
    return absl::InvalidArgumentError(
        absl::StrCat("Opus takes sound at ", kOpusRate, " Hz, not at ", sound.sample_rate));
  }
  absl::StatusOr<std::string> file = write_sound(sound, SF_FORMAT_OGG | SF_FORMAT_OPUS, kOpusLevel);
  if (!file.ok()) return file;
  if (absl::Status status = set_ogg_serial(*file, kSerial); !status.ok()) return status;
  return file;
}

}  // namespace melsweep::audio
