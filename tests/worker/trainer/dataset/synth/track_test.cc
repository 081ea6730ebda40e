#include "worker/trainer/dataset/synth/track.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace melsweep::synth {
namespace {

Track tone_of(double frequency, const std::vector<double>& harmonics) {
  Track track(8000.0, 1.0);
  add_tone(track, {0.0, 1.0}, {constant(frequency), constant(1.0), harmonics});
  return track;
}

TEST(Track, MakesATone) {
  const Track track = tone_of(440.0, {1.0});
  ASSERT_EQ(track.samples.size(), 8000U);
  EXPECT_NEAR(track.samples[99], std::sin(2.0 * std::numbers::pi * 440.0 * 100.0 / 8000.0), 1e-9);
  EXPECT_NEAR(loudness(track), std::sqrt(0.5), 1e-6);
}

TEST(Track, LeavesOutHarmonicsAboveNyquist) {
  EXPECT_EQ(tone_of(1500.0, {1.0, 0.5, 0.25, 0.125}).samples, tone_of(1500.0, {1.0, 0.5}).samples);
}

TEST(Track, LeavesOutWhatLiesOutside) {
  Track track(1000.0, 0.5);
  add_tone(track, {0.4, 9.0}, {constant(100.0), constant(1.0), {1.0}});
  add_tone(track, {7.0, 9.0}, {constant(100.0), constant(1.0), {1.0}});
  EXPECT_EQ(track.samples.size(), 500U);
  EXPECT_EQ(track.samples[399], 0.0);
  EXPECT_NE(track.samples[401], 0.0);
}

TEST(Track, FiltersWhatItShould) {
  const double before = loudness(tone_of(100.0, {1.0}));
  Track low = tone_of(100.0, {1.0});
  low_pass(low, 1000.0);
  EXPECT_NEAR(loudness(low), before, 0.02);
  Track high = tone_of(100.0, {1.0});
  high_pass(high, 1000.0);
  EXPECT_LT(loudness(high), 0.02 * before);
  Track centre = tone_of(1000.0, {1.0});
  band_pass(centre, 1000.0, 3.0);
  EXPECT_NEAR(loudness(centre), before, 0.02);
}

TEST(Track, NormalizesAllButSilence) {
  Track track = tone_of(300.0, {0.01});
  normalize(track);
  EXPECT_NEAR(loudness(track), 1.0, 1e-9);
  Track silence(8000.0, 0.5);
  normalize(silence);
  EXPECT_EQ(loudness(silence), 0.0);
}

}  // namespace
}  // namespace melsweep::synth
