// A trained model at work: spectrograms in, probabilities out.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/trained_model.h"
#include "worker/trainer/audio/picture.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/head_weights.h"
#include "worker/trainer/training/weights.h"

namespace melsweep::models {

// Not thread-safe.
class Classifier {
 public:
  virtual ~Classifier() = default;

  // probabilities: [spectrograms, labels], written; each row sums to 1. By the code that evaluates models in
  // training: where that gave a spectrogram's probabilities on this machine with as many threads, these are
  // the same, to the last bit for heads. ResourceExhausted where memory runs out, OutOfRange where
  // they are no finite numbers.
  virtual absl::Status classify(std::span<const audio::SpectrogramView> spectrograms,
                                std::span<float> probabilities) = 0;
};

// A model's files, found and checked.
struct ModelFiles {
  inception::SafetensorsFile file;  // TrainedModel::file
  training::HeadWeights head;
  training::Weights trunk;  // whose file may be the same
};

// The trunk is in the model's file where that holds one, and else in the weights that the trial began with.
// NotFound where a file is not there, FailedPrecondition where it is another than the trial's, DataLoss and
// InvalidArgument where it is damaged; each names the file and says what to do.
absl::StatusOr<ModelFiles> find_files(const TrainedModel& model);

// The same errors, and FailedPrecondition where this machine cannot compute in the model's precision.
absl::StatusOr<std::unique_ptr<Classifier>> load_classifier(const TrainedModel& model,
                                                            const torch::Device& device);

}  // namespace melsweep::models
