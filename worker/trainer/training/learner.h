// A model in training, as the training loop sees it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::training {

// What a call that may take minutes minds and tells.
struct Watch {
  std::stop_token stop;
  std::function<void(std::size_t done)> progress;  // how many of the call's examples are done; may be empty
};

// Examples are given by their indices in Examples.
using Indices = std::span<const std::uint32_t>;

struct Minibatch {
  std::int64_t step = 0;  // which update it is for, from 1: the learner has step - 1 behind it
  Indices examples;
  Indices next{};  // those of the step that follows, so many; none where that is not known
};

// What is kept of a model in training, and what it goes on from. Not thread-safe.
class Model {
 public:
  virtual ~Model() = default;

  // What was learned, as a safetensors file with torchvision's names ("fc.weight") and a checksum
  // (inception/checksum.h), atomically; beside it what the optimizer remembers ("optimizer.first.fc.weight"),
  // where it does.
  virtual absl::Status save(const std::filesystem::path& path,
                            const std::map<std::string, std::string>& metadata) const = 0;

  // Puts what save() wrote in the place of what was learned, to the last bit. InvalidArgument, and nothing
  // has changed, where a tensor is missing or misshapen; ResourceExhausted where memory
  // runs out, and then the model is worthless.
  virtual absl::Status restore(const inception::SafetensorsFile& file) = 0;
};

// Not thread-safe.
class Learner : public Model {
 public:
  // One gradient update on the minibatch; the mean cross-entropy before it, in nats, as it is trained on.
  // ResourceExhausted where memory runs out; Cancelled where it was stopped in time: then nothing was
  // learned.
  virtual absl::StatusOr<double> step(const Minibatch& batch, const Watch& watch) = 0;

  // out: [examples, classes], written. The same errors.
  virtual absl::Status logits(Indices examples, std::span<float> out, const Watch& watch) = 0;
};

}  // namespace melsweep::training
