// The trunk of a network as the bottleneck cache sees it: pictures in, bottlenecks out.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"

namespace melsweep::features {

inline constexpr std::size_t kBottleneckSize = 2048;  // Inception v3's pooled trunk output

// Not thread-safe: the cache calls it from one thread at a time.
class Embedder {
 public:
  virtual ~Embedder() = default;

  // The hash of the weights and the version of the code that runs them: equal identities give equal
  // bottlenecks.
  virtual std::string identity() const = 0;

  // Why this machine cannot embed at all, found out before anything is made for it.
  virtual absl::Status check() const { return absl::OkStatus(); }

  // The most pictures that embed() takes at once; at least 1.
  virtual int batch_size() const = 0;

  // pictures: [n, 3, 299, 299] in [0, 1]; bottlenecks: [n, 2048], written; 1 <= n <= batch_size(). The result
  // for a picture does not depend on its neighbours in the batch.
  virtual absl::Status embed(std::span<const float> pictures, std::span<float> bottlenecks) = 0;
};

}  // namespace melsweep::features
