// A PNG file as a test reads it.
#pragma once

#include <gtest/gtest.h>
#include <png.h>

#include <cstdint>
#include <string>
#include <vector>

namespace melsweep::rendering {

struct ReadPng {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  // [height, width, 3]

  // Of magma's colours, a brighter one has a larger sum.
  int brightness(int x, int y) const {
    const std::size_t at =
        3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
    return rgb[at] + rgb[at + 1] + rgb[at + 2];
  }

  // The row in which this column is brightest, 0 being the upper one.
  int brightest_row(int x) const {
    int best = 0;
    for (int y = 1; y < height; ++y) {
      if (brightness(x, y) > brightness(x, best)) best = y;
    }
    return best;
  }
};

inline ReadPng read_png(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  ReadPng png{.width = static_cast<int>(image.width), .height = static_cast<int>(image.height), .rgb = {}};
  png.rgb.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, png.rgb.data(), 0, nullptr), 0) << image.message;
  return png;
}

}  // namespace melsweep::rendering
