#include "worker/trainer/dataset/synth/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "worker/trainer/dataset/synth/sources.h"

namespace melsweep::synth {
namespace {

Slice slice_of(int class_id, int sample_rate, int channels) {
  Slice slice;
  slice.recording.class_id = class_id;
  slice.recording.seed = 5;
  slice.recording.format = {.sample_rate = sample_rate, .channels = channels};
  slice.recording.snr_db = 10.0;
  slice.end_s = 1.5;
  return slice;
}

TEST(Render, MakesEveryClassAtEveryRate) {
  for (int class_id = 0; class_id < static_cast<int>(kSources.size()); ++class_id) {
    for (const int rate : {8000, 22050, 96000}) {
      const std::vector<float> sound = render(slice_of(class_id, rate, 1));
      ASSERT_EQ(sound.size(), static_cast<std::size_t>(rate * 3 / 2));
      float loudest = 0.0F;
      for (const float sample : sound) {
        ASSERT_TRUE(std::isfinite(sample));
        loudest = std::max(loudest, std::abs(sample));
      }
      EXPECT_GE(loudest, 0.2F) << kSources[static_cast<std::size_t>(class_id)].name;
      EXPECT_LE(loudest, 1.0F);
    }
  }
}

TEST(Render, MakesChannelsThatDiffer) {
  const std::vector<float> sound = render(slice_of(8, 16000, 2));
  ASSERT_EQ(sound.size(), 48000U);
  double difference = 0.0;
  for (std::size_t i = 0; i < sound.size(); i += 2) difference += std::abs(sound[i] - sound[i + 1]);
  EXPECT_GT(difference / 24000.0, 0.005);
}

TEST(Render, DependsOnTheSliceAndTheRecordingAlone) {
  const Slice slice = slice_of(3, 8000, 1);
  EXPECT_EQ(render(slice), render(slice));
  Slice next = slice;
  next.number = 1;
  EXPECT_NE(render(next), render(slice));
  Slice other = slice;
  other.recording.seed = 6;
  EXPECT_NE(render(other), render(slice));
}

TEST(Render, PutsAnotherClassBehind) {
  Slice slice = slice_of(3, 8000, 1);
  const std::vector<float> alone = render(slice);
  slice.recording.background_class = 8;
  slice.recording.background_db = 6.0;
  EXPECT_NE(render(slice), alone);
}

}  // namespace
}  // namespace melsweep::synth
