// Sources that happen: horn, gun shot, siren.
#include <cmath>
#include <numbers>

#include "worker/trainer/dataset/synth/sources.h"

namespace melsweep::synth {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;

}  // namespace

void car_horn(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double low = recording.uniform(310.0, 470.0);
  const double high = low * recording.uniform(1.17, 1.3);
  const std::vector<double> harmonics = falling_harmonics(18, recording.uniform(0.3, 0.9));
  const double balance = recording.uniform(0.5, 1.0);
  double time = slice.uniform(0.0, 0.25 * track.duration_s());
  while (time < track.duration_s()) {
    const double length = slice.chance(0.4) ? slice.uniform(0.12, 0.35) : slice.uniform(0.5, 2.0);
    const Event honk{.begin_s = time, .end_s = time + length};
    const Curve level = swell(length, 0.02, 0.04);
    add_tone(track, honk, {constant(low), level, harmonics});
    add_tone(track, honk, {constant(high), [=](double t) { return balance * level(t); }, harmonics});
    time += length + slice.uniform(0.08, 1.2);
  }
}

void gun_shot(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double crack_s = recording.uniform(0.015, 0.09);
  const double thump_hz = recording.uniform(55.0, 150.0);
  const double bright_hz = recording.uniform(2000.0, 9000.0);
  const double echo_delay = recording.uniform(0.08, 0.45);
  const double echo_level = recording.uniform(0.1, 0.5);
  const double room_s = recording.uniform(0.15, 0.7);
  const bool automatic = recording.chance(0.25);
  const int shots = automatic ? slice.integer(3, 8) : slice.integer(1, 3);
  double time = slice.uniform(0.02, 0.2) * track.duration_s();
  Track cracks(track.rate, track.duration_s());
  Track echoes(track.rate, track.duration_s());
  for (int shot = 0; shot < shots; ++shot) {
    const double force = slice.uniform(0.7, 1.0);
    add_noise(cracks, {time, time + 8.0 * crack_s}, decay(force, crack_s), slice);
    const Curve falling = [=](double t) { return thump_hz * (0.5 + std::exp(-t / 0.05)); };
    add_tone(cracks, {time, time + 0.3}, {falling, decay(0.8 * force, 0.06), {1.0}});
    for (int echo = 1; echo <= 3; ++echo) {
      const double begin = time + echo * echo_delay * slice.uniform(0.9, 1.1);
      add_noise(echoes, {begin, begin + 4.0 * room_s}, decay(force * std::pow(echo_level, echo), room_s),
                slice);
    }
    time += automatic ? slice.uniform(0.08, 0.12) : slice.uniform(0.4, 1.5);
  }
  low_pass(cracks, bright_hz);
  low_pass(echoes, 0.3 * bright_hz);
  add(track, cracks, 1.0);
  add(track, echoes, 1.0);
}

void siren(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  enum Kind { kWail, kYelp, kTwoTones };
  const int kind = recording.integer(kWail, kTwoTones);
  const double low = recording.uniform(420.0, 800.0);
  const double high = low * recording.uniform(1.3, 2.3);
  const double period = kind == kWail   ? recording.uniform(2.5, 7.0)
                        : kind == kYelp ? recording.uniform(0.25, 0.6)
                                        : recording.uniform(0.8, 1.4);
  const double offset = slice.uniform(0.0, period);
  const Curve frequency = [=](double time) {
    const double wave = std::cos(kTau * (time + offset) / period);
    const double place = kind == kTwoTones ? 0.5 + 0.5 * std::tanh(12.0 * wave) : 0.5 - 0.5 * wave;
    return low * std::pow(high / low, place);
  };
  const double distance_hz = slice.uniform(0.05, 0.25);
  const double distance_phase = slice.uniform(0.0, kTau);
  const Curve level = [=](double time) {
    return 1.0 + 0.5 * std::sin(kTau * distance_hz * time + distance_phase);
  };
  add_tone(track, {0.0, track.duration_s()},
           {frequency, level, falling_harmonics(8, recording.uniform(0.9, 2.0))});
}

}  // namespace melsweep::synth
