// A finished trial's model: what there is to know for using it, and for believing it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/metric.h"
#include "shared/model/settings.h"
#include "shared/model/sweep.h"

namespace melsweep {

// A file as it was when it was recorded.
struct HashedFile {
  std::string path;
  std::string sha256;
  friend bool operator==(const HashedFile&, const HashedFile&) = default;
};

// How many clips of a class the trial had for what.
struct ClassClips {
  std::string class_name;
  std::int64_t train = 0;
  std::int64_t validation = 0;
  std::int64_t test = 0;
  std::int64_t pictures = 0;  // that the training clips gave: as many, or more with augmentation
  friend bool operator==(const ClassClips&, const ClassClips&) = default;
};

// Per class, on the clips of one split.
struct SplitMetrics {
  std::string split;  // "validation", "test"
  std::vector<ClassMetrics> classes;
  friend bool operator==(const SplitMetrics&, const SplitMetrics&) = default;
};

// Where a model comes from and what was measured of it.
struct ModelOrigin {
  std::string sweep;
  std::int64_t sweep_id = 0;
  std::int64_t trial = 0;  // its number within the sweep
  std::vector<Parameter> parameters;
  std::uint64_t seed = 0;
  int validation_fold = 0;  // 0 without cross-validation
  std::int64_t step = 0;    // gradient updates
  DatasetSpec dataset;
  std::string dataset_hash;  // DatasetReport::content_hash
  std::string trainer;       // its name and version
  std::string device;        // it was trained on: "cpu"
  std::string finished_at;   // ISO 8601, UTC
  std::int64_t clips_skipped = 0;
  std::vector<ClassClips> clips;     // in the order of the labels
  std::vector<MetricPoint> metrics;  // each at its last step
  std::vector<SplitMetrics> evaluations;
  std::vector<std::string> warnings;
  friend bool operator==(const ModelOrigin&, const ModelOrigin&) = default;
};

struct TrainedModel {
  std::vector<std::string> labels;  // of the outputs, in their order
  TrialSettings settings;
  // The classifying layer, and where more than that was trained the whole network.
  HashedFile file;
  // The weights that the trial began with, which are still those of every layer that it left alone. The
  // path is named as ModelSettings::weights is; "random" stands for untrained weights, as path and as hash.
  HashedFile start;
  ModelOrigin origin;
  friend bool operator==(const TrainedModel&, const TrainedModel&) = default;
};

}  // namespace melsweep
