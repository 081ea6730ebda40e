#include "worker/trainer/audio/mel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace melsweep::audio {
namespace {

constexpr MelRange kWholeRange{.fmin = 0.0, .fmax = 11025.0};

// Where the triangle of a band of librosa's default bank begins, in Hz; 0 .. 129.
double corner(std::size_t index) {
  return mel_to_hz(hz_to_mel(11025.0) * static_cast<double>(index) / 129.0);
}

TEST(MelScale, IsLinearBelow1000HzAndLogarithmicAbove) {
  EXPECT_DOUBLE_EQ(hz_to_mel(0.0), 0.0);
  EXPECT_NEAR(hz_to_mel(60.0), 0.9, 1e-9);   // librosa's documentation
  EXPECT_NEAR(hz_to_mel(440.0), 6.6, 1e-9);  // librosa's documentation
  EXPECT_NEAR(hz_to_mel(1000.0), 15.0, 1e-9);
  EXPECT_NEAR(hz_to_mel(6400.0), 42.0, 1e-9);  // 27 steps to 6.4 times 1000 Hz
  EXPECT_NEAR(mel_to_hz(3.0), 200.0, 1e-9);    // librosa's documentation
}

TEST(MelScale, InvertsItself) {
  for (double hz = 0.0; hz < 20000.0; hz += 37.0) EXPECT_NEAR(mel_to_hz(hz_to_mel(hz)), hz, 1e-8);
}

TEST(MelFilterBank, IsTrianglesOfUnitArea) {
  // 2^15 bins make the sum over a triangle close to its integral.
  const MelFilterBank bank(22050, 1 << 16, 128, kWholeRange);
  for (std::size_t band = 0; band < bank.bands(); ++band) {
    double area = 0.0;
    for (std::size_t bin = 0; bin <= (1 << 15); ++bin) area += bank.weight(band, bin) * 22050.0 / (1 << 16);
    EXPECT_NEAR(area, 1.0, 1e-3) << band;
  }
}

TEST(MelFilterBank, PeaksAtItsMiddleCornerAndEndsAtItsNeighbours) {
  const std::size_t n_fft = 1 << 16;
  const MelFilterBank bank(22050, n_fft, 128, kWholeRange);
  const auto bin_of = [&](double hz) {
    return static_cast<std::size_t>(hz / 22050.0 * static_cast<double>(n_fft) + 0.5);
  };
  for (const std::size_t band : {0U, 40U, 127U}) {
    const double height = 2.0 / (corner(band + 2) - corner(band));
    EXPECT_NEAR(bank.weight(band, bin_of(corner(band + 1))), height, 0.05 * height);
    EXPECT_EQ(bank.weight(band, bin_of(corner(band + 2)) + 1), 0.0F);
    EXPECT_TRUE(band == 0 || bank.weight(band, bin_of(corner(band)) - 1) == 0.0F);
  }
}

TEST(MelFilterBank, AppliesTheWeightsOfItsBandOnly) {
  const MelFilterBank bank(22050, 2048, 128, kWholeRange);
  std::vector<float> power(1025 * kFrameLanes, 0.0F);
  power[500 * kFrameLanes + 2] = 3.0F;
  for (std::size_t band = 0; band < bank.bands(); ++band) {
    const std::array<float, kFrameLanes> sums = bank.apply(band, power);
    EXPECT_FLOAT_EQ(sums[2], 3.0F * bank.weight(band, 500)) << band;
    EXPECT_EQ(sums[1], 0.0F) << "another frame's power";
  }
}

TEST(MelFilterBank, LeavesOutWhatLiesOutsideItsRange) {
  const MelFilterBank bank(22050, 2048, 40, {.fmin = 300.0, .fmax = 4000.0});
  for (std::size_t bin = 0; bin < 1025; ++bin) {
    const double hz = static_cast<double>(bin) * 22050.0 / 2048.0;
    float sum = 0.0F;
    for (std::size_t band = 0; band < bank.bands(); ++band) sum += bank.weight(band, bin);
    EXPECT_EQ(sum > 0.0F, hz > 300.0 && hz < 4000.0) << hz << " Hz";
  }
}

TEST(MelFilterBank, HasEmptyBandsWhereNoBinFallsIntoATriangle) {
  const MelFilterBank bank(22050, 64, 33, kWholeRange);
  const std::vector<float> power(33 * kFrameLanes, 1.0F);
  EXPECT_EQ(bank.apply(0, power)[0], 0.0F);
  EXPECT_GT(bank.apply(32, power)[0], 0.0F);
}

}  // namespace
}  // namespace melsweep::audio
