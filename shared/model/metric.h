// What trials measure. Metric names are "train/loss", "train/accuracy", "validation/loss",
// "validation/accuracy"; a trainer may report others. Loss is the mean cross-entropy in nats; accuracy is a
// fraction in [0, 1].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/dataset.h"

namespace melsweep {

struct MetricPoint {
  std::int64_t step = 0;
  std::string name;
  double value = 0.0;
  friend bool operator==(const MetricPoint&, const MetricPoint&) = default;
};

struct ClassMetrics {
  std::string class_name;
  double precision = 0.0;  // 0 where nothing was predicted as this class
  double recall = 0.0;     // 0 where the class has no clips
  double f1 = 0.0;
  std::int64_t support = 0;  // clips of this class
  friend bool operator==(const ClassMetrics&, const ClassMetrics&) = default;
};

struct Prediction {
  std::string clip;  // Clip::id
  int true_class = 0;
  int predicted_class = 0;
  std::vector<float> probabilities;  // [classes], sums to 1
  friend bool operator==(const Prediction&, const Prediction&) = default;
};

// The trained model looked at on one split, after the last step. Confusion and per-class figures follow from
// the predictions by the two functions below.
struct Evaluation {
  Split split = Split::kValidation;
  std::int64_t step = 0;
  std::vector<std::string> classes;
  std::vector<Prediction> predictions;  // sorted by clip
  friend bool operator==(const Evaluation&, const Evaluation&) = default;
};

// confusion[true][predicted], [classes, classes]
std::vector<std::vector<std::int64_t>> confusion_matrix(const Evaluation& evaluation);

// One entry a class, in the order of Evaluation::classes.
std::vector<ClassMetrics> class_metrics(const Evaluation& evaluation);

// A head or network on disk, as it was after `step` steps.
struct Checkpoint {
  std::int64_t step = 0;
  std::string
      path;  // absolute: of a worker while it is there only, then in the coordinator's artifact folder
  std::string sha256;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

}  // namespace melsweep
