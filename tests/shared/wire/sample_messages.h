// Model values with every field set to something that no default has.
#pragma once

#include "shared/model/assignment.h"
#include "shared/model/sweep.h"

namespace melsweep::wire {

inline DatasetSpec sample_dataset() {
  DatasetSpec dataset;
  dataset.format = DatasetFormat::kEsc50;
  dataset.path = "data/ESC-10";
  dataset.split = {.by = SplitBy::kFold, .validation_folds = {4}, .test_folds = {5}};
  dataset.on_bad_clip = BadClipPolicy::kSkip;
  return dataset;
}

inline TrialSettings sample_settings() {
  TrialSettings settings;
  settings.features.decibels = Decibels::kPower;
  settings.model.weights = "inception_v3.safetensors";
  settings.training.learning_rate = 0.05;
  settings.training.augmentation = {Augmentation::kChannels};
  return settings;
}

inline TrialAssignment sample_trial() {
  TrialAssignment trial;
  trial.epoch = 2;
  trial.plan.id = TrialId{7};
  trial.plan.sweep = SweepId{3};
  trial.plan.dataset = sample_dataset();
  trial.plan.dataset_hash = "abc123";
  trial.plan.weights_hash = "cafe";
  trial.plan.validation_fold = 4;
  trial.plan.settings = sample_settings();
  trial.plan.seed = 18'446'744'073'709'551'615u;
  trial.plan.evaluate = Split::kTest;
  trial.plan.train_on = TrainOn::kTrainingAndValidation;
  trial.checkpoints = {{1, 200, "c0de"}, {1, 100, "beef"}};
  return trial;
}

inline PrepareAssignment sample_preparation() {
  return {PrepareRef{SweepId{3}, 1}, sample_dataset(), {"inception_v3.safetensors", "random"}};
}

inline DatasetReport sample_report() {
  DatasetReport report;
  report.content_hash = "d0d0";
  report.classes = {"dog", "siren"};
  report.clips = {{"audio/1.wav", 1, "rec-1", 2, "aa", 44100, 2, 3.5, Split::kTest},
                  {"audio/2.wav", 0, "rec-2", 1, "bb", 22050, 1, 4.0, Split::kValidation}};
  report.skipped = {{"audio/3.wav", "audio/3.wav is empty"}};
  report.warnings = {"recordings stand on both sides"};
  report.validation_folds = {1, 2};
  report.weights_hashes = {{"inception_v3.safetensors", "cafe"}, {"random", "random"}};
  report.trainer = "melsweep-trainer 0.1.0";
  return report;
}

inline Evaluation sample_evaluation() {
  Evaluation evaluation;
  evaluation.split = Split::kTest;
  evaluation.step = 30000;
  evaluation.classes = {"dog", "siren"};
  evaluation.predictions = {{"audio/1.wav", 1, 0, {0.75F, 0.25F}}, {"audio/2.wav", 0, 0, {}}};
  return evaluation;
}

}  // namespace melsweep::wire
