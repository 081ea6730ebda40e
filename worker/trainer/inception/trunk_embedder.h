// Pictures to bottlenecks, as fast as one device gives them.
#pragma once

#include <torch/torch.h>

#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "worker/trainer/features/embedder.h"
#include "worker/trainer/inception/fused_trunk.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/inception/network_trunk.h"

namespace melsweep::inception {

// FailedPrecondition says why this machine, whose processor has such native precisions, cannot embed in that
// precision on that device, and what to do. GPUs are taken to compute all of them.
absl::Status check_precision(Precision precision, const torch::Device& device,
                             std::span<const Precision> native = FusedTrunk::native_precisions());

// A picture's bottleneck does not depend on the pictures embedded with it, nor on its place among them: every
// batch is filled up to the same size, so the same kernels run. On one machine, with one number of threads,
// it is the same to the last bit; across machines it agrees within float32 rounding.
class TrunkEmbedder : public features::Embedder {
 public:
  // Takes the network over. `weights_hash` names its weights in identity(): the SHA-256 of the file, or
  // "random" and the seed. The precision is one that check_precision() finds good. Bottlenecks of kBfloat16
  // differ from float32's by a hundredth of the largest (docs/architecture.md).
  TrunkEmbedder(InceptionV3 network, const std::string& weights_hash,
                const torch::Device& device = torch::kCPU, Precision precision = Precision::kFloat32);

  // What identity() and batch_size() of such an embedder are, known before a network is loaded.
  // Those of kBfloat16 differ on processors and on GPUs by more than caches may mix.
  static std::string identity_of(const std::string& weights_hash, Precision precision = Precision::kFloat32,
                                 const torch::Device& device = torch::kCPU);
  static int batch_size_on(const torch::Device& device);

  std::string identity() const override { return identity_; }
  int batch_size() const override { return batch_size_; }

  // Takes any n >= 1, in batches. InvalidArgument where the spans are not of n pictures and n bottlenecks,
  // ResourceExhausted where the memory of host or device does not suffice, Internal with libtorch's words for
  // what else it throws.
  absl::Status embed(std::span<const float> pictures, std::span<float> bottlenecks) override;

 private:
  // At most batch_size_ pictures.
  void embed_batch(std::span<const float> pictures, std::span<float> bottlenecks);
  void prepare();

  InceptionV3 network_;                     // until the first picture; then one of
  std::optional<FusedTrunk> fused_;         // on the CPU
  std::optional<NetworkTrunk> by_network_;  // on other devices
  torch::Device device_;
  Precision precision_;
  std::string identity_;
  int batch_size_;
};

}  // namespace melsweep::inception
