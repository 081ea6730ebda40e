// trainable: blocks | all. The network itself learns, on pictures made from cached spectrograms.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/features/spectrogram_cache.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

// Gradients of a minibatch are summed over parts of it, so that its size is not bounded by memory; the
// network normalises with stored statistics, so that this changes nothing but rounding.
class NetworkLearner final : public Learner {
 public:
  struct Options {
    FeatureSettings features;
    Trainable trainable;
    double learning_rate = 0.0;
    std::uint64_t seed = 0;
    torch::Device device = torch::kCPU;
  };

  // spectrograms.at(i) is of examples.items[i]; `examples` outlives the learner. The network must not have
  // been folded.
  NetworkLearner(const Examples& examples, features::SpectrogramTable spectrograms,
                 inception::InceptionV3 network, const Options& options);

  absl::StatusOr<double> step(std::span<const std::uint32_t> batch) override;
  absl::Status logits(std::span<const std::uint32_t> examples, std::span<float> out) override;

  // The whole network with its head: a weights file like any other.
  absl::Status save(const std::filesystem::path& path,
                    const std::map<std::string, std::string>& metadata) const override;

 private:
  torch::Tensor picture(std::uint32_t example) const;              // [1, 3, 299, 299]
  torch::Tensor frozen_activations(std::uint32_t example);         // [1, ...]
  torch::Tensor forward(std::span<const std::uint32_t> examples);  // [n, classes]
  double add_gradients(std::span<const std::uint32_t> part, std::size_t batch_size);

  const Examples& examples_;
  features::SpectrogramTable spectrograms_;
  inception::InceptionV3 network_;
  Options options_;
  torch::Tensor weight_;                    // [classes, 2048]
  torch::Tensor bias_;                      // [classes]
  std::vector<torch::Tensor> parameters_;   // all that learn
  std::vector<torch::Tensor> activations_;  // of the frozen part, an example each; undefined until first used
  std::size_t activation_bytes_ = 0;
};

}  // namespace melsweep::training
