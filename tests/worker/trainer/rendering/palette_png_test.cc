#include "worker/trainer/rendering/palette_png.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/worker/trainer/rendering/read_png.h"

namespace melsweep::rendering {
namespace {

PalettePicture noise(const PictureSize& size) {
  PalettePicture picture{.size = size, .pixels = {}};
  std::uint32_t state = 1;
  for (int i = 0; i < size.width * size.height; ++i) {
    state = state * 1664525U + 1013904223U;
    picture.pixels.push_back(static_cast<std::uint8_t>((state >> 24) % kPaletteSize));
  }
  return picture;
}

TEST(PalettePng, KeepsEveryPixel) {
  const auto colors = palette();
  for (const PictureSize& size : {PictureSize{1, 1}, PictureSize{37, 20}, PictureSize{640, 256}}) {
    const PalettePicture picture = noise(size);
    const auto png = encode_png(picture, colors);
    ASSERT_TRUE(png.ok()) << png.status();
    const ReadPng read = read_png(*png);
    ASSERT_EQ(read.width, size.width);
    ASSERT_EQ(read.height, size.height);
    for (std::size_t i = 0; i < read.rgb.size(); ++i) {
      const float expected = colors[picture.pixels[i / 3]][i % 3] * 255.0F;
      ASSERT_EQ(read.rgb[i], std::lround(expected)) << i;
    }
  }
}

TEST(PalettePng, HasOneByteAPixel) {
  const std::string png = encode_png(noise({640, 256}), palette()).value();
  EXPECT_LT(png.size(), 640U * 256U + 2000U);
  EXPECT_EQ(png[24], 8);  // bits
  EXPECT_EQ(png[25], 3);  // a palette
}

TEST(PalettePng, IsTheSameFileEachTime) {
  EXPECT_EQ(encode_png(noise({64, 64}), palette()).value(), encode_png(noise({64, 64}), palette()).value());
}

TEST(PalettePng, SaysWhatLibpngRefuses) {
  const auto png = encode_png({.size = {0, 4}, .pixels = {}}, palette());
  EXPECT_EQ(png.status().code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(std::string(png.status().message()).starts_with("cannot write a PNG: ")) << png.status();
}

}  // namespace
}  // namespace melsweep::rendering
