// Files of Ogg Vorbis made for tests, by libsndfile and libvorbis.
#pragma once

#include <sndfile.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <vector>

#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/vorbis/ogg_packets.h"

namespace melsweep::vorbis {

struct VorbisFormat {
  int sample_rate = 22050;
  int channels = 1;
  double quality = 0.4;  // 0 to 1
};

// Noise that swells and fades over a tone, clicks and silence, so that long and short blocks and silent
// channels come. [frames, channels]
inline std::vector<float> eventful_sound(std::size_t frames, int channels, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-0.5F, 0.5F);
  std::vector<float> wave;
  for (std::size_t n = 0; n < frames; ++n) {
    const auto at = static_cast<float>(n);
    const bool is_silent = n / 6000 % 3 == 2;
    for (int channel = 0; channel < channels; ++channel) {
      const float noise = uniform(random) * std::abs(std::sin(at * 1e-3F));
      const float tone = 0.3F * std::sin(at * 0.05F + static_cast<float>(channel));
      wave.push_back(is_silent ? 0.0F : n % 4001 == 0 ? 0.9F : noise + tone);
    }
  }
  return wave;
}

inline void write_vorbis(const std::filesystem::path& path, const VorbisFormat& format,
                         const std::vector<float>& interleaved) {
  SF_INFO info{};
  info.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
  info.samplerate = format.sample_rate;
  info.channels = format.channels;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  double compression = 1.0 - format.quality;
  sf_command(file, SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression);
  const std::size_t portion = std::size_t{4096} * static_cast<std::size_t>(format.channels);
  for (std::size_t at = 0; at < interleaved.size(); at += portion) {
    sf_write_float(file, interleaved.data() + at,
                   static_cast<sf_count_t>(std::min(portion, interleaved.size() - at)));
  }
  sf_close(file);
}

// The packets of a file, headers first.
inline std::vector<std::vector<unsigned char>> packets_of(const std::filesystem::path& path) {
  OggPackets packets(path);
  std::vector<std::vector<unsigned char>> all;
  while (const std::optional<OggPacket> packet = packets.next())
    all.emplace_back(packet->bytes.begin(), packet->bytes.end());
  return all;
}

}  // namespace melsweep::vorbis
