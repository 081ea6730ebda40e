// Learners that are trained side by side.
#pragma once

#include <cstddef>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

// Learners of one kind on the same examples, known by their places in the group. What some of them do
// together may cost less than what each does alone, and comes to the same, to the last bit. Different threads
// may call it for different learners.
class LearnerGroup {
 public:
  virtual ~LearnerGroup() = default;

  using Places = std::span<const std::size_t>;

  // Learner::step() of each of `who`; losses[i]: what it gives for who[i].
  virtual void step(Places who, const Minibatch& batch, const Watch& watch,
                    std::span<absl::StatusOr<double>> losses) = 0;

  // Learner::logits() of each of `who`; out[i], [examples, classes]: of who[i].
  virtual absl::Status logits(Places who, Indices examples, std::span<const std::span<float>> out,
                              const Watch& watch) = 0;
};

// A learner on its own. It outlives the group.
class OneLearner final : public LearnerGroup {
 public:
  explicit OneLearner(Learner& learner) : learner_(learner) {}

  void step(Places, const Minibatch& batch, const Watch& watch,
            std::span<absl::StatusOr<double>> losses) override {
    losses[0] = learner_.step(batch, watch);
  }

  absl::Status logits(Places, Indices examples, std::span<const std::span<float>> out,
                      const Watch& watch) override {
    return learner_.logits(examples, out[0], watch);
  }

 private:
  Learner& learner_;
};

}  // namespace melsweep::training
