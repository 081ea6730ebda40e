#include "worker/trainer/features/cache_key.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace melsweep::features {
namespace {

std::string level1(const FeatureSettings& settings) {
  return cache_key(spectrogram_description(settings));
}
std::string level2(const FeatureSettings& settings, const std::string& identity = "trunk") {
  return cache_key(bottleneck_description(settings, identity));
}

TEST(CacheKey, IsAHash) {
  EXPECT_EQ(level1({}).find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(CacheKey, DiffersForEverySettingThatShapesASpectrogram) {
  const std::vector<std::function<void(FeatureSettings&)>> changes = {
      [](auto&) {},
      [](auto& s) { s.representation = Representation::kHertz; },
      [](auto& s) { s.decibels = Decibels::kPower; },
      [](auto& s) { s.sample_rate = 16000; },
      [](auto& s) { s.n_fft = 1024; },
      [](auto& s) { s.hop_length = 256; },
      [](auto& s) { s.win_length = 1024; },
      [](auto& s) { s.n_mels = 64; },
      [](auto& s) { s.fmin = 20.0; },
      [](auto& s) { s.fmax = 8000.0; },
  };
  std::set<std::string> keys1;
  std::set<std::string> keys2;
  for (const auto& change : changes) {
    FeatureSettings settings;
    change(settings);
    keys1.insert(level1(settings));
    keys2.insert(level2(settings));
  }
  EXPECT_EQ(keys1.size(), changes.size());
  EXPECT_EQ(keys2.size(), changes.size());
}

TEST(CacheKey, OfSpectrogramsDoesNotDependOnThePicture) {
  EXPECT_EQ(level1({}), level1({.image = ImageColors::kMagma, .top_db = 60.0}));
  EXPECT_NE(level2({}), level2({.image = ImageColors::kMagma}));
  EXPECT_NE(level2({}), level2({.top_db = 60.0}));
}

TEST(CacheKey, OfHertzDoesNotDependOnMelSettings) {
  EXPECT_EQ(level1({.representation = Representation::kHertz}),
            level1({.representation = Representation::kHertz,
                    .decibels = Decibels::kPower,
                    .n_mels = 64,
                    .fmin = 10.0}));
}

TEST(CacheKey, TakesADefaultForWhatItStandsFor) {
  EXPECT_EQ(level1({}), level1({.win_length = 2048, .fmax = 11025.0}));
}

TEST(CacheKey, OfBottlenecksDependsOnTheNetwork) {
  EXPECT_NE(level2({}, "trunk"), level2({}, "other"));
}

}  // namespace
}  // namespace melsweep::features
