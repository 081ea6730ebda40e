// What the finished trials of a sweep say together: about the settings, and about the data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace melsweep::results {

// How well a class was told apart with one value of a swept parameter, whatever the others were.
struct ValueEffect {
  std::string parameter;
  std::string value;       // as it is shown
  std::string class_name;  // empty: the mean over the classes
  double f1 = 0.0;         // on validation clips, the mean over the trials
  std::int64_t trials = 0;
};

// A clip that almost every trial got wrong: often its label is.
struct HardClip {
  std::string clip;
  std::string true_class;
  std::string mostly_taken_for;
  std::int64_t trials = 0;              // that were evaluated on it
  std::int64_t wrong = 0;               // of them
  double mean_true_probability = 0.0;   // of the class that it is labelled with
  double mean_taken_probability = 0.0;  // of the class that it was mostly taken for
};

// What one augmentation of the sweep's trials made of the clips of one class. With cross-validation all
// folds' training clips together, each as often as it trained.
struct ClassPictures {
  std::string augmentation;  // as it is shown: "none", "channels+noise"
  std::string class_name;
  int folds = 1;              // whose training clips these are
  std::int64_t clips = 0;     // that trained
  std::int64_t pictures = 0;  // that they gave
};

struct SweepExplanation {
  std::int64_t sweep_id = 0;
  std::string sweep;
  std::int64_t trials_finished = 0;
  std::vector<ValueEffect>
      effects;  // in order of parameter, class (the mean last) and value, as the author wrote them
  std::vector<HardClip> hard_clips;  // the surest mistake first
  // In the order in which trials tried the augmentations, and of the labels.
  std::vector<ClassPictures> pictures;
  // The sweep's warnings that one sound stands on both sides of the split: by its recording, by the content
  // of files, or because two clips sound the same. Whole sentences, which name clips and sides.
  std::vector<std::string> duplicates_across_splits{};
};

// Of those clips that trials were wrong about in this part of the cases at least.
inline constexpr double kAlmostEvery = 0.9;

// `sweep`: as Results::sweep() takes it. NotFound where there is none, or none of its trials has finished;
// else open_database()'s errors.
absl::StatusOr<SweepExplanation> explain_sweep(const std::filesystem::path& database,
                                               const std::string& sweep);

}  // namespace melsweep::results
