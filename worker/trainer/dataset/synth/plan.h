// What a generated data set is made of, before any sound is made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worker/trainer/dataset/synth/wave_writer.h"

namespace melsweep::synth {

inline constexpr int kFolds = 10;
inline constexpr int kMinClips = 20;
inline constexpr int kMaxClips = 100'000;

// A recording, of which the clips are slices: one place, one machine or creature, one microphone.
struct Recording {
  std::int64_t fs_id = 0;  // unique
  int class_id = 0;
  int fold = 0;  // 1 .. kFolds, for all of its slices
  std::uint64_t seed = 0;
  WaveFormat format;
  double snr_db = 0.0;         // the class's own sound above the street
  int background_class = -1;   // another class, heard faintly; -1 = none
  double background_db = 0.0;  // below the class's own sound
};

struct Slice {
  Recording recording;
  int number = 0;        // 0-based within the recording
  double start_s = 0.0;  // in the recording
  double end_s = 0.0;

  // UrbanSound8K's "<fsID>-<classID>-<occurrence>-<slice>.wav"
  std::string file_name() const;
  int salience() const;  // 1 = foreground, 2 = background
};

// `clips` slices in [kMinClips, kMaxClips], sorted by recording and number: car_horn and gun_shot about
// half as many as each of the others. From 171 clips on every class stands in every fold; below, the rare
// ones do not, but every class stands in folds 1 to 8 from the smallest set on. The same arguments give the
// same plan.
std::vector<Slice> make_plan(int clips, std::uint64_t seed);

}  // namespace melsweep::synth
