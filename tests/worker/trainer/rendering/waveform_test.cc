#include "worker/trainer/rendering/waveform.h"

#include <gtest/gtest.h>

namespace melsweep::rendering {
namespace {

TEST(Waveform, HasTheExtremesOfEachStretch) {
  const std::vector<float> samples = {0.0F, 0.5F, -0.25F, 0.125F, 0.75F, 0.25F, -1.0F};
  const std::vector<Peak> found = peaks(samples, 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].min, -0.25F);
  EXPECT_EQ(found[0].max, 0.5F);
  EXPECT_EQ(found[1].min, -1.0F);
  EXPECT_EQ(found[1].max, 0.75F);
}

TEST(Waveform, LeavesNoSampleOut) {
  for (std::size_t count = 1; count <= 40; ++count) {
    for (std::size_t loud = 0; loud < 97; ++loud) {
      std::vector<float> samples(97, 0.0F);
      samples[loud] = 0.5F;
      int found = 0;
      for (const Peak& peak : peaks(samples, count)) found += peak.max == 0.5F ? 1 : 0;
      ASSERT_EQ(found, 1) << count << " " << loud;
    }
  }
}

TEST(Waveform, OfFewSamplesHasOneStretchEach) {
  const std::vector<float> samples = {0.5F, -0.5F, 0.25F};
  EXPECT_EQ(peaks(samples, 640).size(), 3U);
  EXPECT_TRUE(peaks({}, 640).empty());
}

TEST(Waveform, IsCutAtFullScale) {
  const std::vector<float> samples = {4.0F, -9.0F};
  const std::vector<Peak> found = peaks(samples, 1);
  EXPECT_EQ(found.front().min, -1.0F);
  EXPECT_EQ(found.front().max, 1.0F);
}

}  // namespace
}  // namespace melsweep::rendering
