// A model that was really trained, on a few tones and untrained weights.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "shared/model/trained_model.h"
#include "shared/time/clock.h"
#include "tests/worker/trainer/training/tiny_dataset.h"
#include "worker/trainer/models/classifier.h"
#include "worker/trainer/models/predict.h"
#include "worker/trainer/training/trial_runner.h"

namespace melsweep::models {

class TrainedFixture : public testing::Test {
 protected:
  using Probabilities = std::map<std::string, std::vector<float>>;  // by file name

  void SetUp() override {
    folder = std::filesystem::path(testing::TempDir()) /
             ("models_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder);
    plan.dataset = training::write_tiny_dataset(sounds(), 4, 2);
    plan.settings.model.weights = "random";
    plan.settings.training = {
        .steps = 20, .evaluate_every = 20, .batch_size = 4, .learning_rate = 0.05, .augmentation = {}};
    plan.seed = 3;
  }

  void TearDown() override { std::filesystem::remove_all(folder); }

  std::filesystem::path sounds() const { return folder / "sounds"; }

  // Trains the plan; `evaluated` is then what training recorded of the validation clips.
  TrainedModel train() {
    torch::set_num_threads(1);
    training::TrialRunner runner({.data_dir = folder / "data", .threads = 1}, clock);
    const std::vector<std::string> weights = {plan.settings.model.weights};
    auto report = std::get<DatasetReport>(runner.prepare(plan.dataset, weights, {}, {}));
    plan.dataset_hash = report.content_hash;
    plan.weights_hash = report.weights_hashes.at(plan.settings.model.weights);
    auto end = runner.run({.plan = plan, .artifacts_dir = folder / "artifacts"}, {}, {});
    if (const auto* failure = std::get_if<Failure>(&end)) ADD_FAILURE() << failure->message;
    const auto trained = std::get<training::Trained>(std::move(end));
    for (const Prediction& prediction : trained.evaluation.predictions) {
      evaluated[prediction.clip] = prediction.probabilities;
    }
    TrainedModel model;
    model.labels = trained.evaluation.classes;
    model.settings = plan.settings;
    model.file = {.path = trained.checkpoint.path, .sha256 = trained.checkpoint.sha256};
    model.start = {.path = plan.settings.model.weights, .sha256 = plan.weights_hash};
    model.origin.sweep = "tones";
    model.origin.trial = 7;
    model.origin.dataset = plan.dataset;
    return model;
  }

  // Of the clips that training evaluated.
  Probabilities predict(const TrainedModel& model) {
    Probabilities found;
    const auto classifier = load_classifier(model, torch::kCPU);
    EXPECT_TRUE(classifier.ok()) << classifier.status();
    if (!classifier.ok()) return found;
    std::vector<std::filesystem::path> files;
    for (const auto& [clip, probabilities] : evaluated) files.push_back(sounds() / clip);
    const absl::Status status = predict_files(
        files, **classifier,
        {.features = model.settings.features,
         .labels = model.labels.size(),
         .windows = {},
         .predicted =
             [&](const SoundPrediction& sound) { found[sound.file.filename()] = sound.probabilities; },
         .failed = [](const absl::Status& why) { ADD_FAILURE() << why; },
         .progress = nullptr});
    EXPECT_TRUE(status.ok()) << status;
    return found;
  }

  const SystemClock clock;
  std::filesystem::path folder;
  TrialPlan plan;
  Probabilities evaluated;
};

}  // namespace melsweep::models
