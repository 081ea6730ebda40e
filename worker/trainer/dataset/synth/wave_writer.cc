#include "worker/trainer/dataset/synth/wave_writer.h"

#include <sndfile.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"

namespace melsweep::synth {
namespace {

// The file that libsndfile believes it writes.
struct Memory {
  std::string bytes;
  std::size_t position = 0;
};

sf_count_t length_of(void* user) {
  return static_cast<sf_count_t>(static_cast<Memory*>(user)->bytes.size());
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const auto position = static_cast<sf_count_t>(memory.position);
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : length_of(user);
  memory.position = static_cast<std::size_t>(std::max<sf_count_t>(0, base + offset));
  return static_cast<sf_count_t>(memory.position);
}

sf_count_t read(void* to, sf_count_t count, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const std::size_t start = std::min(memory.position, memory.bytes.size());
  const std::size_t available = std::min(static_cast<std::size_t>(count), memory.bytes.size() - start);
  std::memcpy(to, memory.bytes.data() + start, available);
  memory.position = start + available;
  return static_cast<sf_count_t>(available);
}

sf_count_t write(const void* from, sf_count_t count, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const std::size_t end = memory.position + static_cast<std::size_t>(count);
  if (memory.bytes.size() < end) memory.bytes.resize(end);
  std::memcpy(memory.bytes.data() + memory.position, from, static_cast<std::size_t>(count));
  memory.position = end;
  return count;
}

sf_count_t tell(void* user) {
  return static_cast<sf_count_t>(static_cast<Memory*>(user)->position);
}

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
  Memory memory;
  SF_VIRTUAL_IO callbacks{length_of, seek, read, write, tell};
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
