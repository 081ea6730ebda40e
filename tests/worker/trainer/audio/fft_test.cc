#include "worker/trainer/audio/fft.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <thread>
#include <vector>

namespace melsweep::audio {
namespace {

// The definition, in double precision.
std::complex<double> fourier(const std::vector<float>& signal, std::size_t bin) {
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < signal.size(); ++n) {
    const double phase =
        -2.0 * std::numbers::pi * static_cast<double>(bin * n) / static_cast<double>(signal.size());
    sum += static_cast<double>(signal[n]) * std::polar(1.0, phase);
  }
  return sum;
}

double worst_error(std::size_t size) {
  std::vector<float> signal(size);
  for (std::size_t n = 0; n < size; ++n) signal[n] = std::sin(static_cast<float>(n * n)) + 0.25F;
  RealFft fft(size);
  std::copy(signal.begin(), signal.end(), fft.input().begin());
  fft.transform();
  double worst = fft.output().size() == size / 2 + 1 ? 0.0 : 1e9;
  for (std::size_t bin = 0; bin < fft.output().size(); ++bin) {
    worst = std::max(worst, std::abs(fft.output()[bin] - fourier(signal, bin)));
  }
  return worst;
}

TEST(RealFft, EqualsTheDefinitionForEvenOddAndTinySizes) {
  for (const std::size_t size : {1, 2, 7, 96, 255, 1024}) EXPECT_LT(worst_error(size), 1e-10) << size;
}

TEST(RealFft, IsPlannedAndRunOnManyThreadsAtOnce) {
  std::vector<double> errors(8, 1e9);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < errors.size(); ++i) {
      threads.emplace_back([&errors, i] { errors[i] = worst_error(100 + i); });
    }
  }
  for (const double error : errors) EXPECT_LT(error, 1e-10);
}

}  // namespace
}  // namespace melsweep::audio
