#include "worker/trainer/audio/lane_spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "worker/trainer/audio/fft.h"
#include "worker/trainer/audio/stft.h"

namespace melsweep::audio {
namespace {

std::vector<float> noise(std::size_t size) {
  std::vector<float> samples(size);
  for (std::size_t n = 0; n < size; ++n) samples[n] = std::sin(static_cast<float>(n * n % 10007));
  return samples;
}

// FFTW's spectrum of one frame.
std::vector<double> reference(const std::vector<double>& window, const std::vector<float>& samples,
                              std::size_t hop, std::size_t index) {
  RealFft fft(window.size());
  for (std::size_t n = 0; n < window.size(); ++n) {
    const std::size_t at = index * hop + n;  // in the padded signal
    const std::size_t pad = window.size() / 2;
    const bool inside = at >= pad && at - pad < samples.size();
    fft.input()[n] = inside ? window[n] * static_cast<double>(samples[at - pad]) : 0.0;
  }
  fft.transform();
  std::vector<double> power;
  for (const std::complex<double>& value : fft.output()) power.push_back(std::norm(value));
  return power;
}

void expect_fftws_power(const SpectrumKernels& kernels, std::size_t n_fft, std::size_t hop) {
  SCOPED_TRACE(std::string(kernels.name) + ", n_fft " + std::to_string(n_fft) + ", hop " +
               std::to_string(hop));
  const std::vector<double> window = padded_hann(n_fft, n_fft);
  const std::vector<float> samples = noise(3 * n_fft + 5);
  LaneSpectrum lanes(window, hop, kernels);
  AlignedFloats power((n_fft / 2 + 1) * kFrameLanes);
  for (const std::size_t first : {0, 3}) {
    lanes.transform(samples, first, power);
    for (std::size_t lane = 0; lane < kFrameLanes; ++lane) {
      const std::vector<double> expected = reference(window, samples, hop, first + lane);
      for (std::size_t bin = 0; bin < expected.size(); ++bin) {
        ASSERT_NEAR(power[bin * kFrameLanes + lane], expected[bin], 1e-7 * expected[bin] + 1e-20)
            << "frame " << first + lane << ", bin " << bin;
      }
    }
  }
}

TEST(LaneSpectrum, EqualsFftwsInEveryInstructionSet) {
  for (const SpectrumKernels* const* kernels = runnable_spectrum_kernels(); *kernels != nullptr; ++kernels) {
    for (const std::size_t n_fft : {8, 16, 32, 64, 512, 1024, 2048}) {
      for (const std::size_t hop : {n_fft / 4, n_fft / 2 + 3, n_fft, 2 * n_fft + 1})
        expect_fftws_power(**kernels, n_fft, hop);
    }
  }
}

TEST(LaneSpectrum, GivesAFrameTheSameBitsInEveryLane) {
  constexpr std::size_t kSize = 256;
  LaneSpectrum lanes(padded_hann(kSize, kSize), 64);
  const std::vector<float> samples = noise(4096);
  AlignedFloats expected((kSize / 2 + 1) * kFrameLanes);
  lanes.transform(samples, 20, expected);
  AlignedFloats power(expected.size());
  for (std::size_t lane = 1; lane < kFrameLanes; ++lane) {
    lanes.transform(samples, 20 - lane, power);
    for (std::size_t bin = 0; bin <= kSize / 2; ++bin)
      ASSERT_EQ(power[bin * kFrameLanes + lane], expected[bin * kFrameLanes]) << lane << ", " << bin;
  }
}

TEST(LaneSpectrum, TakesPowersOfTwoOnly) {
  EXPECT_TRUE(LaneSpectrum::supports(8));
  EXPECT_TRUE(LaneSpectrum::supports(4096));
  EXPECT_FALSE(LaneSpectrum::supports(4));
  EXPECT_FALSE(LaneSpectrum::supports(1000));
}

}  // namespace
}  // namespace melsweep::audio
