// Sources with a throat or a tune: children, dogs, street musicians.
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "worker/trainer/dataset/synth/sources.h"

namespace melsweep::synth {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;

double semitones(double count) {
  return std::pow(2.0, count / 12.0);
}

// One child: syllables that glide, with pauses.
Track child(Random& recording, Random& slice, double rate, double duration_s) {
  const double pitch = recording.uniform(260.0, 520.0);
  const std::vector<Formant> throat = {{recording.uniform(500.0, 1000.0), 3.0, 1.0},
                                       {recording.uniform(1500.0, 2800.0), 5.0, 0.7},
                                       {recording.uniform(3200.0, 4200.0), 6.0, 0.3}};
  Track voice(rate, duration_s);
  for (double time = slice.uniform(0.0, 0.8); time < duration_s;) {
    const double length = slice.uniform(0.1, 0.5);
    const double from = pitch * slice.uniform(0.8, 1.4);
    const double to = from * (slice.chance(0.15) ? slice.uniform(1.4, 2.0) : slice.uniform(0.75, 1.25));
    const double force = slice.uniform(0.3, 1.0);
    const Curve swelling = swell(length, 0.04, 0.08);
    add_tone(voice, {time, time + length},
             {[=](double t) {
                return from * std::pow(to / from, t / length) * (1.0 + 0.015 * std::sin(kTau * 6.0 * t));
              },
              [=](double t) { return force * swelling(t); }, falling_harmonics(16, 0.8)});
    time += length + (slice.chance(0.25) ? slice.uniform(0.3, 1.2) : slice.uniform(0.02, 0.15));
  }
  return through_formants(voice, throat);
}

// A kick on each beat and a hi-hat between.
void add_beats(Random& slice, Track& track, double beat_s, double begin_s, double level) {
  Track hats(track.rate, track.duration_s());
  double time = begin_s;
  while (time < track.duration_s()) {
    add_tone(track, {time, time + 0.2},
             {[](double t) { return 45.0 + 90.0 * std::exp(-t / 0.03); }, decay(level, 0.07), {1.0}});
    add_noise(hats, {time + beat_s / 2.0, time + beat_s / 2.0 + 0.08}, decay(0.5 * level, 0.02), slice);
    time += beat_s;
  }
  high_pass(hats, 5000.0);
  add(track, hats, 1.0);
}

void add_note(Track& track, const Event& event, double pitch_hz, double level, double rolloff) {
  const Curve shape = swell(event.end_s - event.begin_s, 0.015, 0.1);
  add_tone(track, event,
           {[=](double t) { return pitch_hz * (1.0 + 0.006 * std::sin(kTau * 5.5 * t)); },
            [=](double t) { return level * shape(t) * (0.5 + 0.5 * std::exp(-2.0 * t)); },
            falling_harmonics(10, rolloff)});
}

}  // namespace

void children_playing(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const int children = recording.integer(3, 6);
  for (int i = 0; i < children; ++i) {
    const double nearness = recording.uniform(0.25, 1.0);
    Track voice = child(recording, slice, track.rate, track.duration_s());
    add(track, voice, nearness);
  }
}

void dog_bark(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  const double pitch = recording.uniform(330.0, 900.0);
  const double drop = recording.uniform(0.4, 0.75);
  const double breath = recording.uniform(0.2, 0.9);
  const double length = recording.uniform(0.08, 0.24);
  const double spacing = recording.uniform(0.25, 0.9);
  const std::vector<Formant> throat = {{recording.uniform(500.0, 1300.0), 2.5, 1.0},
                                       {recording.uniform(1500.0, 3000.0), 3.0, 0.7}};
  const std::vector<double> harmonics = falling_harmonics(14, 0.6);
  Track barks(track.rate, track.duration_s());
  const int count = slice.integer(1, 6);
  double time = slice.uniform(0.0, 0.15 * track.duration_s());
  for (int bark = 0; bark < count && time < track.duration_s(); ++bark) {
    const double start = pitch * slice.uniform(0.9, 1.1);
    const Curve level = swell(length, 0.015, 0.6 * length);
    add_tone(barks, {time, time + length},
             {[=](double t) { return start * (1.0 - (1.0 - drop) * t / length); }, level, harmonics});
    add_noise(
        barks, {time, time + length}, [=](double t) { return breath * level(t); }, slice);
    time += length + spacing * slice.uniform(0.7, 1.5);
  }
  add(track, through_formants(barks, throat), 1.0);
}

void street_music(Chances chances, Track& track) {
  auto& [recording, slice] = chances;
  constexpr std::array<int, 7> kMajorScale = {0, 2, 4, 5, 7, 9, 11};
  constexpr std::array<int, 4> kChords = {0, 4, 5, 3};  // I V vi IV, in degrees of the scale
  const double root = recording.uniform(110.0, 240.0);
  const double beat = 60.0 / recording.uniform(75.0, 150.0);
  const double rolloff = recording.uniform(0.8, 1.8);
  const double drums = recording.chance(0.6) ? recording.uniform(0.3, 1.5) : 0.0;
  const double melody = recording.uniform(0.2, 0.9);
  const auto degree = [&](int number) {
    const int octave = number / 7;
    return root * semitones(kMajorScale[static_cast<std::size_t>(number % 7)] + 12.0 * octave);
  };
  int chord = slice.integer(0, 3);
  const double begin = -slice.uniform(0.0, 2.0 * beat);
  double time = begin;
  while (time < track.duration_s()) {
    const int base = kChords[static_cast<std::size_t>(chord++ % 4)];
    for (const int third : {0, 2, 4})
      add_note(track, {time, time + 2.0 * beat}, degree(base + third), 0.4, rolloff);
    double note = time;
    while (note < time + 2.0 * beat) {
      const double length = beat * (slice.chance(0.5) ? 0.5 : 1.0);
      add_note(track, {note, note + length}, 2.0 * degree(base + 2 * slice.integer(0, 3)), melody, rolloff);
      note += length;
    }
    time += 2.0 * beat;
  }
  if (drums > 0.0) add_beats(slice, track, beat, begin, drums);
}

}  // namespace melsweep::synth
