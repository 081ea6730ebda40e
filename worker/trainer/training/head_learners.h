// trainable: head. Learns on cached bottlenecks; neither sound nor network is needed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/head.h"
#include "worker/trainer/training/head_group.h"
#include "worker/trainer/training/learner_group.h"
#include "worker/trainer/training/row_table.h"

namespace melsweep::training {

class HeadModel final : public Model {
 public:
  // loss.seed is also that of the weights that it begins with.
  HeadModel(std::size_t classes, const TrainingSettings& training, HeadLoss loss);

  Head& head() { return head_; }

  absl::Status save(const std::filesystem::path& path,
                    const std::map<std::string, std::string>& metadata) const override;
  absl::Status restore(const inception::SafetensorsFile& file) override;

 private:
  Head head_;
};

// Steps are too brief to be stopped or to tell of progress.
class HeadLearners final : public LearnerGroup {
 public:
  // So that a trainer stays small beside its mapped files; 65,000 examples.
  static constexpr std::size_t kMostCopiedBytes = std::size_t{512} << 20;

  // bottlenecks.row(i) is of examples.items[i]; `examples` outlives it. Models are known by the order in
  // which they are added. Training examples that take no more than most_copied_bytes, and a quarter of the
  // memory that is left, are copied to where they are read faster; what is learned is the same.
  HeadLearners(const Examples& examples, features::BottleneckTable bottlenecks,
               std::size_t most_copied_bytes = kMostCopiedBytes);

  // Which has learned nothing yet, and lives as long as this.
  HeadModel& add(const TrainingSettings& training, std::uint64_t seed);

  void step(Places who, const Minibatch& batch, const Watch& watch,
            std::span<absl::StatusOr<double>> losses) override;
  absl::Status logits(Places who, Indices examples, std::span<const std::span<float>> out,
                      const Watch& watch) override;

 private:
  // What a call works in, kept for the next one.
  struct Desk {
    HeadGroup group;
    std::vector<Head*> heads;
    std::vector<std::size_t> indices;  // in `who`, of the heads
    std::vector<const float*> rows;
    std::vector<const float*> next;
    std::vector<const Bf16*> rounded_rows;
    std::vector<const Bf16*> rounded_next;
    std::vector<int> labels;
    std::vector<double> losses;
  };

  std::unique_ptr<Desk> take_desk();
  void put_back(std::unique_ptr<Desk> desk);
  // Copies the training examples to where those of that precision learn from them.
  void copy_examples(Precision precision);
  // Where heads find the example.
  const float* row(std::uint32_t example) const;
  // Steps those of `who` that have this precision.
  void step(Desk& desk, Precision precision, Places who, const Minibatch& batch,
            std::span<absl::StatusOr<double>> losses);

  const Examples& examples_;
  features::BottleneckTable bottlenecks_;
  const std::size_t most_copied_bytes_;
  // Of the training examples, once there is a model that learns from them.
  RowTable<float> copied_;  // empty where they are read where they are mapped
  RowTable<Bf16> rounded_;
  std::vector<std::unique_ptr<HeadModel>> models_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Desk>> free_desks_;  // under the mutex
};

}  // namespace melsweep::training
