#include "worker/trainer/rendering/spectrogram_picture.h"

#include <gtest/gtest.h>

#include <set>

namespace melsweep::rendering {
namespace {

constexpr int kBands = 128;
constexpr int kFrames = 50;

// A spectrogram of the default settings, at 10 frames a second.
PictureScales scales() {
  return {.frequency = FrequencyAxis(FeatureSettings{}),
          .frames_per_s = 10.0,
          .duration_s = 4.9,
          .min_db = -80.0};
}

PalettePicture draw(const std::vector<float>& values, const PictureSize& size) {
  return draw_spectrogram({.bands = kBands, .frames = kFrames, .values = values}, scales(), size);
}

int at(const PalettePicture& picture, int x, int y) {
  return picture.pixels[static_cast<std::size_t>(y * picture.size.width + x)];
}

TEST(SpectrogramPicture, HasLowFrequenciesAtTheBottom) {
  std::vector<float> values(static_cast<std::size_t>(kBands) * kFrames, -80.0F);
  std::fill_n(values.begin(), kFrames, 0.0F);  // band 0
  const PalettePicture picture = draw(values, {.width = 20, .height = kBands});
  ASSERT_EQ(picture.pixels.size(), 20U * kBands);
  for (int x = 0; x < 20; ++x) {
    EXPECT_EQ(at(picture, x, kBands - 1), 127);
    EXPECT_EQ(at(picture, x, kBands - 2), 0);
    EXPECT_EQ(at(picture, x, 0), 0);
  }
}

TEST(SpectrogramPicture, HasTimeFromLeftToRight) {
  std::vector<float> values(static_cast<std::size_t>(kBands) * kFrames, -80.0F);
  for (int band = 0; band < kBands; ++band) values[static_cast<std::size_t>(band * kFrames + 35)] = 0.0F;
  // Frame 35 is at 3.5 s of 4.9.
  for (const int width : {49, 490}) {
    const PalettePicture picture = draw(values, {.width = width, .height = 64});
    int brightest = 0;
    for (int x = 0; x < width; ++x) {
      if (at(picture, x, 10) > at(picture, brightest, 10)) brightest = x;
    }
    EXPECT_NEAR((brightest + 0.5) / width, 3.5 / 4.9, 1.0 / width);
  }
}

TEST(SpectrogramPicture, DrawsDecibelsInEvenSteps) {
  const auto level = [](float decibels) {
    const std::vector<float> values(static_cast<std::size_t>(kBands) * kFrames, decibels);
    const PalettePicture picture = draw(values, {.width = 7, .height = 5});
    const std::set<std::uint8_t> levels(picture.pixels.begin(), picture.pixels.end());
    EXPECT_EQ(levels.size(), 1U);
    return static_cast<int>(*levels.begin());
  };
  EXPECT_EQ(level(0.0F), 127);
  EXPECT_EQ(level(-40.1F), 63);
  EXPECT_EQ(level(-39.9F), 64);
  EXPECT_EQ(level(-80.0F), 0);
}

TEST(SpectrogramPicture, KeepsTheMeanWhereItShrinks) {
  std::vector<float> values(static_cast<std::size_t>(kBands) * kFrames);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 0.0F : -80.0F;
  const PalettePicture picture = draw(values, {.width = 5, .height = 64});
  for (const std::uint8_t pixel : picture.pixels) EXPECT_NEAR(pixel, 64, 4);
}

TEST(SpectrogramPicture, PaletteIsMagmaFromEndToEnd) {
  const auto colors = palette();
  const auto magma = audio::color_map(ImageColors::kMagma);
  EXPECT_EQ(colors.front(), magma.front());
  EXPECT_EQ(colors.back(), magma.back());
  for (std::size_t i = 1; i < colors.size(); ++i) {
    const auto sum = [](const audio::Color& color) { return color[0] + color[1] + color[2]; };
    EXPECT_GT(sum(colors[i]), sum(colors[i - 1]));
  }
}

}  // namespace
}  // namespace melsweep::rendering
