#include "worker/trainer/dataset/synth/track.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace melsweep::synth {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;

struct SampleRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

SampleRange range_of(const Track& track, const Event& event) {
  const auto index = [&](double time_s) {
    const double last = static_cast<double>(track.samples.size());
    return static_cast<std::size_t>(std::clamp(std::round(time_s * track.rate), 0.0, last));
  };
  return {.begin = index(event.begin_s), .end = index(event.end_s)};
}

// The harmonics at one phase, by the recurrence sin(k x) = 2 cos(x) sin((k - 1) x) - sin((k - 2) x).
double harmonic_sum(double phase, const std::vector<double>& amplitudes, std::size_t count) {
  const double twice_cosine = 2.0 * std::cos(phase);
  double before = 0.0;
  double now = std::sin(phase);
  double sum = 0.0;
  for (std::size_t k = 0; k < count; ++k) {
    sum += amplitudes[k] * now;
    before = std::exchange(now, twice_cosine * now - before);
  }
  return sum;
}

struct Biquad {
  double b0, b1, b2, a1, a2;  // a0 = 1

  void run(std::vector<double>& samples) const {
    double s1 = 0.0;
    double s2 = 0.0;
    for (double& sample : samples) {
      const double out = b0 * sample + s1;
      s1 = b1 * sample - a1 * out + s2;
      s2 = b2 * sample - a2 * out;
      sample = out;
    }
  }
};

// What all of the cookbook's filters share.
struct Corner {
  double cosine, alpha;

  Corner(const Track& track, double frequency_hz, double q) {
    const double omega = kTau * std::min(frequency_hz, 0.45 * track.rate) / track.rate;
    cosine = std::cos(omega);
    alpha = std::sin(omega) / (2.0 * q);
  }
  Biquad with(double b0, double b1, double b2) const {
    const double a0 = 1.0 + alpha;
    return {b0 / a0, b1 / a0, b2 / a0, -2.0 * cosine / a0, (1.0 - alpha) / a0};
  }
};

}  // namespace

Track::Track(double sample_rate, double duration_s)
    : rate(sample_rate), samples(static_cast<std::size_t>(std::llround(sample_rate * duration_s)), 0.0) {}

void add_tone(Track& track, const Event& event, const Tone& tone) {
  const SampleRange range = range_of(track, event);
  const double limit = 0.47 * track.rate;
  double phase = 0.0;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const double time = static_cast<double>(i) / track.rate - event.begin_s;
    const double frequency = std::max(tone.frequency(time), 1.0);
    const auto audible = static_cast<std::size_t>(limit / frequency);
    phase = std::fmod(phase + kTau * frequency / track.rate, kTau);
    track.samples[i] +=
        tone.level(time) * harmonic_sum(phase, tone.harmonics, std::min(audible, tone.harmonics.size()));
  }
}

void add_noise(Track& track, const Event& event, const Curve& level, Random& random) {
  const SampleRange range = range_of(track, event);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const double time = static_cast<double>(i) / track.rate - event.begin_s;
    track.samples[i] += level(time) * random.uniform(-1.0, 1.0);
  }
}

void add(Track& track, const Track& other, double gain) {
  const std::size_t count = std::min(track.samples.size(), other.samples.size());
  for (std::size_t i = 0; i < count; ++i) track.samples[i] += gain * other.samples[i];
}

std::vector<double> falling_harmonics(int count, double rolloff) {
  std::vector<double> amplitudes;
  for (int k = 1; k <= count; ++k) amplitudes.push_back(std::pow(k, -rolloff));
  return amplitudes;
}

Curve constant(double value) {
  return [=](double) { return value; };
}

Curve decay(double level, double time_constant_s) {
  return [=](double time) { return level * std::exp(-time / time_constant_s); };
}

Curve swell(double duration_s, double attack_s, double release_s) {
  return [=](double time) {
    return std::clamp(std::min(time / attack_s, (duration_s - time) / release_s), 0.0, 1.0);
  };
}

void low_pass(Track& track, double cutoff_hz, double q) {
  const Corner corner(track, cutoff_hz, q);
  const double b1 = 1.0 - corner.cosine;
  corner.with(b1 / 2.0, b1, b1 / 2.0).run(track.samples);
}

void high_pass(Track& track, double cutoff_hz, double q) {
  const Corner corner(track, cutoff_hz, q);
  const double b1 = -(1.0 + corner.cosine);
  corner.with(-b1 / 2.0, b1, -b1 / 2.0).run(track.samples);
}

void band_pass(Track& track, double centre_hz, double q) {
  const Corner corner(track, centre_hz, q);
  corner.with(corner.alpha, 0.0, -corner.alpha).run(track.samples);
}

Track through_formants(const Track& track, const std::vector<Formant>& formants) {
  Track sum(track.rate, 0.0);
  sum.samples.assign(track.samples.size(), 0.0);
  for (const Formant& formant : formants) {
    Track band = track;
    band_pass(band, formant.centre_hz, formant.q);
    add(sum, band, formant.gain);
  }
  return sum;
}

double loudness(const Track& track) {
  const auto window = static_cast<std::size_t>(std::max(1.0, track.rate / 4.0));
  double loudest = 0.0;
  for (std::size_t begin = 0; begin < track.samples.size(); begin += window) {
    const std::size_t end = std::min(begin + window, track.samples.size());
    double power = 0.0;
    for (std::size_t i = begin; i < end; ++i) power += track.samples[i] * track.samples[i];
    loudest = std::max(loudest, power / static_cast<double>(window));
  }
  return std::sqrt(loudest);
}

void normalize(Track& track) {
  const double level = loudness(track);
  if (level <= 0.0) return;
  for (double& sample : track.samples) sample /= level;
}

}  // namespace melsweep::synth
