// Sound files made for tests.
#pragma once

#include <sndfile.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

namespace melsweep::audio {

inline std::vector<float> sine(double hz, int sample_rate, std::size_t samples, double amplitude = 0.5) {
  std::vector<float> wave(samples);
  for (std::size_t n = 0; n < samples; ++n) {
    const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(n) / sample_rate;
    wave[n] = static_cast<float>(amplitude * std::sin(phase));
  }
  return wave;
}

struct SoundFormat {
  int format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  int sample_rate = 22050;
  int channels = 1;
};

// interleaved: [frames, channels].
inline void write_sound(const std::filesystem::path& path, SoundFormat format,
                        const std::vector<float>& interleaved) {
  SF_INFO info{};
  info.format = format.format;
  info.samplerate = format.sample_rate;
  info.channels = format.channels;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  // Encoders want their input in portions.
  const std::size_t portion = std::size_t{4096} * static_cast<std::size_t>(format.channels);
  for (std::size_t at = 0; at < interleaved.size(); at += portion) {
    const std::size_t count = std::min(portion, interleaved.size() - at);
    sf_write_float(file, interleaved.data() + at, static_cast<sf_count_t>(count));
  }
  sf_close(file);
}

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// How long the first frame of these MP3 bytes (Layer III) is.
inline std::size_t mpeg_frame_bytes(const std::string& bytes) {
  static constexpr int kRates1[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  static constexpr int kRates2[] = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  static constexpr int kSampleRates[] = {44100, 48000, 32000};  // of MPEG-1
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
  const int version = byte(1) >> 3 & 3;  // 3 = MPEG-1, 2 = MPEG-2, 0 = MPEG-2.5
  const int* rates = version == 3 ? kRates1 : kRates2;
  const int rate = 1000 * rates[byte(2) >> 4];
  const int sample_rate = kSampleRates[byte(2) >> 2 & 3] / (version == 3 ? 1 : version == 2 ? 2 : 4);
  const int padding = byte(2) >> 1 & 1;
  return static_cast<std::size_t>((version == 3 ? 144 : 72) * rate / sample_rate + padding);
}

// A folder of one test, removed with it.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name) : path_(std::filesystem::temp_directory_path() / name) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace melsweep::audio
