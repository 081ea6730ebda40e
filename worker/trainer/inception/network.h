// Inception v3's trunk as a libtorch module with torchvision's parameter names: pictures in, bottlenecks out.
// The head (2048 x classes) belongs to whoever trains it.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/settings.h"
#include "worker/trainer/inception/blocks.h"
#include "worker/trainer/inception/dialect.h"
#include "worker/trainer/inception/fused_trunk.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::inception {

// A new network has convolutions of zeros and everything frozen. Not thread-safe, but for forward() after
// fold().
class InceptionV3Impl : public torch::nn::Module {
 public:
  explicit InceptionV3Impl(const Dialect& dialect);

  // pictures [n, 3, 299, 299] in [0, 1], float32 -> bottlenecks [n, 2048]:
  // trainable_part(frozen_part(pictures)). The dialect's own range is made here. BatchNorm acts as ConvUnit
  // says, in training mode too.
  torch::Tensor forward(const torch::Tensor& pictures) const;

  // What never learns, run without recording gradients: a picture's activations may be kept and used again.
  // With everything frozen they are the bottlenecks; with nothing frozen, the mapped pictures.
  torch::Tensor frozen_part(const torch::Tensor& pictures) const;
  torch::Tensor trainable_part(const torch::Tensor& activations) const;

  // kHead freezes everything, kBlocks all but the last N of the 11 Mixed blocks (more than 11: all but the
  // stem), kAll nothing.
  void set_trainable(const Trainable& trainable);

  // Those that set_trainable() left to learn, in the network's order.
  std::vector<torch::Tensor> trainable_parameters() const;

  // For inference only, once, when the weights are in and on their device: folds every BatchNorm into its
  // convolution. forward() then takes pictures of that type, and computes in it.
  void fold(torch::Dtype dtype);

  // The trunk as FusedTrunk takes it: those of trunk_layers(), in its order. The network stays as it is.
  std::vector<FoldedLayer> folded_layers() const;

  const Dialect& dialect() const { return dialect_; }

 private:
  // x through the stages [begin, end), and pooled where `end` is the last.
  torch::Tensor run_stages(torch::Tensor x, std::size_t begin, std::size_t end) const;

  Dialect dialect_;
  std::vector<std::shared_ptr<Block>> stages_;  // the stem, then the Mixed blocks
  std::size_t first_trainable_ = 0;             // index of a stage
};
TORCH_MODULE(InceptionV3);

// The trunk in a file that check_weights() (weights_file.h) finds nothing wrong with, on the CPU, in float32.
// InvalidArgument names what is missing, misshapen or not finite.
absl::StatusOr<InceptionV3> load_network(const std::filesystem::path& path);

// Writes the trunk as load_network() reads it, and with it tensors of the caller's own ("fc.weight"),
// atomically, with a checksum (checksum.h).
absl::Status save_network(const std::filesystem::path& path, const InceptionV3& network,
                          std::span<const NamedTensor> more_tensors, const Metadata& more_metadata);

// Puts what save_network() wrote in the place of the network's weights and statistics, to the last bit,
// wherever they are. InvalidArgument, and nothing has changed, where a tensor is missing or misshapen.
absl::Status restore_network(const InceptionV3& network, const SafetensorsFile& file);

// Untrained weights (He's initialisation, BatchNorm as the identity), the same for the same seed, in Keras's
// dialect with the range [0, 1]. Leaves libtorch's own generator alone.
InceptionV3 random_network(std::uint64_t seed);

}  // namespace melsweep::inception
