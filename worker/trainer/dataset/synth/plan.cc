#include "worker/trainer/dataset/synth/plan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "worker/trainer/dataset/synth/random.h"
#include "worker/trainer/dataset/synth/sources.h"

namespace melsweep::synth {
namespace {

constexpr int kClasses = static_cast<int>(kSources.size());
constexpr int kRareClasses = 2;

bool is_rare(int class_id) {
  return class_id == kCarHorn || class_id == kGunShot;
}

// Clips of each class.
std::array<int, kClasses> class_counts(int clips) {
  constexpr int kCommonClasses = kClasses - kRareClasses;
  constexpr int kShares = 2 * kCommonClasses + kRareClasses;
  int rare = (clips + kShares / 2) / kShares;
  // In the smallest sets rounding may leave nothing between the two.
  if (rare > 1 && rare >= (clips - kRareClasses * rare) / kCommonClasses) --rare;
  const int common = clips - kRareClasses * rare;
  std::array<int, kClasses> counts{};
  int extra = common % kCommonClasses;
  for (int c = 0; c < kClasses; ++c) {
    counts[static_cast<std::size_t>(c)] = is_rare(c) ? rare : common / kCommonClasses + (extra-- > 0 ? 1 : 0);
  }
  return counts;
}

// How many of a class's clips each fold gets, as evenly as can be. Classes begin at different folds, so that
// the folds fill evenly too; with fewer clips than folds they are spread out.
std::array<int, kFolds> fold_counts(int class_id, int clips) {
  std::array<int, kFolds> counts{};
  for (int i = 0; i < clips; ++i) {
    const int step = clips < kFolds ? i * kFolds / clips : i;
    ++counts[static_cast<std::size_t>((class_id + step) % kFolds)];
  }
  return counts;
}

template <class Value>
struct Weighted {
  Value value;
  double share;  // all shares sum to 1
};

template <class Value, std::size_t N>
Value draw(const std::array<Weighted<Value>, N>& choices, Random& random) {
  double lot = random.uniform(0.0, 1.0);
  for (const auto& [value, share] : choices) {
    if (lot < share) return value;
    lot -= share;
  }
  return choices.back().value;
}

WaveFormat draw_format(Random& random) {
  static constexpr std::array<Weighted<int>, 8> kRates = {{{8000, 0.1},
                                                           {11025, 0.1},
                                                           {16000, 0.22},
                                                           {22050, 0.24},
                                                           {32000, 0.08},
                                                           {44100, 0.16},
                                                           {48000, 0.07},
                                                           {96000, 0.03}}};
  static constexpr std::array<Weighted<SampleFormat>, 4> kSampleFormats = {{{SampleFormat::kUint8, 0.1},
                                                                            {SampleFormat::kInt16, 0.65},
                                                                            {SampleFormat::kInt24, 0.15},
                                                                            {SampleFormat::kFloat32, 0.1}}};
  WaveFormat format;
  format.sample_rate = draw(kRates, random);
  format.samples = draw(kSampleFormats, random);
  format.channels = random.chance(0.4) ? 2 : 1;
  return format;
}

Recording make_recording(int class_id, int fold, std::int64_t index, std::uint64_t seed) {
  Random random({seed, static_cast<std::uint64_t>(index)});
  Recording recording;
  recording.fs_id = 10'000 + 97 * index + random.integer(0, 96);
  recording.class_id = class_id;
  recording.fold = fold;
  recording.seed = random.next();
  recording.format = draw_format(random);
  recording.snr_db = random.uniform(-4.0, 24.0);
  if (random.chance(0.35)) {
    recording.background_class = (class_id + random.integer(1, kClasses - 1)) % kClasses;
    recording.background_db = random.uniform(4.0, 16.0);
  }
  return recording;
}

// Most slices are 4 s long, as in UrbanSound8K; they follow each other in the recording.
void add_slices(const Recording& recording, int count, std::vector<Slice>& slices) {
  Random random({recording.seed, 1});
  double time = random.uniform(0.0, 30.0);
  for (int number = 0; number < count; ++number) {
    // Whole milliseconds, so that the table says exactly what the file holds.
    const double length = random.chance(0.5) ? 4.0 : std::round(1000.0 * random.uniform(0.6, 4.0)) / 1000.0;
    time = std::round(1000.0 * time) / 1000.0;
    slices.push_back({.recording = recording, .number = number, .start_s = time, .end_s = time + length});
    time += length + random.uniform(0.0, 5.0);
  }
}

}  // namespace

std::string Slice::file_name() const {
  return absl::StrCat(recording.fs_id, "-", recording.class_id, "-0-", number, ".wav");
}

int Slice::salience() const {
  return recording.snr_db < 3.0 ? 2 : 1;
}

std::vector<Slice> make_plan(int clips, std::uint64_t seed) {
  std::vector<Slice> slices;
  const std::array<int, kClasses> counts = class_counts(clips);
  Random sizes({seed, ~std::uint64_t{0}});
  std::int64_t index = 0;
  for (int class_id = 0; class_id < kClasses; ++class_id) {
    const std::array<int, kFolds> per_fold =
        fold_counts(class_id, counts[static_cast<std::size_t>(class_id)]);
    for (int fold = 1; fold <= kFolds; ++fold) {
      for (int left = per_fold[static_cast<std::size_t>(fold - 1)]; left > 0;) {
        const int size = left <= 3 ? left : sizes.integer(2, 4);
        add_slices(make_recording(class_id, fold, index++, seed), std::min(size, left), slices);
        left -= size;
      }
    }
  }
  return slices;
}

}  // namespace melsweep::synth
