#include "worker/trainer/dataset/synth/wave_writer.h"

#include <sndfile.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "worker/trainer/audio/sound_memory.h"

namespace melsweep::synth {
namespace {

int subtype(SampleFormat samples) {
  switch (samples) {
    case SampleFormat::kUint8:
      return SF_FORMAT_PCM_U8;
    case SampleFormat::kInt16:
      return SF_FORMAT_PCM_16;
    case SampleFormat::kInt24:
      return SF_FORMAT_PCM_24;
    case SampleFormat::kFloat32:
      return SF_FORMAT_FLOAT;
  }
  return 0;
}

}  // namespace

absl::StatusOr<std::string> encode_wave(const WaveFormat& format, std::span<const float> interleaved) {
  audio::SoundMemory memory;
  SF_VIRTUAL_IO callbacks = audio::sound_memory_io();
  SF_INFO info{};
  info.samplerate = format.sample_rate;
  info.channels = format.channels;
  info.format = SF_FORMAT_WAV | subtype(format.samples);
  std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open_virtual(&callbacks, SFM_WRITE, &info, &memory),
                                                   sf_close);
  if (file == nullptr)
    return absl::InvalidArgumentError(absl::StrCat("cannot write WAV: ", sf_strerror(nullptr)));
  // The peak chunk of float files holds the time of writing.
  sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  const auto frames = static_cast<sf_count_t>(interleaved.size()) / format.channels;
  if (sf_writef_float(file.get(), interleaved.data(), frames) != frames) {
    return absl::InternalError(absl::StrCat("cannot write WAV: ", sf_strerror(file.get())));
  }
  file.reset();
  return std::move(memory.bytes);
}

}  // namespace melsweep::synth
