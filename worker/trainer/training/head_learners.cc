#include "worker/trainer/training/head_learners.h"

#include <utility>

#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/training/class_weights.h"
#include "worker/trainer/training/head_file.h"

namespace melsweep::training {

HeadModel::HeadModel(std::size_t classes, const TrainingSettings& training, HeadLoss loss)
    : head_(initial_head(classes, features::kBottleneckSize, loss.seed), training, loss) {}

absl::Status HeadModel::save(const std::filesystem::path& path,
                             const std::map<std::string, std::string>& metadata) const {
  const HeadState state = head_.state();
  const auto tensors = head_tensors(state);
  return inception::write_safetensors(path, tensors, inception::with_checksum(tensors, metadata));
}

absl::Status HeadModel::restore(const inception::SafetensorsFile& file) {
  const auto state =
      read_head_state(file, head_.classes(), head_.features(), memory_of(head_.training().optimizer));
  if (!state.ok()) return state.status();
  head_.set_state(*state);
  return absl::OkStatus();
}

HeadLearners::HeadLearners(const Examples& examples, features::BottleneckTable bottlenecks)
    : examples_(examples), bottlenecks_(std::move(bottlenecks)) {}

HeadModel& HeadLearners::add(const TrainingSettings& training, std::uint64_t seed) {
  if (training.precision == Precision::kBfloat16 && rounded_.empty()) {
    rounded_ = Bf16Table(examples_.train_count, features::kBottleneckSize);
    for (std::size_t i = 0; i < examples_.train_count; ++i) rounded_.set(i, bottlenecks_.row(i));
  }
  const auto labels = std::span(examples_.labels).first(examples_.train_count);
  models_.push_back(std::make_unique<HeadModel>(
      examples_.classes, training,
      HeadLoss{.class_weights = class_weights(training.class_weights, labels, examples_.classes),
               .seed = seed}));
  return *models_.back();
}

std::unique_ptr<HeadLearners::Desk> HeadLearners::take_desk() {
  const std::scoped_lock lock(mutex_);
  if (free_desks_.empty()) return std::make_unique<Desk>();
  std::unique_ptr<Desk> desk = std::move(free_desks_.back());
  free_desks_.pop_back();
  return desk;
}

void HeadLearners::put_back(std::unique_ptr<Desk> desk) {
  const std::scoped_lock lock(mutex_);
  free_desks_.push_back(std::move(desk));
}

void HeadLearners::step(Places who, const Minibatch& batch, const Watch&,
                        std::span<absl::StatusOr<double>> losses) {
  std::unique_ptr<Desk> desk = take_desk();
  desk->labels.clear();
  for (const std::uint32_t example : batch.examples) desk->labels.push_back(examples_.labels[example]);
  step(*desk, Precision::kFloat32, who, batch, losses);
  step(*desk, Precision::kBfloat16, who, batch, losses);
  put_back(std::move(desk));
}

void HeadLearners::step(Desk& desk, Precision precision, Places who, const Minibatch& batch,
                        std::span<absl::StatusOr<double>> losses) {
  desk.heads.clear();
  desk.indices.clear();
  for (std::size_t i = 0; i < who.size(); ++i) {
    Head& head = models_[who[i]]->head();
    if (head.training().precision != precision) continue;
    desk.heads.push_back(&head);
    desk.indices.push_back(i);
  }
  if (desk.heads.empty()) return;
  desk.losses.resize(desk.heads.size());
  if (precision == Precision::kFloat32) {
    desk.rows.clear();
    for (const std::uint32_t example : batch.examples) desk.rows.push_back(bottlenecks_.row(example).data());
    desk.group.step(desk.heads, batch.step, desk.rows, desk.labels, desk.losses);
  } else {
    desk.rounded_rows.clear();
    for (const std::uint32_t example : batch.examples) desk.rounded_rows.push_back(rounded_.row(example));
    desk.group.step(desk.heads, batch.step, desk.rounded_rows, desk.labels, desk.losses);
  }
  for (std::size_t i = 0; i < desk.heads.size(); ++i) losses[desk.indices[i]] = desk.losses[i];
}

absl::Status HeadLearners::logits(Places who, Indices examples, std::span<const std::span<float>> out,
                                  const Watch&) {
  std::unique_ptr<Desk> desk = take_desk();
  desk->heads.clear();
  for (const std::size_t place : who) desk->heads.push_back(&models_[place]->head());
  desk->rows.clear();
  for (const std::uint32_t example : examples) desk->rows.push_back(bottlenecks_.row(example).data());
  desk->group.logits(desk->heads, desk->rows, out);
  put_back(std::move(desk));
  return absl::OkStatus();
}

}  // namespace melsweep::training
