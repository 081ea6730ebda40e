#include "worker/trainer/rendering/frequency_axis.h"

#include <gtest/gtest.h>

namespace melsweep::rendering {
namespace {

FeatureSettings hertz() {
  FeatureSettings settings;
  settings.representation = Representation::kHertz;
  return settings;
}

TEST(FrequencyAxis, OfMelHasEachBandEquallyHigh) {
  const FrequencyAxis axis{FeatureSettings{}};
  EXPECT_EQ(axis.scale(), "mel");
  EXPECT_NEAR(axis.band(0.0), -0.5, 1e-9);
  EXPECT_NEAR(axis.band(1.0), 127.5, 1e-9);
  // librosa.mel_frequencies(130, fmin=0, fmax=11025): [1], [64] and [128] are the peaks of bands 0, 63 and
  // 127.
  EXPECT_NEAR(axis.position(25.793589), 0.5 / 128, 1e-7);
  EXPECT_NEAR(axis.hz(63.5 / 128), 1956.474672, 1e-5);
  EXPECT_NEAR(axis.hz(127.5 / 128), 10735.597567, 1e-4);
}

TEST(FrequencyAxis, OfMelBeginsAtFmin) {
  FeatureSettings settings;
  settings.fmin = 500.0;
  settings.fmax = 4000.0;
  const FrequencyAxis axis(settings);
  EXPECT_GT(axis.min_hz(), 500.0);
  EXPECT_LT(axis.min_hz(), 520.0);
  EXPECT_LT(axis.max_hz(), 4000.0);
  EXPECT_GT(axis.max_hz(), 3930.0);
}

TEST(FrequencyAxis, OfHertzIsLogarithmic) {
  const FrequencyAxis axis(hertz());
  EXPECT_EQ(axis.scale(), "log");
  EXPECT_NEAR(axis.min_hz(), 3 * 22050.0 / 2048, 1e-9);
  EXPECT_NEAR(axis.max_hz(), 11025.0, 1e-6);
  const double octave = axis.position(200.0) - axis.position(100.0);
  EXPECT_NEAR(axis.position(8000.0) - axis.position(4000.0), octave, 1e-12);
  EXPECT_NEAR(axis.band(axis.position(1000.0)), 1000.0 * 2048 / 22050, 1e-9);
}

TEST(FrequencyAxis, RisesEvenWhereAnFftIsTiny) {
  FeatureSettings settings = hertz();
  settings.n_fft = 2;
  const FrequencyAxis axis(settings);
  EXPECT_LT(axis.min_hz(), axis.max_hz());
}

TEST(FrequencyAxis, TicksAreOctavesInsideAndApart) {
  for (const FeatureSettings& settings : {FeatureSettings{}, hertz()}) {
    const FrequencyAxis axis(settings);
    const std::vector<FrequencyTick> ticks = axis.ticks();
    ASSERT_GE(ticks.size(), 5U);
    EXPECT_EQ(ticks.front().hz, settings.representation == Representation::kMel ? 256.0 : 64.0);
    EXPECT_EQ(ticks.back().hz, 8192.0);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      EXPECT_NEAR(axis.hz(ticks[i].position), ticks[i].hz, 1e-6);
      EXPECT_GE(ticks[i].position, 0.0);
      EXPECT_LE(ticks[i].position, 1.0);
      if (i == 0) continue;
      EXPECT_GE(ticks[i].position - ticks[i - 1].position, 0.05);
    }
  }
}

}  // namespace
}  // namespace melsweep::rendering
