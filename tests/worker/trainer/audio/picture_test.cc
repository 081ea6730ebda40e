#include "worker/trainer/audio/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "worker/trainer/audio/color_map.h"

namespace melsweep::audio {
namespace {

using testing::Each;
using testing::FloatNear;

constexpr std::size_t kSide = 299;

struct Picture {
  std::vector<float> values = std::vector<float>(kPictureValues, -1.0F);
  float at(std::size_t channel, std::size_t row, std::size_t column) const {
    return values[(channel * kSide + row) * kSide + column];
  }
};

Picture picture_of(int bands, int frames, const std::vector<float>& decibels,
                   const FeatureSettings& settings = {}) {
  Picture picture;
  make_picture({.bands = bands, .frames = frames, .values = decibels}, settings, picture.values);
  return picture;
}

TEST(MakePicture, MapsDecibelsToBrightness) {
  EXPECT_THAT(picture_of(1, 1, {0.0F}).values, Each(1.0F));
  EXPECT_THAT(picture_of(1, 1, {-80.0F}).values, Each(0.0F));
  EXPECT_THAT(picture_of(1, 1, {-20.0F}).values, Each(FloatNear(0.75F, 1e-6F)));
  EXPECT_THAT(picture_of(1, 1, {-20.0F}, {.top_db = 40.0}).values, Each(FloatNear(0.5F, 1e-6F)));
}

TEST(MakePicture, CutsWhatLiesOutsideTheRange) {
  EXPECT_THAT(picture_of(1, 1, {-200.0F}).values, Each(0.0F));
  EXPECT_THAT(picture_of(1, 1, {1e-5F}).values, Each(1.0F));
}

TEST(MakePicture, PutsLowFrequenciesAtTheBottomAndTimeFromLeftToRight) {
  // Band 0 is loud in the first frame only.
  const Picture picture = picture_of(2, 2, {0.0F, -80.0F, -80.0F, -80.0F});
  EXPECT_EQ(picture.at(0, 298, 0), 1.0F);
  EXPECT_EQ(picture.at(0, 298, 298), 0.0F);
  EXPECT_EQ(picture.at(0, 0, 0), 0.0F);
  EXPECT_EQ(picture.at(0, 0, 298), 0.0F);
}

TEST(MakePicture, InterpolatesWithHalfPixelCentres) {
  // Two frames on 299 pixels: pixel x lies at (x + 0.5) * 2 / 299 - 0.5, held at the edges.
  const Picture picture = picture_of(1, 2, {-80.0F, 0.0F});
  for (std::size_t x = 0; x < kSide; ++x) {
    const float position = (static_cast<float>(x) + 0.5F) * 2.0F / 299.0F - 0.5F;
    EXPECT_NEAR(picture.at(0, 150, x), std::clamp(position, 0.0F, 1.0F), 1e-5F) << x;
  }
}

TEST(MakePicture, InterpolatesUpwardsInFrequency) {
  const Picture picture = picture_of(3, 1, {-80.0F, -40.0F, 0.0F});
  for (std::size_t y = 0; y < kSide; ++y) {
    const float position = (static_cast<float>(298 - y) + 0.5F) * 3.0F / 299.0F - 0.5F;
    EXPECT_NEAR(picture.at(0, y, 7), std::clamp(position, 0.0F, 2.0F) / 2.0F, 1e-5F) << y;
  }
}

TEST(MakePicture, SamplesTwoNeighboursWhenItShrinks) {
  // 897 frames are three a pixel, whose centre is the middle one: nothing else may show.
  std::vector<float> decibels(897, -80.0F);
  for (std::size_t i = 1; i < decibels.size(); i += 3) decibels[i] = 0.0F;
  EXPECT_THAT(picture_of(1, 897, decibels).values, Each(FloatNear(1.0F, 1e-4F)));
}

TEST(MakePicture, KeepsAPictureOfTheSameSize) {
  std::vector<float> decibels(kSide * kSide);
  for (std::size_t i = 0; i < decibels.size(); ++i) decibels[i] = -static_cast<float>(i % 80);
  const Picture picture = picture_of(299, 299, decibels);
  for (std::size_t band = 0; band < kSide; ++band) {
    for (std::size_t x = 0; x < kSide; ++x) {
      ASSERT_NEAR(picture.at(0, 298 - band, x), 1.0F + decibels[band * kSide + x] / 80.0F, 1e-5F);
    }
  }
}

TEST(MakePicture, PaintsGrayOnAllChannelsAlike) {
  const Picture picture = picture_of(1, 3, {-80.0F, -30.0F, 0.0F});
  for (std::size_t x = 0; x < kSide; ++x) {
    EXPECT_EQ(picture.at(1, 0, x), picture.at(0, 0, x));
    EXPECT_EQ(picture.at(2, 298, x), picture.at(0, 298, x));
  }
}

TEST(MakePicture, PaintsColourMaps) {
  for (const ImageColors colors : {ImageColors::kMagma, ImageColors::kViridis}) {
    const Picture picture = picture_of(1, 1, {-20.0F}, {.image = colors});
    const Color expected = color_map(colors)[192];  // 0.75 * 256
    for (std::size_t channel = 0; channel < 3; ++channel)
      EXPECT_EQ(picture.at(channel, 100, 200), expected[channel]);
  }
}

}  // namespace
}  // namespace melsweep::audio
