// trainable: head. Learns on cached bottlenecks; neither sound nor network is needed.
#pragma once

#include <vector>

#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/head_trainer.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

class HeadLearner final : public Learner {
 public:
  // bottlenecks.row(i) is of examples.items[i]; `examples` outlives the learner.
  HeadLearner(const Examples& examples, features::BottleneckTable bottlenecks, double learning_rate,
              std::uint64_t seed);

  // Both are too brief to be stopped or to tell of progress.
  absl::StatusOr<double> step(std::span<const std::uint32_t> batch, const Watch& watch) override;
  absl::Status logits(std::span<const std::uint32_t> examples, std::span<float> out,
                      const Watch& watch) override;
  absl::Status save(const std::filesystem::path& path,
                    const std::map<std::string, std::string>& metadata) const override;
  absl::Status restore(const inception::SafetensorsFile& file) override;

 private:
  std::span<const float* const> rows_of(std::span<const std::uint32_t> examples);

  const Examples& examples_;
  features::BottleneckTable bottlenecks_;
  HeadTrainer trainer_;
  std::vector<const float*> rows_;  // of the latest call, to spare an allocation a step
  std::vector<int> labels_;
};

}  // namespace melsweep::training
