// Sources that run on: air conditioner, drill, engine, jackhammer, and the street itself.
#include <cmath>
#include <numbers>

#include "worker/trainer/dataset/synth/sources.h"

namespace melsweep::synth {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;

Event whole(const Track& track) {
  return {.begin_s = 0.0, .end_s = track.duration_s()};
}

Curve throb(double rate_hz, double depth, double phase) {
  return [=](double time) { return 1.0 + depth * std::sin(kTau * rate_hz * time + phase); };
}

}  // namespace

void air_conditioner(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double cutoff = recording.uniform(350.0, 2600.0);
  const double hum = recording.chance(0.5) ? 100.0 : 120.0;
  const double hum_level = recording.uniform(0.02, 0.3);
  const double blades = recording.uniform(90.0, 260.0);
  const double flutter_hz = recording.uniform(2.0, 9.0);
  const double flutter_depth = recording.uniform(0.0, 0.3);
  const Curve flutter = throb(flutter_hz, flutter_depth, slice.uniform(0.0, kTau));
  Track air(track.rate, track.duration_s());
  add_noise(air, whole(air), flutter, slice);
  low_pass(air, cutoff);
  low_pass(air, 2.5 * cutoff);
  normalize(air);
  add(track, air, 1.0);
  add_tone(track, whole(track), {constant(hum), constant(hum_level), falling_harmonics(6, 0.9)});
  add_tone(track, whole(track), {constant(blades), constant(0.6 * hum_level), falling_harmonics(4, 1.2)});
}

void drilling(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double speed = recording.uniform(110.0, 330.0);
  const double droop = recording.uniform(0.02, 0.2);
  const double hiss_level = recording.uniform(0.3, 1.4);
  const double bite_hz = recording.uniform(1500.0, 4500.0);
  const bool hammers = recording.chance(0.35);
  const Curve blows = throb(recording.uniform(22.0, 45.0), hammers ? 0.8 : 0.0, slice.uniform(0.0, kTau));
  const double begin = slice.chance(0.3) ? slice.uniform(0.0, 0.3 * track.duration_s()) : 0.0;
  const double end = slice.chance(0.3) ? track.duration_s() * slice.uniform(0.7, 1.0) : track.duration_s();
  const Event event{.begin_s = begin, .end_s = end};
  const Curve gate = swell(end - begin, 0.15, 0.1);
  const double load_hz = slice.uniform(0.2, 0.8);
  const Curve level = [=](double time) { return gate(time) * blows(time); };
  const Curve frequency = [=](double time) {
    return speed * (0.4 + 0.6 * std::min(1.0, time / 0.15 + 0.2)) *
           (1.0 - droop * std::pow(std::sin(load_hz * time), 2));
  };
  Track motor(track.rate, track.duration_s());
  add_tone(motor, event, {frequency, level, falling_harmonics(24, recording.uniform(0.3, 0.8))});
  normalize(motor);
  Track hiss(track.rate, track.duration_s());
  add_noise(hiss, event, level, slice);
  high_pass(hiss, bite_hz);
  normalize(hiss);
  add(track, motor, 1.0);
  add(track, hiss, hiss_level);
}

void engine_idling(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double firing = recording.uniform(18.0, 48.0);
  const double unevenness = recording.uniform(0.1, 0.5);
  const double hunting = recording.uniform(0.005, 0.04);
  const double rattle_level = recording.uniform(0.1, 0.7);
  const Curve level = throb(firing / 4.0, unevenness, slice.uniform(0.0, kTau));
  const double hunting_hz = recording.uniform(0.3, 1.2);
  const Curve frequency = [=](double time) {
    return firing * (1.0 + hunting * std::sin(kTau * hunting_hz * time));
  };
  Track engine(track.rate, track.duration_s());
  add_tone(engine, whole(engine), {frequency, level, falling_harmonics(48, recording.uniform(0.5, 1.1))});
  Track body = engine;
  band_pass(body, recording.uniform(80.0, 260.0), 1.5);
  normalize(engine);
  normalize(body);
  Track rattle(track.rate, track.duration_s());
  add_noise(rattle, whole(rattle), throb(firing, 0.7, slice.uniform(0.0, kTau)), slice);
  low_pass(rattle, recording.uniform(500.0, 2500.0));
  normalize(rattle);
  add(track, engine, 0.6);
  add(track, body, 0.8);
  add(track, rattle, rattle_level);
}

void jackhammer(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double blows_hz = recording.uniform(14.0, 30.0);
  const double ring_hz = recording.uniform(700.0, 3200.0);
  const double ring_s = recording.uniform(0.004, 0.014);
  const double thump_hz = recording.uniform(60.0, 130.0);
  const double hiss_level = recording.uniform(0.05, 0.6);
  const double thump_level = recording.uniform(0.2, 0.8);
  const double pause = slice.chance(0.35) ? slice.uniform(0.2, 0.8) * track.duration_s() : track.duration_s();
  Track blows(track.rate, track.duration_s());
  Track thumps(track.rate, track.duration_s());
  for (double time = slice.uniform(0.0, 1.0 / blows_hz); time < track.duration_s();) {
    if (time < pause || time > pause + 0.5) {
      const double force = slice.uniform(0.6, 1.0);
      add_noise(blows, {time, time + 6.0 * ring_s}, decay(force, ring_s), slice);
      add_tone(thumps, {time, time + 0.03}, {constant(thump_hz), decay(force, 0.01), {1.0}});
    }
    time += slice.uniform(0.95, 1.05) / blows_hz;
  }
  Track ringing =
      through_formants(blows, {{ring_hz, 3.0, 1.0}, {2.3 * ring_hz, 4.0, 0.6}, {0.5 * ring_hz, 1.0, 0.5}});
  normalize(ringing);
  normalize(thumps);
  Track hiss(track.rate, track.duration_s());
  add_noise(hiss, whole(hiss), throb(blows_hz, 0.5, 0.0), slice);
  high_pass(hiss, 1200.0);
  normalize(hiss);
  add(track, ringing, 1.0);
  add(track, thumps, thump_level);
  add(track, hiss, hiss_level);
}

void street_noise(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double cutoff = recording.uniform(250.0, 1500.0);
  const double passing_hz = slice.uniform(0.05, 0.3);
  Track traffic(track.rate, track.duration_s());
  add_noise(traffic, whole(traffic), throb(passing_hz, 0.5, slice.uniform(0.0, kTau)), slice);
  low_pass(traffic, cutoff);
  normalize(traffic);
  Track air(track.rate, track.duration_s());
  add_noise(air, whole(air), constant(1.0), slice);
  low_pass(air, 6000.0);
  normalize(air);
  add(track, traffic, 1.0);
  add(track, air, recording.uniform(0.05, 0.35));
}

}  // namespace melsweep::synth
