#include "worker/trainer/variants/masks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

namespace melsweep::variants {
namespace {

constexpr float kLeast = -1000.0F;

// No two values alike; the least, which is one of them, is the last.
audio::Spectrogram any_spectrogram(int bands, int frames) {
  audio::Spectrogram spectrogram{.bands = bands,
                                 .frames = frames,
                                 .values = std::vector<float>(static_cast<std::size_t>(bands * frames))};
  std::iota(spectrogram.values.begin(), spectrogram.values.end(), 1.0F);
  spectrogram.values.back() = kLeast;
  return spectrogram;
}

struct Covered {
  std::vector<int> bands;   // that are covered over all of time
  std::vector<int> frames;  // that are covered in all bands
};

// Expects that all else is as it was.
Covered look(const audio::Spectrogram& masked) {
  const audio::Spectrogram before = any_spectrogram(masked.bands, masked.frames);
  const auto at = [&](int band, int frame) {
    return masked.values[static_cast<std::size_t>(band * masked.frames + frame)];
  };
  Covered covered;
  for (int band = 0; band < masked.bands; ++band) {
    bool all = true;
    for (int frame = 0; frame < masked.frames; ++frame) all = all && at(band, frame) == kLeast;
    if (all) covered.bands.push_back(band);
  }
  for (int frame = 0; frame < masked.frames; ++frame) {
    bool all = true;
    for (int band = 0; band < masked.bands; ++band) all = all && at(band, frame) == kLeast;
    if (all) covered.frames.push_back(frame);
  }
  for (int band = 0; band < masked.bands; ++band) {
    for (int frame = 0; frame < masked.frames; ++frame) {
      const bool is_covered = std::ranges::binary_search(covered.bands, band) ||
                              std::ranges::binary_search(covered.frames, frame);
      const auto index = static_cast<std::size_t>(band * masked.frames + frame);
      EXPECT_EQ(masked.values[index], is_covered ? kLeast : before.values[index]);
    }
  }
  return covered;
}

bool is_one_piece(const std::vector<int>& places) {
  return places.empty() || places.back() - places.front() + 1 == static_cast<int>(places.size());
}

Covered mask_of(int bands, int frames, const VariantSettings& settings, std::uint64_t seed) {
  audio::Spectrogram spectrogram = any_spectrogram(bands, frames);
  mask(spectrogram, settings, Random(seed, RandomStream::kVariants));
  return look(spectrogram);
}

TEST(Mask, CoversOnePieceOfTheBandsAndOneOfTheFrames) {
  std::set<std::size_t> heights;
  std::set<std::size_t> widths;
  std::set<int> first_bands;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Covered covered = mask_of(40, 50, {.mask_frequency = 4, .mask_time = 6}, seed);
    EXPECT_TRUE(is_one_piece(covered.bands));
    EXPECT_TRUE(is_one_piece(covered.frames));
    heights.insert(covered.bands.size());
    widths.insert(covered.frames.size());
    if (!covered.bands.empty()) first_bands.insert(covered.bands.front());
  }
  EXPECT_EQ(heights, (std::set<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(widths, (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_GE(first_bands.size(), 35U);
}

TEST(Mask, OfSizeZeroCoversNothing) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_TRUE(mask_of(40, 50, {.mask_frequency = 0, .mask_time = 6}, seed).bands.empty());
    EXPECT_TRUE(mask_of(40, 50, {.mask_frequency = 4, .mask_time = 0}, seed).frames.empty());
  }
}

TEST(Mask, LeavesHalfOfWhatIsSmall) {
  std::size_t most_frames = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Covered covered = mask_of(6, 5, {.mask_frequency = 100, .mask_time = 100}, seed);
    EXPECT_LE(covered.bands.size(), 3U);
    EXPECT_LE(covered.frames.size(), 2U);
    most_frames = std::max(most_frames, covered.frames.size());
  }
  EXPECT_EQ(most_frames, 2U);
  audio::Spectrogram one = any_spectrogram(1, 1);
  mask(one, {}, Random(1, RandomStream::kVariants));
  EXPECT_EQ(one.values, std::vector<float>{kLeast});
}

}  // namespace
}  // namespace melsweep::variants
