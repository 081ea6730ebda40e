// Records of a small sweep, for tests to change where they need to.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/store/store.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::store {

inline SweepSpec sample_spec(const std::string& name = "lr-batch-grid") {
  SweepSpec spec;
  spec.name = name;
  spec.dataset.path = "data/UrbanSound8K";
  spec.dataset.split.validation_folds = {9};
  spec.dataset.split.test_folds = {10};
  spec.base.model.weights = "inception_v3.safetensors";
  spec.parameters = {
      {.name = "learning_rate", .path = "training.learning_rate", .values = {0.005, 0.05}},
      {.name = "batch_size", .path = "training.batch_size", .values = {std::int64_t{50}, std::int64_t{200}}}};
  return spec;
}

inline SweepRecord sample_sweep(std::int64_t id, const std::string& name = "lr-batch-grid") {
  SweepRecord sweep;
  sweep.id = SweepId{id};
  sweep.spec = sample_spec(name);
  sweep.yaml = spec::to_yaml(sweep.spec);
  sweep.request = RequestId{"submit-" + std::to_string(id)};
  sweep.state = SweepState::kRunning;
  sweep.created_ms = 1'760'000'000'000 + id;
  return sweep;
}

inline TrialRecord sample_trial(std::int64_t id, std::int64_t sweep, std::int64_t number) {
  TrialRecord trial;
  trial.id = TrialId{id};
  trial.sweep = SweepId{sweep};
  trial.number = number;
  trial.cell.index = number - 1;
  trial.cell.parameters = {{.name = "learning_rate", .value = 0.05},
                           {.name = "batch_size", .value = std::int64_t{50} * number}};
  trial.cell.settings = sample_spec().base;
  trial.cell.settings.training.learning_rate = 0.05;
  trial.cell.settings.training.batch_size = 50 * number;
  trial.created_ms = 1'760'000'001'000;
  return trial;
}

inline WorkerRecord sample_worker(const std::string& id = "worker-1") {
  return {.id = WorkerId{id},
          .host = "host-of-" + id,
          .device = "cuda:0",
          .registered_ms = 1'760'000'000'500,
          .resources = {.gpus = 1, .gpu_memory = {24'000'000'000}, .cpus = 8, .labels = {"a,b", "c \"d\""}}};
}

inline AttemptRecord sample_attempt(std::int64_t trial, std::int32_t epoch,
                                    const std::string& worker = "worker-1") {
  AttemptRecord attempt;
  attempt.ref = {.trial = TrialId{trial}, .epoch = epoch};
  attempt.worker = WorkerId{worker};
  attempt.request = RequestId{"lease-" + std::to_string(trial) + "-" + std::to_string(epoch)};
  attempt.started_ms = 1'760'000'002'000;
  return attempt;
}

inline PreparationRecord sample_preparation(std::int64_t sweep, AttemptState state,
                                            const std::string& worker = "") {
  PreparationRecord preparation;
  preparation.sweep = SweepId{sweep};
  preparation.worker = WorkerId{worker};
  preparation.state = state;
  return preparation;
}

inline DatasetReport sample_dataset() {
  DatasetReport report;
  report.content_hash = "c0ffee";
  report.classes = {"car_horn", "siren"};
  report.clips = {{.id = "fold9/a.wav",
                   .class_index = 0,
                   .group = "100032",
                   .fold = 9,
                   .content_hash = "aa",
                   .sample_rate = 44100,
                   .channels = 2,
                   .duration_s = 3.5,
                   .split = Split::kValidation},
                  {.id = "fold9/b.wav",
                   .class_index = 1,
                   .group = "100263",
                   .fold = 9,
                   .content_hash = "bb",
                   .sample_rate = 8000,
                   .channels = 1,
                   .duration_s = 0.25,
                   .split = Split::kValidation}};
  report.skipped = {{.id = "fold1/broken.wav", .reason = "fold1/broken.wav is empty"}};
  report.warnings = {"one recording is on both sides of the split"};
  report.weights_hashes = {{"inception_v3.safetensors", "feed"}, {"random", "random"}};
  return report;
}

// Three clips, of which the siren d.wav is taken for a car horn.
inline Evaluation sample_evaluation() {
  return {
      .split = Split::kValidation,
      .step = 1000,
      .classes = {"car_horn", "siren"},
      .predictions = {
          {.clip = "fold9/a.wav", .true_class = 0, .predicted_class = 0, .probabilities = {0.9F, 0.1F}},
          {.clip = "fold9/b.wav", .true_class = 1, .predicted_class = 1, .probabilities = {0.2F, 0.8F}},
          {.clip = "fold9/d.wav", .true_class = 1, .predicted_class = 0, .probabilities = {0.75F, 0.25F}}}};
}

}  // namespace melsweep::store
