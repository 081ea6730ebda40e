// One channel of sound being made, and what the sources draw on it with. Times are seconds from the track's
// beginning, frequencies Hz, levels linear amplitudes. What lies outside of the track or above its Nyquist
// frequency is left out.
#pragma once

#include <functional>
#include <vector>

#include "worker/trainer/dataset/synth/random.h"

namespace melsweep::synth {

struct Track {
  double rate = 0.0;  // samples per second
  std::vector<double> samples;

  Track(double sample_rate, double duration_s);
  double duration_s() const { return static_cast<double>(samples.size()) / rate; }
};

// A value over time, in seconds since the event began.
using Curve = std::function<double(double)>;

struct Event {
  double begin_s = 0.0;
  double end_s = 0.0;
};

// A sum of harmonics of one gliding frequency.
struct Tone {
  Curve frequency;
  Curve level;
  std::vector<double> harmonics;  // amplitudes from the fundamental up
};

void add_tone(Track& track, const Event& event, const Tone& tone);
void add_noise(Track& track, const Event& event, const Curve& level, Random& random);  // white
void add(Track& track, const Track& other, double gain);                               // of the same rate

// Amplitudes k^-rolloff for k = 1 .. count.
std::vector<double> falling_harmonics(int count, double rolloff);

Curve constant(double value);
Curve decay(double level, double time_constant_s);
// Rises in `attack_s`, holds 1, falls in `release_s` before `duration_s`.
Curve swell(double duration_s, double attack_s, double release_s);

// Second-order filters (Bristow-Johnson's Audio EQ Cookbook), over the whole track.
void low_pass(Track& track, double cutoff_hz, double q = 0.7071);
void high_pass(Track& track, double cutoff_hz, double q = 0.7071);
void band_pass(Track& track, double centre_hz, double q);  // 0 dB at the centre

// The track through parallel band-passes, summed.
struct Formant {
  double centre_hz = 0.0;
  double q = 0.0;
  double gain = 0.0;
};
Track through_formants(const Track& track, const std::vector<Formant>& formants);

// Root mean square of the loudest quarter of a second: how loud the track seems, pauses or not. 0 for
// silence.
double loudness(const Track& track);

// Scales to loudness 1; silence stays.
void normalize(Track& track);

}  // namespace melsweep::synth
