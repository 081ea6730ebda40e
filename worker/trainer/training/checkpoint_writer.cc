#include "worker/trainer/training/checkpoint_writer.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <system_error>
#include <utility>

#include "worker/trainer/training/checkpoint_file.h"

namespace melsweep::training {
namespace {

constexpr std::size_t kKept = 2;

}  // namespace

CheckpointWriter::CheckpointWriter(Options options, const Model& model, const Clock& clock)
    : options_(std::move(options)),
      model_(model),
      clock_(clock),
      step_(options_.steps_done),
      saved_step_(options_.steps_done),
      last_(clock_.now().monotonic) {}

void CheckpointWriter::step_done(std::int64_t step) {
  step_ = step;
  if (options_.every_s <= 0.0) return;
  const std::chrono::duration<double> passed = clock_.now().monotonic - last_;
  if (passed.count() >= options_.every_s) write();
}

void CheckpointWriter::stopped() {
  if (step_ > saved_step_) write();
}

void CheckpointWriter::write() {
  const auto checkpoint = write_checkpoint(options_.folder, step_, model_, options_.trial);
  last_ = clock_.now().monotonic;
  if (!checkpoint.ok()) {
    complain(checkpoint.status());
    return;
  }
  complained_ = false;
  saved_step_ = step_;
  kept_.emplace_back(checkpoint->path);
  remove_old();
  if (options_.written) options_.written(*checkpoint);
}

void CheckpointWriter::remove_old() {
  while (kept_.size() > kKept) {
    std::error_code ignored;  // the folder goes with the attempt
    std::filesystem::remove(kept_.front(), ignored);
    kept_.pop_front();
  }
}

void CheckpointWriter::complain(const absl::Status& status) {
  if (complained_) return;
  complained_ = true;
  fmt::print(stderr, "melsweep-trainer: no checkpoint of step {}: {}\n", step_,
             std::string(status.message()));
}

absl::StatusOr<Checkpoint> CheckpointWriter::finish(std::int64_t step) {
  auto checkpoint = write_checkpoint(options_.folder, step, model_, options_.trial);
  if (checkpoint.ok() || absl::IsResourceExhausted(checkpoint.status())) return checkpoint;
  return absl::InternalError(checkpoint.status().message());
}

}  // namespace melsweep::training
