#include "worker/trainer/audio/resample.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/worker/trainer/audio/written_sound.h"

namespace melsweep::audio {
namespace {

TEST(Resample, LeavesASoundOfThatRateAlone) {
  const absl::StatusOr<MonoSound> sound = resample({.sample_rate = 22050, .samples = {0.25F, 9.0F}}, 22050);
  EXPECT_EQ(sound->samples, (std::vector<float>{0.25F, 9.0F}));
}

TEST(Resample, RoundsTheLengthUp) {
  for (const auto& [rate, samples, length] : {std::array<int, 3>{44100, 101, 51},
                                              {44100, 1, 1},
                                              {8000, 3, 9},
                                              {48000, 43200, 19845},
                                              {1000, 1, 23}}) {
    const absl::StatusOr<MonoSound> sound = resample(
        {.sample_rate = rate, .samples = std::vector<float>(static_cast<std::size_t>(samples), 0.1F)}, 22050);
    ASSERT_TRUE(sound.ok()) << sound.status();
    EXPECT_EQ(sound->sample_rate, 22050);
    EXPECT_EQ(sound->samples.size(), static_cast<std::size_t>(length))
        << rate << " Hz, " << samples << " samples";
  }
}

TEST(Resample, KeepsATone) {
  const absl::StatusOr<MonoSound> sound =
      resample({.sample_rate = 48000, .samples = sine(1000.0, 48000, 48000)}, 22050);
  const std::vector<float> expected = sine(1000.0, 22050, 22050);
  ASSERT_EQ(sound->samples.size(), expected.size());
  for (std::size_t n = 1000; n + 1000 < expected.size(); ++n)
    ASSERT_NEAR(sound->samples[n], expected[n], 1e-3F) << n;
}

TEST(Resample, RemovesWhatTheNewRateCannotHold) {
  const absl::StatusOr<MonoSound> sound =
      resample({.sample_rate = 48000, .samples = sine(15000.0, 48000, 48000)}, 22050);
  for (std::size_t n = 1000; n < 21000; ++n) ASSERT_LT(std::abs(sound->samples[n]), 1e-3F) << n;
}

TEST(Resample, RefusesWhatHasTooManySamplesOrOverflows) {
  const MonoSound low{.sample_rate = 1000, .samples = std::vector<float>(1'000'000, 0.1F)};
  EXPECT_EQ(resample(low, 768000).status().code(), absl::StatusCode::kInvalidArgument);
  std::vector<float> steps(2000, 3e38F);
  std::fill(steps.begin() + 1000, steps.end(), -3e38F);
  EXPECT_EQ(resample({.sample_rate = 44100, .samples = steps}, 22050).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace melsweep::audio
