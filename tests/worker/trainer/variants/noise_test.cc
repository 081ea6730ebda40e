#include "worker/trainer/variants/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>
#include <vector>

#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/audio/fft.h"

namespace melsweep::variants {
namespace {

constexpr NoiseColor kColors[] = {NoiseColor::kWhite, NoiseColor::kPink};

Random chance(std::uint64_t seed) {
  return {seed, RandomStream::kVariants};
}

// What was added to the samples.
std::vector<double> noise_in(const std::vector<float>& clean, NoiseColor color, double snr_db,
                             std::uint64_t seed) {
  std::vector<float> noisy = clean;
  add_noise(noisy, color, snr_db, chance(seed));
  std::vector<double> noise(clean.size());
  for (std::size_t i = 0; i < clean.size(); ++i)
    noise[i] = static_cast<double>(noisy[i]) - static_cast<double>(clean[i]);
  return noise;
}

template <class T>
double power(const std::vector<T>& samples) {
  double sum = 0.0;
  for (const T sample : samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return sum / static_cast<double>(samples.size());
}

TEST(AddNoise, HasTheRatioThatWasAskedFor) {
  const std::vector<float> loud = audio::sine(440.0, 22050, 22050, 0.9);
  const std::vector<float> quiet = audio::sine(3000.0, 22050, 777, 1e-4);
  for (const NoiseColor color : kColors) {
    for (const double snr_db : {-10.0, 0.0, 12.5, 20.0, 60.0}) {
      for (const auto* clean : {&loud, &quiet}) {
        const double measured = 10.0 * std::log10(power(*clean) / power(noise_in(*clean, color, snr_db, 5)));
        EXPECT_NEAR(measured, snr_db, 0.01);
      }
    }
  }
}

TEST(AddNoise, LeavesSilenceSilent) {
  for (const NoiseColor color : kColors) {
    std::vector<float> silence(1000, 0.0F);
    add_noise(silence, color, 20.0, chance(1));
    EXPECT_EQ(silence, std::vector<float>(1000, 0.0F));
    add_noise({}, color, 20.0, chance(1));
  }
}

TEST(AddNoise, DependsOnItsChanceAlone) {
  const std::vector<float> clean = audio::sine(440.0, 22050, 5000);
  for (const NoiseColor color : kColors) {
    EXPECT_EQ(noise_in(clean, color, 20.0, 1), noise_in(clean, color, 20.0, 1));
    EXPECT_NE(noise_in(clean, color, 20.0, 1), noise_in(clean, color, 20.0, 2));
  }
}

// The slope of the power density over frequency, in dB a decade, by least squares over a periodogram of 2^18
// samples that is averaged in bands of a sixth of an octave, from 0.001 to 0.45 of the sample rate.
double slope_of(NoiseColor color) {
  constexpr std::size_t kSize = std::size_t{1} << 18;
  const std::vector<float> clean(kSize, 1.0F);
  const std::vector<double> noise = noise_in(clean, color, 0.0, 3);
  audio::RealFft fft(kSize);
  std::copy(noise.begin(), noise.end(), fft.input().begin());
  fft.transform();
  std::vector<std::pair<double, double>> points;  // log10 of the frequency, dB
  for (double low = 0.001; low * std::exp2(1.0 / 6.0) < 0.45; low *= std::exp2(1.0 / 6.0)) {
    const auto first = static_cast<std::size_t>(low * kSize);
    const auto end = static_cast<std::size_t>(low * std::exp2(1.0 / 6.0) * kSize);
    double sum = 0.0;
    for (std::size_t bin = first; bin < end; ++bin) sum += std::norm(fft.output()[bin]);
    const double centre = 0.5 * static_cast<double>(first + end - 1) / kSize;
    points.emplace_back(std::log10(centre), 10.0 * std::log10(sum / static_cast<double>(end - first)));
  }
  double x = 0.0;
  double y = 0.0;
  for (const auto& [frequency, db] : points) {
    x += frequency / static_cast<double>(points.size());
    y += db / static_cast<double>(points.size());
  }
  double products = 0.0;
  double squares = 0.0;
  for (const auto& [frequency, db] : points) {
    products += (frequency - x) * (db - y);
    squares += (frequency - x) * (frequency - x);
  }
  return products / squares;
}

TEST(AddNoise, WhiteHasTheSamePowerInEveryHertz) {
  EXPECT_NEAR(slope_of(NoiseColor::kWhite), 0.0, 0.2);
}

TEST(AddNoise, PinkFallsByTenDecibelsADecade) {
  EXPECT_NEAR(slope_of(NoiseColor::kPink), -10.0, 0.2);
}

TEST(AddNoise, IsAsStrongAtTheBeginningAsLater) {
  const std::vector<float> clean(20000, 1.0F);
  for (const NoiseColor color : kColors) {
    double first = 0.0;
    double later = 0.0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const std::vector<double> noise = noise_in(clean, color, 0.0, seed);
      first += noise[0] * noise[0];
      later += noise[15000] * noise[15000];
    }
    EXPECT_NEAR(10.0 * std::log10(first / later), 0.0, 2.5);  // five deviations
  }
}

}  // namespace
}  // namespace melsweep::variants
