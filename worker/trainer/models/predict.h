// Sound files to probabilities.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/settings.h"
#include "worker/trainer/models/classifier.h"
#include "worker/trainer/models/windows.h"

namespace melsweep::models {

struct SoundPrediction {
  std::filesystem::path file;
  double start_s = 0.0;              // seconds, of the window
  double end_s = 0.0;                // seconds
  std::vector<float> probabilities;  // [labels]
};

struct PredictOptions {
  FeatureSettings features;
  std::size_t labels = 0;
  WindowOptions windows;
  // Both are called in the order of the files, the first once for each of a file's windows, in theirs. A file
  // that fails may have given windows before.
  std::function<void(const SoundPrediction&)> predicted;
  std::function<void(const absl::Status& why)> failed;  // its message names the file
  // After each file that was read; may be empty.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

// Of each file the average of its channels, as validation and test clips are taken. A file that cannot be
// used is told and passed over; an error is the classifier's, or that the settings make no spectrograms.
absl::Status predict_files(std::span<const std::filesystem::path> files, Classifier& classifier,
                           const PredictOptions& options);

}  // namespace melsweep::models
