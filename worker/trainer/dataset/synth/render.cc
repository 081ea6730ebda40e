#include "worker/trainer/dataset/synth/render.h"

#include <algorithm>
#include <cmath>

#include "worker/trainer/dataset/synth/random.h"
#include "worker/trainer/dataset/synth/sources.h"
#include "worker/trainer/dataset/synth/track.h"

namespace melsweep::synth {
namespace {

// Streams of chance, so that no part of a clip shifts another's.
enum Stream : std::uint64_t { kSource = 10, kBackground, kStreet, kStage };

Chances chances_for(const Slice& slice, std::uint64_t stream, std::uint64_t variant = 0) {
  const auto number = static_cast<std::uint64_t>(slice.number);
  return {.recording = Random({slice.recording.seed, stream}),
          .slice = Random({slice.recording.seed, stream, number, variant})};
}

double amplitude(double decibels) {
  return std::pow(10.0, decibels / 20.0);
}

Track empty_track(const Slice& slice) {
  return {static_cast<double>(slice.recording.format.sample_rate), slice.end_s - slice.start_s};
}

Track sound_of(int class_id, const Slice& slice, Stream stream) {
  Track track = empty_track(slice);
  kSources[static_cast<std::size_t>(class_id)].add(chances_for(slice, stream), track);
  normalize(track);
  return track;
}

// The scene as one microphone hears it: all that makes sound but the street, `delay` samples late.
struct Microphone {
  double gain = 1.0;
  std::size_t delay = 0;
  std::uint64_t number = 0;
};

Track heard(const Slice& slice, const Track& scene, const Microphone& microphone) {
  Track track = empty_track(slice);
  for (std::size_t i = microphone.delay; i < track.samples.size(); ++i) {
    track.samples[i] = microphone.gain * scene.samples[i - microphone.delay];
  }
  Track street = empty_track(slice);
  street_noise(chances_for(slice, kStreet, microphone.number), street);
  normalize(street);
  add(track, street, amplitude(-slice.recording.snr_db));
  return track;
}

}  // namespace

std::vector<float> render(const Slice& slice) {
  const Recording& recording = slice.recording;
  Track scene = sound_of(recording.class_id, slice, kSource);
  if (recording.background_class >= 0) {
    add(scene, sound_of(recording.background_class, slice, kBackground), amplitude(-recording.background_db));
  }
  Random stage({recording.seed, kStage});
  const double pan = stage.uniform(0.15, 0.85);
  const auto delay = static_cast<std::size_t>(stage.uniform(0.0, 0.0006) * recording.format.sample_rate);
  const double peak = stage.uniform(0.25, 0.95);
  std::vector<Track> channels = {heard(slice, scene, {.gain = 1.0, .delay = 0, .number = 0})};
  if (recording.format.channels == 2) {
    const double left = std::sqrt(2.0 * (1.0 - pan));
    const double right = std::sqrt(2.0 * pan);
    channels = {heard(slice, scene, {.gain = left, .delay = pan > 0.5 ? delay : 0, .number = 0}),
                heard(slice, scene, {.gain = right, .delay = pan > 0.5 ? 0 : delay, .number = 1})};
  }
  double loudest = 0.0;
  for (const Track& track : channels) {
    for (const double sample : track.samples) loudest = std::max(loudest, std::abs(sample));
  }
  const double scale = loudest > 0.0 ? peak / loudest : 0.0;
  std::vector<float> interleaved;
  interleaved.reserve(channels.size() * channels.front().samples.size());
  for (std::size_t i = 0; i < channels.front().samples.size(); ++i) {
    for (const Track& track : channels) interleaved.push_back(static_cast<float>(scale * track.samples[i]));
  }
  return interleaved;
}

}  // namespace melsweep::synth
