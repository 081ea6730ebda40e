#include "shared/results/trained_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

using namespace store;  // NOLINT(google-build-using-namespace): records and the store that writes the fixture
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ParseRunTest, BehindTheLastColonStandsTheTrial) {
  EXPECT_EQ(parse_run("grid").sweep, "grid");
  EXPECT_FALSE(parse_run("grid").trial.has_value());
  EXPECT_EQ(parse_run("grid:7").sweep, "grid");
  EXPECT_EQ(parse_run("grid:7").trial, 7);
  EXPECT_EQ(parse_run("3:best").sweep, "3");
  EXPECT_FALSE(parse_run("3:best").trial.has_value());
  EXPECT_EQ(parse_run("a:b:7").sweep, "a:b");
  EXPECT_EQ(parse_run("a:b").sweep, "a:b");
  EXPECT_FALSE(parse_run("a:b").trial.has_value());
}

class TrainedModelTest : public testing::Test {
 protected:
  void SetUp() override {
    add({PutSweep{sample_sweep(1)}, PutDataset{SweepId{1}, dataset()}, PutWorker{sample_worker()}});
  }

  static DatasetReport dataset() {
    DatasetReport report = sample_dataset();
    const auto add_clip = [&](const std::string& id, int class_index, int fold, Split split, int channels) {
      Clip clip;
      clip.id = id;
      clip.class_index = class_index;
      clip.group = id;
      clip.fold = fold;
      clip.split = split;
      clip.channels = channels;
      report.clips.push_back(clip);
    };
    add_clip("fold1/c.wav", 0, 1, Split::kTrain, 2);
    add_clip("fold1/d.wav", 0, 1, Split::kTrain, 1);
    add_clip("fold2/e.wav", 1, 2, Split::kTrain, 6);
    add_clip("fold99/f.wav", 1, 10, Split::kTest, 2);
    report.trainer = "melsweep-trainer 1.2.3";
    return report;
  }

