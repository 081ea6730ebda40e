// trainable: blocks | all. The network itself learns, on pictures made from cached spectrograms.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/features/spectrogram_cache.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner.h"
#include "worker/trainer/training/tensor_optimizer.h"

namespace melsweep::training {

// Gradients of a minibatch are summed over parts of it, so that its size is not bounded by memory, and a stop
// is noticed after a part; the network normalises with stored statistics, so that this changes nothing but
// rounding. On a CPU as many parts are worked on at once as libtorch has threads, each by one thread: the
// result does not depend on their number.
class NetworkLearner final : public Learner {
 public:
  struct Options {
    FeatureSettings features;
    Trainable trainable;
    TrainingSettings training{};
    std::uint64_t seed = 0;
    torch::Device device = torch::kCPU;
    // Of the host's memory, to keep what the frozen layers give, which is the same at every step; 0 keeps
    // nothing.
    std::size_t activation_budget_bytes = 0;
  };

  // spectrograms.at(i) is of examples.items[i]; `examples` outlives the learner. The network must not have
  // been folded.
  NetworkLearner(const Examples& examples, features::SpectrogramTable spectrograms,
                 inception::InceptionV3 network, const Options& options);

  absl::StatusOr<double> step(const Minibatch& batch, const Watch& watch) override;
  absl::Status logits(Indices examples, std::span<float> out, const Watch& watch) override;

  // The whole network with its head: a weights file like any other.
  absl::Status save(const std::filesystem::path& path,
                    const std::map<std::string, std::string>& metadata) const override;
  absl::Status restore(const inception::SafetensorsFile& file) override;

 private:
  // What a part has come to.
  struct Part {
    Indices examples;
    std::vector<torch::Tensor> activations;  // of the frozen layers, [1, ...] an example, on the host
    torch::Tensor logits;                    // [examples, classes], on the host
    double loss = 0.0;                       // summed over the examples, weighted
    std::vector<torch::Tensor> gradients;    // of the parameters, of the summed loss; undefined where none
  };

  std::vector<Part> divide(Indices examples) const;
  // For each part `compute`, several at once, then `collect` in their order; what the frozen layers gave is
  // kept, the rest of the part given up.
  absl::Status in_parts(std::vector<Part>& parts, const Watch& watch,
                        const std::function<void(Part&)>& compute,
                        const std::function<void(const Part&)>& collect);
  void keep(const Part& part);

  torch::Tensor picture(std::uint32_t example) const;             // [1, 3, 299, 299]
  torch::Tensor frozen_activations(std::uint32_t example) const;  // [1, ...]
  torch::Tensor forward(Part& part) const;                        // [n, classes]
  void find_gradients(Part& part) const;
  double weight_of(Indices examples) const;  // in the loss

  const Examples& examples_;
  features::SpectrogramTable spectrograms_;
  inception::InceptionV3 network_;
  Options options_;
  torch::Tensor weight_;                      // [classes, 2048]
  torch::Tensor bias_;                        // [classes]
  std::vector<float> class_weights_;          // [classes]; empty: all 1
  std::vector<torch::Tensor> parameters_;     // all that learn
  std::optional<TensorOptimizer> optimizer_;  // of the parameters
  std::vector<torch::Tensor> activations_;    // those kept, an example each; else undefined
  std::size_t activation_bytes_ = 0;
};

}  // namespace melsweep::training
