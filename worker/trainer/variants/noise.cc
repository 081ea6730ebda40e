#include "worker/trainer/variants/noise.h"

#include <cmath>
#include <cstdint>

namespace melsweep::variants {
namespace {

// Bell-shaped around 0 (Irwin and Hall): whole numbers, so that no rounding and no mathematical library
// shows.
double white(Random& random) {
  constexpr std::int64_t kMiddle = std::int64_t{2} * 0xFFFF;  // of four numbers from 0 to 0xFFFF
  const std::uint64_t bits = random.next();
  std::uint64_t sum = 0;
  for (int part = 0; part < 4; ++part) sum += (bits >> (16 * part)) & 0xFFFFU;
  return static_cast<double>(static_cast<std::int64_t>(sum) - kMiddle);
}

// Paul Kellet's filter for white noise ("instrumentation grade", 1999,
// https://www.firstpr.com.au/dsp/pink-noise): a sum of first-order low-passes within 0.05 dB of 1/f above
// 0.0002 of the sample rate, whatever that is.
class PinkFilter {
 public:
  double next(double white) {
    double sum = white * 0.5362 + delayed_;
    for (Pole& pole : poles_) {
      pole.state = pole.state * pole.feedback + white * pole.input;
      sum += pole.state;
    }
    delayed_ = white * 0.115926;
    return sum;
  }

 private:
  struct Pole {
    double feedback;
    double input;
    double state = 0.0;
  };
  Pole poles_[6] = {{0.99886, 0.0555179}, {0.99332, 0.0750759}, {0.96900, 0.1538520},
                    {0.86650, 0.3104856}, {0.55000, 0.5329522}, {-0.7616, -0.0168980}};
  double delayed_ = 0.0;
};

// A copy gives the same numbers again.
class NoiseSource {
 public:
  NoiseSource(NoiseColor color, const Random& random) : color_(color), random_(random) {
    if (color_ != NoiseColor::kPink) return;
    // Nine time constants of the slowest pole: what comes then does not know of a beginning.
    constexpr int kRunIn = 8192;
    for (int i = 0; i < kRunIn; ++i) next();
  }

  double next() {
    const double sample = white(random_);
    return color_ == NoiseColor::kPink ? filter_.next(sample) : sample;
  }

 private:
  NoiseColor color_;
  Random random_;
  PinkFilter filter_;
};

}  // namespace

void add_noise(std::span<float> samples, NoiseColor color, double snr_db, Random random) {
  NoiseSource source(color, random);
  NoiseSource again = source;
  double signal = 0.0;
  double noise = 0.0;
  for (const float sample : samples) {
    const double drawn = source.next();
    signal += static_cast<double>(sample) * static_cast<double>(sample);
    noise += drawn * drawn;
  }
  if (signal == 0.0 || noise == 0.0) return;
  // pow() differs in its last bit between mathematical libraries: rounded away.
  const auto scale = static_cast<float>(std::sqrt(signal / noise) * std::pow(10.0, -snr_db / 20.0));
  for (float& sample : samples)
    sample = static_cast<float>(static_cast<double>(sample) + static_cast<double>(scale) * again.next());
}

}  // namespace melsweep::variants
