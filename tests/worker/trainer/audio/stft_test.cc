#include "worker/trainer/audio/stft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/audio/resample.h"

namespace melsweep::audio {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

// |STFT|^2 of one frame, [bins].
std::vector<float> frame_of(PowerStft& stft, const std::vector<float>& samples, std::size_t index) {
  const std::span<const float> block = stft.block(samples, index);
  std::vector<float> power(stft.bins());
  for (std::size_t bin = 0; bin < power.size(); ++bin) power[bin] = block[bin * kFrameLanes];
  return power;
}

TEST(PaddedHann, IsPeriodic) {
  EXPECT_THAT(padded_hann(4, 4), Pointwise(DoubleNear(1e-12), {0.0, 0.5, 1.0, 0.5}));
  const std::vector<double> window = padded_hann(512, 512);
  EXPECT_NEAR(std::accumulate(window.begin(), window.end(), 0.0), 256.0, 1e-9);
}

TEST(PaddedHann, StandsInTheMiddleOfTheFrame) {
  EXPECT_THAT(padded_hann(2, 6), Pointwise(DoubleNear(1e-12), {0.0, 0.0, 0.0, 1.0, 0.0, 0.0}));
}

TEST(PaddedHann, OfOneSampleIsOne) {
  EXPECT_THAT(padded_hann(1, 4), ElementsAre(0.0, 1.0, 0.0, 0.0));
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
  const std::vector<float> power = frame_of(stft, wave, 20);
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
  const std::vector<float> first = frame_of(stft, click, 0);
  EXPECT_THAT(first, Each(FloatNear(1.0F, 1e-5F)));
  const std::vector<float> third = frame_of(stft, click, 2);
  EXPECT_THAT(third, Each(0.0F));
  const std::vector<float> last = frame_of(stft, click, stft.frames(click.size()) - 1);
  EXPECT_THAT(last, Each(0.0F));
}

// The definition, in double precision.
double power_by_definition(const std::vector<float>& samples, std::size_t centre, std::size_t bin) {
  constexpr std::size_t kSize = 2048;
  const double step = 2.0 * std::numbers::pi / kSize;
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < kSize; ++n) {
    const double window = 0.5 - 0.5 * std::cos(step * static_cast<double>(n));
    const double phase = -step * static_cast<double>(bin * n % kSize);
    sum += window * static_cast<double>(samples[centre + n - kSize / 2]) * std::polar(1.0, phase);
  }
  return std::norm(sum);
}

// Where two pulses share a frame, the spectrum falls by 100 dB and more between its peaks.
TEST(PowerStft, IsExactInTheNotchesOfAPulseTrain) {
  for (const int rate : {44100, 48000, 96000}) {
    std::vector<float> pulses(static_cast<std::size_t>(rate), 0.0F);
    for (std::size_t n = 0; n < pulses.size(); n += 2000) pulses[n] = 0.9F;
    const std::vector<float> samples = resample({.sample_rate = rate, .samples = pulses}, 22050)->samples;
    PowerStft stft(2048, 512, 2048);
    for (const std::size_t frame : {10, 17, 23}) {
      const std::vector<float> power = frame_of(stft, samples, frame);
      const double loudest = *std::max_element(power.begin(), power.end());
      for (std::size_t bin = 0; bin < power.size(); ++bin) {
        const double expected = power_by_definition(samples, frame * 512, bin);
        if (expected < 1e-8 * loudest) continue;  // below librosa's floor of 80 dB
        EXPECT_NEAR(10.0 * std::log10(power[bin] / expected), 0.0, 1e-4) << frame << ", " << bin;
      }
    }
  }
}

TEST(PowerStft, TakesASignalShorterThanAFrame) {
  const std::vector<float> sample = {0.5F};
  PowerStft stft(2048, 512, 2048);
  EXPECT_NEAR(frame_of(stft, sample, 0)[100], 0.25F, 1e-5F);
}

}  // namespace
}  // namespace melsweep::audio
