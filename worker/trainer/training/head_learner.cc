#include "worker/trainer/training/head_learner.h"

#include <utility>

#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/training/head_file.h"

namespace melsweep::training {

HeadLearner::HeadLearner(const Examples& examples, features::BottleneckTable bottlenecks,
                         double learning_rate, std::uint64_t seed)
    : examples_(examples),
      bottlenecks_(std::move(bottlenecks)),
      trainer_(initial_head(examples.classes, features::kBottleneckSize, seed), learning_rate) {}

std::span<const float* const> HeadLearner::rows_of(std::span<const std::uint32_t> examples) {
  rows_.clear();
  for (const std::uint32_t example : examples) rows_.push_back(bottlenecks_.row(example).data());
  return rows_;
}

absl::StatusOr<double> HeadLearner::step(std::span<const std::uint32_t> batch, const Watch&) {
  labels_.clear();
  for (const std::uint32_t example : batch) labels_.push_back(examples_.labels[example]);
  return trainer_.step(rows_of(batch), labels_);
}

absl::Status HeadLearner::logits(std::span<const std::uint32_t> examples, std::span<float> out,
                                 const Watch&) {
  trainer_.logits(rows_of(examples), out);
  return absl::OkStatus();
}

absl::Status HeadLearner::save(const std::filesystem::path& path,
                               const std::map<std::string, std::string>& metadata) const {
  const HeadWeights head = trainer_.weights();
  const auto tensors = head_tensors(head.weight, head.bias);
  return inception::write_safetensors(path, tensors, inception::with_checksum(tensors, metadata));
}

absl::Status HeadLearner::restore(const inception::SafetensorsFile& file) {
  const auto head = read_head(file, examples_.classes, features::kBottleneckSize);
  if (!head.ok()) return head.status();
  trainer_.set_weights(*head);
  return absl::OkStatus();
}

}  // namespace melsweep::training
