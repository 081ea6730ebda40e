// A data set being written for one test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/worker/trainer/audio/melody.h"
#include "worker/trainer/dataset/synth/wave_writer.h"

namespace melsweep::dataset {

// A new folder below the tests' temporary one, removed at the end.
class DataFolder {
 public:
  DataFolder() {
    static std::atomic<int> counter{0};
    root_ = std::filesystem::path(testing::TempDir()) /
            ("dataset-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)));
    std::filesystem::create_directories(root_);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  const std::filesystem::path& root() const { return root_; }
  std::string path(const std::string& name = "") const { return (root_ / name).string(); }

  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << content;
  }

  // A tenth of a second of a tone; each number gives another content of the same length.
  void sound(const std::string& name, int number) const {
    std::vector<float> samples(800);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      samples[i] = 0.5F * std::sin(0.01F * static_cast<float>(number + 3) * static_cast<float>(i));
    }
    write_sound(name, samples);
  }

  // Four seconds that can be fingerprinted. With another gain it is another file and the same sound.
  void melody(const std::string& name, unsigned number, float gain = 1.0F) const {
    std::vector<float> samples = audio::melody(number, 8000, 4.0);
    for (float& sample : samples) sample *= gain;
    write_sound(name, samples);
  }

 private:
  void write_sound(const std::string& name, const std::vector<float>& samples) const {
    const auto bytes = synth::encode_wave({.sample_rate = 8000, .channels = 1}, samples);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    write(name, *bytes);
  }

  std::filesystem::path root_;
};

}  // namespace melsweep::dataset
