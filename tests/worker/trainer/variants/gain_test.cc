#include "worker/trainer/variants/gain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/audio/spectrogram.h"

namespace melsweep::variants {
namespace {

// The gain at each sample, in dB.
std::vector<double> gains(std::size_t samples, double gain_db, std::uint64_t seed) {
  std::vector<float> ones(samples, 1.0F);
  change_gain(ones, gain_db, Random(seed, RandomStream::kVariants));
  std::vector<double> db;
  for (const float value : ones) db.push_back(20.0 * std::log10(static_cast<double>(value)));
  return db;
}

TEST(ChangeGain, GoesEvenlyFromOneGainToAnother) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<double> db = gains(10001, 6.0, seed);
    const double begin = db.front();
    const double end = db[10000] + (db[10000] - db[9999]);
    for (std::size_t n = 0; n < db.size(); ++n)
      ASSERT_NEAR(db[n], begin + (end - begin) * static_cast<double>(n) / 10001.0, 0.005);
  }
}

TEST(ChangeGain, DrawsBothEndsFromTheWholeRange) {
  double least[2] = {0.0, 0.0};
  double most[2] = {0.0, 0.0};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const std::vector<double> db = gains(1000, 6.0, seed);
    for (const int end : {0, 1}) {
      const double gain = end == 0 ? db.front() : db.back();
      ASSERT_LE(std::abs(gain), 6.001);
      least[end] = std::min(least[end], gain);
      most[end] = std::max(most[end], gain);
    }
  }
  for (const int end : {0, 1}) {
    EXPECT_LT(least[end], -5.5);
    EXPECT_GT(most[end], 5.5);
  }
}

// Why the gain changes over the clip: decibels are relative to the loudest point.
TEST(ChangeGain, ShowsInAPictureInWhichAnEvenGainDoesNot) {
  auto maker = audio::SpectrogramMaker::create({});
  const std::vector<float> clean = audio::sine(1000.0, 22050, 22050);
  std::vector<float> louder = clean;
  for (float& sample : louder) sample *= 1.7F;
  std::vector<float> varied = clean;
  change_gain(varied, 6.0, Random(1, RandomStream::kVariants));
  const auto difference = [&](const std::vector<float>& samples) {
    const auto one = maker->make({.sample_rate = 22050, .samples = clean}).value();
    const auto other = maker->make({.sample_rate = 22050, .samples = samples}).value();
    float most = 0.0F;
    for (std::size_t i = 0; i < one.values.size(); ++i)
      most = std::max(most, std::abs(one.values[i] - other.values[i]));
    return most;
  };
  EXPECT_LT(difference(louder), 0.01F);
  EXPECT_GT(difference(varied), 1.0F);
}

TEST(ChangeGain, TakesTheShortestSounds) {
  change_gain({}, 6.0, Random(1, RandomStream::kVariants));
  EXPECT_LE(std::abs(gains(1, 6.0, 3)[0]), 6.001);
}

}  // namespace
}  // namespace melsweep::variants
