#include "worker/trainer/audio/stft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

TEST(PaddedHann, IsPeriodic) {
  EXPECT_THAT(padded_hann(4, 4), Pointwise(FloatNear(1e-6F), {0.0F, 0.5F, 1.0F, 0.5F}));
  const std::vector<float> window = padded_hann(512, 512);
  EXPECT_NEAR(std::accumulate(window.begin(), window.end(), 0.0), 256.0, 1e-4);
}

TEST(PaddedHann, StandsInTheMiddleOfTheFrame) {
  EXPECT_THAT(padded_hann(2, 6), Pointwise(FloatNear(1e-6F), {0.0F, 0.0F, 0.0F, 1.0F, 0.0F, 0.0F}));
}

TEST(PaddedHann, OfOneSampleIsOne) {
  EXPECT_THAT(padded_hann(1, 4), ElementsAre(0.0F, 1.0F, 0.0F, 0.0F));
}

TEST(PowerStft, HasAFrameAtEveryHop) {
  const PowerStft stft(2048, 512, 2048);
  EXPECT_EQ(stft.bins(), 1025U);
  EXPECT_EQ(stft.frames(1), 1U);
  EXPECT_EQ(stft.frames(511), 1U);
  EXPECT_EQ(stft.frames(512), 2U);
  EXPECT_EQ(stft.frames(22050), 44U);
}

TEST(PowerStft, PutsASineIntoItsBin) {
  // Bin 32 of 512 at 22,050 Hz; a Hann window gives the peak amplitude * n_fft / 4, squared.
  const std::vector<float> wave = sine(32.0 * 22050 / 512, 22050, 8192, 0.5);
  PowerStft stft(512, 128, 512);
  const std::span<const float> power = stft.frame(wave, 20);
  EXPECT_EQ(std::max_element(power.begin(), power.end()) - power.begin(), 32);
  EXPECT_NEAR(power[32], 64.0F * 64.0F, 1.0F);
  EXPECT_NEAR(power[31], 32.0F * 32.0F, 1.0F);
  EXPECT_LT(power[40], 1e-3F);
}

TEST(PowerStft, PadsBothEndsWithZeros) {
  // A click at the first sample is in the middle of frame 0, where the window is 1, and a flat spectrum of 1.
  std::vector<float> click(64, 0.0F);
  click[0] = 1.0F;
  PowerStft stft(16, 8, 16);
  const std::span<const float> first = stft.frame(click, 0);
  EXPECT_THAT(std::vector<float>(first.begin(), first.end()), Each(FloatNear(1.0F, 1e-5F)));
  const std::span<const float> third = stft.frame(click, 2);
  EXPECT_THAT(std::vector<float>(third.begin(), third.end()), Each(0.0F));
  const std::span<const float> last = stft.frame(click, stft.frames(click.size()) - 1);
  EXPECT_THAT(std::vector<float>(last.begin(), last.end()), Each(0.0F));
}

TEST(PowerStft, TakesASignalShorterThanAFrame) {
  const std::vector<float> sample = {0.5F};
  PowerStft stft(2048, 512, 2048);
  EXPECT_NEAR(stft.frame(sample, 0)[100], 0.25F, 1e-5F);
}

}  // namespace
}  // namespace melsweep::audio
