// The whole path from file to decibels against arrays that librosa made (tests/golden/librosa/index.json says
// of which file and channel).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"

namespace melsweep::audio {
namespace {

namespace fs = std::filesystem;

constexpr float kSampleTolerance = 1e-4F;
constexpr float kPowerTolerance = 1e-4F;    // of the maximum
constexpr float kDecibelTolerance = 0.01F;  // dB

struct Entry {
  std::string name;
  fs::path sound;
  Channel channel = Channel::kAverage;
};

// The entries whose sound lies in the folder.
std::vector<Entry> entries(const fs::path& golden, const fs::path& sounds) {
  std::ifstream in(golden / "index.json");
  std::vector<Entry> found;
  const nlohmann::json index = nlohmann::json::parse(in);
  for (const auto& [name, entry] : index.items()) {
    const std::string channel = entry.at("channel");
    found.push_back({.name = name,
                     .sound = sounds / std::string(entry.at("file")),
                     .channel = channel == "left"    ? Channel::kLeft
                                : channel == "right" ? Channel::kRight
                                                     : Channel::kAverage});
  }
  std::erase_if(found, [](const Entry& entry) { return !fs::exists(entry.sound); });
  return found;
}

void expect_near(const std::vector<float>& made, const std::vector<float>& expected, float tolerance) {
  ASSERT_EQ(made.size(), expected.size());
  float worst = 0.0F;
  for (std::size_t i = 0; i < made.size(); ++i) worst = std::max(worst, std::abs(made[i] - expected[i]));
  EXPECT_LE(worst, tolerance);
}

using SpectrogramOf = absl::StatusOr<Spectrogram> (SpectrogramMaker::*)(const MonoSound&);

class Comparison {
 public:
  Comparison(fs::path golden, Entry entry) : golden_(std::move(golden)), entry_(std::move(entry)) {
    const absl::StatusOr<MonoSound> sound = decode(entry_.sound, entry_.channel);
    EXPECT_TRUE(sound.ok()) << sound.status();
    if (sound.ok()) sound_ = *sound;
  }

  // The repository keeps no Hertz arrays of left and right channels, for their size.
  bool has(const std::string& kind) const { return fs::exists(array_path(kind)); }

  void samples() const {
    const absl::StatusOr<MonoSound> resampled = resample(sound_, 22050);
    ASSERT_TRUE(resampled.ok()) << resampled.status();
    expect_near(resampled->samples, expected("samples").values, kSampleTolerance);
  }

  void power() const {
    const arrays::Array reference = expected("mel_power");
    const float maximum = *std::max_element(reference.values.begin(), reference.values.end());
    spectrogram({}, &SpectrogramMaker::make_power, reference, kPowerTolerance * maximum);
  }

  void decibels(const std::string& kind, const FeatureSettings& settings) const {
    spectrogram(settings, &SpectrogramMaker::make, expected(kind), kDecibelTolerance);
  }

 private:
  fs::path array_path(const std::string& kind) const {
    return golden_ / absl::StrCat(entry_.name, ".", kind, ".npy");
  }

  arrays::Array expected(const std::string& kind) const {
    absl::StatusOr<arrays::Array> array = arrays::read_npy(array_path(kind));
    EXPECT_TRUE(array.ok()) << array.status();
    return array.ok() ? *std::move(array) : arrays::Array{};
  }

  void spectrogram(const FeatureSettings& settings, SpectrogramOf make, const arrays::Array& reference,
                   float tolerance) const {
    absl::StatusOr<SpectrogramMaker> maker = SpectrogramMaker::create(settings);
    ASSERT_TRUE(maker.ok()) << maker.status();
    const absl::StatusOr<Spectrogram> made = ((*maker).*make)(sound_);
    ASSERT_TRUE(made.ok()) << made.status();
    const std::vector<std::size_t> shape = {static_cast<std::size_t>(made->bands),
                                            static_cast<std::size_t>(made->frames)};
    EXPECT_EQ(shape, reference.shape);
    expect_near(made->values, reference.values, tolerance);
  }

  fs::path golden_;
  Entry entry_;
  MonoSound sound_;
};

void compare(const fs::path& golden, const Entry& entry) {
  SCOPED_TRACE(entry.name);
  const Comparison comparison(golden, entry);
  comparison.samples();
  comparison.power();
  comparison.decibels("mel_db_power", {.decibels = Decibels::kPower});
  comparison.decibels("mel_db_amplitude", {.decibels = Decibels::kAmplitude});
  if (comparison.has("hertz_db")) comparison.decibels("hertz_db", {.representation = Representation::kHertz});
}

TEST(Librosa, AgreesOnTheRepositorysSounds) {
  const fs::path golden = "tests/golden/librosa";
  const std::vector<Entry> found = entries(golden, "tests/golden/audio");
  ASSERT_EQ(found.size(), 9U);
  for (const Entry& entry : found) compare(golden, entry);
}

TEST(Librosa, AgreesOnRecordedClips) {
  const fs::path golden = "../shared/golden/librosa";
  const fs::path clips = "../shared/data/ESC-10/audio";
  if (!fs::exists(golden / "index.json") || !fs::exists(clips)) {
    GTEST_SKIP() << "skipped: needs the reference clips in ../shared, which are not here";
  }
  const std::vector<Entry> found = entries(golden, clips);
  ASSERT_EQ(found.size(), 3U);
  for (const Entry& entry : found) {
    ASSERT_TRUE(Comparison(golden, entry).has("hertz_db"));
    compare(golden, entry);
  }
}

TEST(Librosa, AgreesOnEveryChannelsHertz) {
  const fs::path golden = "../shared/golden/librosa";
  if (!fs::exists(golden / "index.json")) {
    GTEST_SKIP() << "skipped: needs the reference arrays in ../shared, which are not here";
  }
  const std::vector<Entry> found = entries(golden, "../shared/golden/audio");
  ASSERT_EQ(found.size(), 9U);
  for (const Entry& entry : found) {
    SCOPED_TRACE(entry.name);
    Comparison(golden, entry).decibels("hertz_db", {.representation = Representation::kHertz});
  }
}

}  // namespace
}  // namespace melsweep::audio
