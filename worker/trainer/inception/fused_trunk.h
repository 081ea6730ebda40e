// Inception v3's trunk for inference on a CPU, by oneDNN itself: weights are laid out once as the processor's
// kernels want them, activations stay in the kernels' own layout from layer to layer, and every convolution
// adds its bias and applies ReLU while its sums are in registers.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/inception/dialect.h"

namespace melsweep::inception {

// A convolution of trunk_layers() with its BatchNorm folded in.
struct FoldedLayer {
  std::vector<float> weights;  // [out, in, height, width]
  std::vector<float> bias;     // [out]
};

// For batches of one size. Not thread-safe; uses as many threads as OpenMP is told to. What oneDNN does not
// like it throws (dnnl::error, a std::exception).
class FusedTrunk {
 public:
  // What this processor has instructions for.
  static std::span<const Precision> native_precisions();

  // layers: those of trunk_layers(), in its order.
  FusedTrunk(std::span<const FoldedLayer> layers, const Dialect& dialect, int batch_size,
             Precision precision);
  FusedTrunk(FusedTrunk&&) noexcept;
  FusedTrunk& operator=(FusedTrunk&&) noexcept;
  ~FusedTrunk();

  // The batch's pictures, [batch_size, 3, 299, 299] in [0, 1], written by the caller before run().
  std::span<float> pictures();
  // pictures() to bottlenecks, [batch_size, 2048]; valid until the next run().
  std::span<const float> run();

 private:
  class Program;
  std::unique_ptr<Program> program_;
};

}  // namespace melsweep::inception