  void add(const std::vector<Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  void add_trial(std::int64_t id, std::int64_t sweep, std::int64_t number, int validation_fold = 0) {
    TrialRecord trial = sample_trial(id, sweep, number);
    trial.validation_fold = validation_fold;
    add({PutTrial{trial}});
  }

  void finish(std::int64_t id, std::int64_t sweep, std::int64_t number, double objective,
              int validation_fold = 0, const std::vector<Augmentation>& augmentation = {}) {
    TrialRecord trial = sample_trial(id, sweep, number);
    trial.validation_fold = validation_fold;
    trial.cell.settings.training.augmentation = augmentation;
    trial.state = TrialState::kFinished;
    trial.epoch = 1;
    trial.objective = objective;
    trial.finished_ms = 1'760'000'009'000;
    AttemptRecord attempt = sample_attempt(id, 1);
    attempt.state = AttemptState::kFinished;
    attempt.ended_ms = 1'760'000'008'000;
    attempt.checkpoint =
        Checkpoint{.step = 1000, .path = "/artifacts/trial-" + std::to_string(id), .sha256 = "ab"};
    add({PutTrial{trial}, PutAttempt{attempt}, PutEvaluation{attempt.ref, sample_evaluation()},
         AddMetrics{attempt.ref,
                    {{500, "validation/accuracy", 0.1}, {1000, "validation/accuracy", objective}}}});
  }

  absl::StatusOr<TrainedModel> read(const std::string& run) {
    return read_trained_model(path_, parse_run(run));
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(TrainedModelTest, TheBestIsTheLeaderboardsFirst) {
  finish(1, 1, 1, 0.8);
  finish(2, 1, 2, 0.9);
  finish(3, 1, 3, 0.7);
  EXPECT_EQ(read("last")->origin.trial, 2);
  EXPECT_EQ(read("lr-batch-grid:best")->origin.trial, 2);
  EXPECT_EQ(read("1:3")->origin.trial, 3);
}

TEST_F(TrainedModelTest, HoldsWhatTheDatabaseKnowsOfIt) {
  finish(4, 1, 2, 0.9);
  const absl::StatusOr<TrainedModel> model = read("1");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(model->labels, ElementsAre("car_horn", "siren"));
  EXPECT_EQ(model->settings.training.batch_size, 100);
  EXPECT_EQ(model->file, (HashedFile{.path = "/artifacts/trial-4", .sha256 = "ab"}));
  EXPECT_EQ(model->start, (HashedFile{.path = "inception_v3.safetensors", .sha256 = "feed"}));
  const ModelOrigin& origin = model->origin;
  EXPECT_EQ(origin.sweep, "lr-batch-grid");
  EXPECT_EQ(origin.step, 1000);
  EXPECT_EQ(origin.dataset, sample_spec().dataset);
  EXPECT_EQ(origin.dataset_hash, "c0ffee");
  EXPECT_EQ(origin.trainer, "melsweep-trainer 1.2.3");
  EXPECT_EQ(origin.clips_skipped, 1);
  EXPECT_THAT(origin.parameters,
              ElementsAre(Parameter{"learning_rate", 0.05}, Parameter{"batch_size", std::int64_t{100}}));
  EXPECT_THAT(origin.metrics, ElementsAre(MetricPoint{1000, "validation/accuracy", 0.9}));
  ASSERT_EQ(origin.evaluations.size(), 1);
  EXPECT_EQ(origin.evaluations[0].split, "validation");
  EXPECT_EQ(origin.evaluations[0].classes, class_metrics(sample_evaluation()));
  EXPECT_THAT(origin.warnings, ElementsAre("one recording is on both sides of the split"));
}

TEST_F(TrainedModelTest, ClipsAreCountedAsTheTrialUsedThem) {
  finish(1, 1, 1, 0.8);
  EXPECT_THAT(read("1")->origin.clips,
              ElementsAre(ClassClips{"car_horn", 2, 1, 0, 2}, ClassClips{"siren", 1, 1, 1, 1}));
}

TEST_F(TrainedModelTest, OfAFoldThatValidatedNoClipCountsForTraining) {
  finish(1, 1, 1, 0.8, /*validation_fold=*/2);
  EXPECT_THAT(read("1")->origin.clips,
              ElementsAre(ClassClips{"car_horn", 2, 1, 0, 2}, ClassClips{"siren", 0, 2, 1, 0}));
}

TEST_F(TrainedModelTest, PicturesAreCountedAsAugmentationMadeThemOfTheTrainingClips) {
  const std::vector<Augmentation> channels_and_noise = {Augmentation::kChannels, Augmentation::kNoise};
  finish(1, 1, 1, 0.8, /*validation_fold=*/0, channels_and_noise);
  EXPECT_THAT(read("1")->origin.clips,
              ElementsAre(ClassClips{"car_horn", 2, 1, 0, 6 + 2}, ClassClips{"siren", 1, 1, 1, 6}));
  finish(2, 1, 2, 0.9, /*validation_fold=*/1, channels_and_noise);
  EXPECT_THAT(read("1:2")->origin.clips,
              ElementsAre(ClassClips{"car_horn", 0, 3, 0, 0}, ClassClips{"siren", 1, 1, 1, 6}));
}

TEST_F(TrainedModelTest, OfATrialThatLearnedFromValidationTooNoClipCountsForValidation) {
  SweepRecord sweep = sample_sweep(1);
  sweep.spec.evaluate = Split::kTest;
  sweep.spec.train_on = TrainOn::kTrainingAndValidation;
  add({PutSweep{sweep}});
  finish(1, 1, 1, 0.8);
  EXPECT_THAT(read("1")->origin.clips,
              ElementsAre(ClassClips{"car_horn", 3, 0, 0, 3}, ClassClips{"siren", 2, 0, 1, 2}));
}

TEST_F(TrainedModelTest, WhatHasNoModelIsToldWithWhatThereIs) {
  add_trial(1, 1, 1);
  EXPECT_EQ(read("1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(read("1").status().message()), HasSubstr("no trial of sweep 1 has finished yet"));
  EXPECT_EQ(read("1:1").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(read("1:1").status().message()),
              HasSubstr("trial 1 of sweep 1 has no model: it is pending"));
  EXPECT_THAT(std::string(read("1:9").status().message()), HasSubstr("has no trial 9; it has trials 1 to 1"));
  EXPECT_THAT(std::string(read("other").status().message()), HasSubstr("there are: 1 'lr-batch-grid'"));
}

}  // namespace
}  // namespace melsweep::results
