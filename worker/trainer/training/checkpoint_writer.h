// When a trial's checkpoints are written in the course of one attempt, and which of them stay.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>

#include "absl/status/statusor.h"
#include "shared/model/metric.h"
#include "shared/time/clock.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

// Not thread-safe.
class CheckpointWriter {
 public:
  struct Options {
    std::filesystem::path folder;  // absolute; made when the first is written
    inception::Metadata trial;     // checkpoint_metadata()
    double every_s = 0.0;          // from one to the next, at least; 0 = only when stopped
    std::int64_t steps_done = 0;   // of the checkpoint that the attempt goes on from
    // A file that stays until two more have been written; may be empty.
    std::function<void(const Checkpoint&)> written;
  };

  // The model and the clock outlive the writer. The first checkpoint is due every_s from now.
  CheckpointWriter(Options options, const Model& model, const Clock& clock);

  // The model has learned one step more: writes where the time has come. Of those that were written before
  // the newest two stay. What cannot be written is no failure: standard error is told, once in a row.
  void step_done(std::int64_t step);

  // The attempt ends early: writes what was learned since the last, if anything.
  void stopped();

  // The final one, of the last step; `written` is not called. ResourceExhausted where memory ran out, else
  // Internal.
  absl::StatusOr<Checkpoint> finish(std::int64_t step);

 private:
  void write();
  void remove_old();
  void complain(const absl::Status& status);

  const Options options_;
  const Model& model_;
  const Clock& clock_;
  std::int64_t step_;        // done
  std::int64_t saved_step_;  // of the newest checkpoint
  MonotonicTime last_;       // that one was written, or tried to
  bool complained_ = false;
  std::deque<std::filesystem::path> kept_;  // oldest first
};

}  // namespace melsweep::training
