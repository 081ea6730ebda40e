// A model in training, as the training loop sees it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace melsweep::training {

// Examples are given by their indices in Examples. Not thread-safe.
class Learner {
 public:
  virtual ~Learner() = default;

  // One gradient update on the minibatch; the mean cross-entropy before it, in nats. ResourceExhausted where
  // memory runs out.
  virtual absl::StatusOr<double> step(std::span<const std::uint32_t> batch) = 0;

  // out: [examples, classes], written.
  virtual absl::Status logits(std::span<const std::uint32_t> examples, std::span<float> out) = 0;

  // What was learned, as a safetensors file with torchvision's names ("fc.weight"), atomically.
  virtual absl::Status save(const std::filesystem::path& path,
                            const std::map<std::string, std::string>& metadata) const = 0;
};

}  // namespace melsweep::training
