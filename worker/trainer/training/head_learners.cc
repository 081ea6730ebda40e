#include "worker/trainer/training/head_learners.h"

#include <algorithm>
#include <new>
#include <utility>

#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/training/available_memory.h"
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

HeadLearners::HeadLearners(const Examples& examples, features::BottleneckTable bottlenecks,
                           std::size_t most_copied_bytes)
    : examples_(examples), bottlenecks_(std::move(bottlenecks)), most_copied_bytes_(most_copied_bytes) {}

HeadModel& HeadLearners::add(const TrainingSettings& training, std::uint64_t seed) {
  copy_examples(training.precision);
  const auto labels = std::span(examples_.labels).first(examples_.train_count);
  models_.push_back(std::make_unique<HeadModel>(
      examples_.classes, training,
      HeadLoss{.class_weights = class_weights(training.class_weights, labels, examples_.classes),
               .seed = seed}));
  return *models_.back();
}

void HeadLearners::copy_examples(Precision precision) {
  const std::size_t count = examples_.train_count;
  const auto copy = [&](auto& table) {
    if (!table.empty()) return;
    table = {count, features::kBottleneckSize};
    for (std::size_t i = 0; i < count; ++i) table.set(i, bottlenecks_.row(i));
  };
  if (precision == Precision::kBfloat16) return copy(rounded_);
  const std::size_t most = std::min(most_copied_bytes_, available_memory_bytes() / 4);
  if (RowTable<float>::bytes(count, features::kBottleneckSize) > most) return;
  try {
    copy(copied_);
  } catch (const std::bad_alloc&) {
    // They are read where they are mapped.
  }
}

const float* HeadLearners::row(std::uint32_t example) const {
  const bool copied = !copied_.empty() && example < examples_.train_count;
  return copied ? copied_.row(example) : bottlenecks_.row(example).data();
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
  const auto step_on = [&](auto& rows, auto& next, const auto& row_of) {
    rows.clear();
    next.clear();
    for (const std::uint32_t example : batch.examples) rows.push_back(row_of(example));
    for (const std::uint32_t example : batch.next) next.push_back(row_of(example));
    desk.group.step(desk.heads, batch.step, rows, desk.labels, desk.losses, next);
  };
  if (precision == Precision::kFloat32) {
    step_on(desk.rows, desk.next, [&](std::uint32_t example) { return row(example); });
  } else {
    step_on(desk.rounded_rows, desk.rounded_next,
            [&](std::uint32_t example) { return rounded_.row(example); });
  }
  for (std::size_t i = 0; i < desk.heads.size(); ++i) losses[desk.indices[i]] = desk.losses[i];
}

absl::Status HeadLearners::logits(Places who, Indices examples, std::span<const std::span<float>> out,
                                  const Watch&) {
  std::unique_ptr<Desk> desk = take_desk();
  desk->heads.clear();
  for (const std::size_t place : who) desk->heads.push_back(&models_[place]->head());
  desk->rows.clear();
  for (const std::uint32_t example : examples) desk->rows.push_back(row(example));
  desk->group.logits(desk->heads, desk->rows, out);
  put_back(std::move(desk));
  return absl::OkStatus();
}

}  // namespace melsweep::training
