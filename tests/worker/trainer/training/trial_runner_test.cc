#include "worker/trainer/training/trial_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "shared/files/digest.h"
#include "tests/worker/trainer/training/tiny_dataset.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class TrialRunnerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("trial_runner_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    plan.dataset = write_tiny_dataset(folder / "sounds", 4, 2);
    plan.settings.model.weights = "random";
    plan.settings.training = {
        .steps = 60, .evaluate_every = 20, .batch_size = 4, .learning_rate = 0.05, .augmentation = {}};
    plan.seed = 3;
    runner.emplace(TrialRunner::Options{.data_dir = folder / "data", .threads = 1}, clock);
  }

  void TearDown() override { fs::remove_all(folder); }

  std::variant<DatasetReport, Failure, Interrupted> prepare_with(const std::vector<std::string>& weights) {
    return runner->prepare(plan.dataset, weights, observer(), {});
  }

  DatasetReport prepare() {
    auto end = prepare_with({plan.settings.model.weights});
    EXPECT_TRUE(std::holds_alternative<DatasetReport>(end));
    if (auto* failure = std::get_if<Failure>(&end)) ADD_FAILURE() << failure->message;
    return std::get<DatasetReport>(std::move(end));
  }

  // The plan as a coordinator would make it.
  void plan_on_prepared_data() {
    const DatasetReport report = prepare();
    plan.dataset_hash = report.content_hash;
    plan.weights_hash = report.weights_hashes.at(plan.settings.model.weights);
  }

  // A file of weights, as good as untrained ones, of this seed.
  std::string write_weights(std::uint64_t seed) {
    const fs::path path = folder / "weights.safetensors";
    EXPECT_TRUE(inception::save_network(path, inception::random_network(seed), {}, {}).ok());
    return path.string();
  }

  std::variant<Trained, Failure, Interrupted> run() {
    return runner->run({.plan = plan, .artifacts_dir = folder / "artifacts"}, observer(),
                       stopper.get_token());
  }

  Trained train() {
    auto end = run();
    if (auto* failure = std::get_if<Failure>(&end)) ADD_FAILURE() << failure->message;
    return std::get<Trained>(std::move(end));
  }

  TrainingObserver observer() {
    return {.progress =
                [this](const Progress& progress) {
                  // A stage that finds everything done says so once.
                  if (progress.done < progress.total) stages.insert(progress.stage);
                  totals[progress.stage] = progress.total;
                  if (progress.stage == stop_in_stage) stopper.request_stop();
                },
            .metrics =
                [this](const std::vector<MetricPoint>& points) {
                  for (const MetricPoint& point : points) {
                    if (point.name == "validation/loss") measured.push_back(point.step);
                  }
                }};
  }

  static std::set<std::string> names_of(const std::vector<StageTime>& stages) {
    std::set<std::string> names;
    for (const StageTime& stage : stages) names.insert(stage.stage);
    return names;
  }

  // Made and found.
  static std::pair<int, int> items_of(const std::vector<StageTime>& stages, const std::string& name) {
    for (const StageTime& stage : stages) {
      if (stage.stage == name) return {static_cast<int>(stage.made), static_cast<int>(stage.found)};
    }
    ADD_FAILURE() << "no stage " << name;
    return {};
  }

  fs::path folder;
  SystemClock clock;
  TrialPlan plan;
  std::optional<TrialRunner> runner;
  std::set<std::string> stages;
  std::map<std::string, std::int64_t> totals;
  std::vector<std::int64_t> measured;
  std::string stop_in_stage;
  std::stop_source stopper;
};

TEST_F(TrialRunnerTest, ATrialTellsWhatItsTimeWentIntoAndWhatTheCachesHad) {
  plan_on_prepared_data();
  const std::vector<StageTime> first = train().stages;
  EXPECT_EQ(names_of(first),
            (std::set<std::string>{"reading data", "reading weights", "spectrograms", "bottlenecks",
                                   "training", "evaluating", "writing the model"}));
  for (const StageTime& stage : first) EXPECT_GT(stage.seconds, 0.0) << stage.stage;
  EXPECT_EQ(stage_flaw(first), "");
  // The files are known since the preparation.
  EXPECT_EQ(items_of(first, "reading data"), std::pair(0, 6));
  EXPECT_EQ(items_of(first, "spectrograms"), std::pair(6, 0));
  EXPECT_EQ(items_of(first, "bottlenecks"), std::pair(6, 0));
  EXPECT_EQ(items_of(first, "training"), std::pair(60, 0));
  const std::vector<StageTime> second = train().stages;
  EXPECT_EQ(names_of(second).count("spectrograms"), 0U);
  EXPECT_EQ(items_of(second, "bottlenecks"), std::pair(0, 6));
}

TEST_F(TrialRunnerTest, ATrialOfTheNetworkTellsItsStages) {
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.steps = 2;
  plan.settings.training.evaluate_every = 2;
  plan_on_prepared_data();
  const std::vector<StageTime> stages = train().stages;
  EXPECT_EQ(names_of(stages), (std::set<std::string>{"reading data", "reading weights", "spectrograms",
                                                     "training", "evaluating", "writing the model"}));
  EXPECT_EQ(items_of(stages, "training"), std::pair(2, 0));
}

TEST_F(TrialRunnerTest, PrepareTellsTheDataAndTheWeights) {
  const DatasetReport report = prepare();
  EXPECT_EQ(report.clips.size(), 6U);
  EXPECT_THAT(report.classes, ElementsAre("high", "low"));
  EXPECT_THAT(report.weights_hashes, ElementsAre(Pair("random", "random")));
}

TEST_F(TrialRunnerTest, PrepareRefusesWeightsThatAreNotThere) {
  const auto end = prepare_with({"random", "no-such-weights.safetensors"});
  const auto& failure = std::get<Failure>(end);
  EXPECT_EQ(failure.kind, FailureKind::kBadConfiguration);
  EXPECT_THAT(failure.message, HasSubstr("no-such-weights.safetensors"));
}

TEST_F(TrialRunnerTest, PrepareRefusesAFileThatHoldsNoWeights) {
  const fs::path path = folder / "text.safetensors";
  std::ofstream(path) << "these are no weights at all";
  const auto end = prepare_with({path.string()});
  EXPECT_EQ(std::get<Failure>(end).kind, FailureKind::kBadConfiguration);
}

TEST_F(TrialRunnerTest, PrepareRefusesDataThatAreNotThere) {
  plan.dataset.path = (folder / "nowhere.csv").string();
  const auto end = prepare_with({"random"});
  const auto& failure = std::get<Failure>(end);
  EXPECT_EQ(failure.kind, FailureKind::kBadData);
  EXPECT_THAT(failure.message, HasSubstr("nowhere.csv"));
}

TEST_F(TrialRunnerTest, ATrialGoesFromSoundToCheckpoint) {
  plan_on_prepared_data();
  const Trained trained = train();
  EXPECT_THAT(measured, ElementsAre(20, 40, 60));
  EXPECT_EQ(trained.evaluation.step, 60);
  EXPECT_THAT(trained.evaluation.classes, ElementsAre("high", "low"));
  ASSERT_EQ(trained.evaluation.predictions.size(), 2U);
  EXPECT_EQ(trained.evaluation.predictions[0].clip, "clip4.wav");
  EXPECT_EQ(trained.evaluation.predictions[1].clip, "clip5.wav");
  EXPECT_TRUE(stages.contains("training"));

  EXPECT_EQ(trained.checkpoint.step, 60);
  EXPECT_EQ(trained.checkpoint.path, fs::absolute(folder / "artifacts" / "step-60.safetensors"));
  EXPECT_EQ(*files::sha256_file(trained.checkpoint.path), trained.checkpoint.sha256);
  const auto file = inception::SafetensorsFile::open(trained.checkpoint.path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->find("fc.weight")->shape, (std::vector<std::int64_t>{2, 2048}));
  EXPECT_EQ(file->find("fc.bias")->shape, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(file->metadata().at("melsweep.classes"), R"(["high","low"])");
  EXPECT_EQ(file->metadata().at("melsweep.weights_hash"), "random");
  EXPECT_EQ(file->metadata().at("melsweep.seed"), "3");
  EXPECT_EQ(file->metadata().at("melsweep.step"), "60");
  EXPECT_THAT(file->metadata().at("melsweep.features"), HasSubstr("\"n_mels\":128"));
}

TEST_F(TrialRunnerTest, ASecondTrialReadsNoSoundAndTheSamePlanGivesTheSameBits) {
  plan_on_prepared_data();
  const Trained first = train();
  stages.clear();
  // Another process: nothing but the files is left.
  runner.emplace(TrialRunner::Options{.data_dir = folder / "data", .threads = 1}, clock);
  const Trained second = train();
  EXPECT_FALSE(stages.contains("spectrograms"));
  EXPECT_FALSE(stages.contains("bottlenecks"));
  EXPECT_EQ(first.checkpoint.sha256, second.checkpoint.sha256);
  EXPECT_EQ(first.evaluation, second.evaluation);
  plan.seed = 4;
  EXPECT_NE(train().checkpoint.sha256, first.checkpoint.sha256);
}

// Of each of four stereo clips three signals, each as it is and in two variants, and two clips that validate.
TEST_F(TrialRunnerTest, AHeadLearnsFromVariantsWhichAreMadeOnce) {
  plan.settings.training.augmentation = {Augmentation::kChannels, Augmentation::kNoise, Augmentation::kMasks};
  plan_on_prepared_data();
  const Trained augmented = train();
  EXPECT_EQ(totals["bottlenecks"], 4 * 3 * 3 + 2);
  EXPECT_EQ(augmented.evaluation.predictions.size(), 2U);
  stages.clear();
  EXPECT_EQ(train().checkpoint.sha256, augmented.checkpoint.sha256);
  EXPECT_FALSE(stages.contains("bottlenecks"));
  plan.settings.training.variants.noise_snr = 0.0;
  EXPECT_NE(train().checkpoint.sha256, augmented.checkpoint.sha256);
  EXPECT_TRUE(stages.contains("bottlenecks"));
}

TEST_F(TrialRunnerTest, ANetworkLearnsFromVariantsToo) {
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.steps = 2;
  plan.settings.training.evaluate_every = 2;
  plan.settings.training.augmentation = {Augmentation::kGain, Augmentation::kShift};
  plan_on_prepared_data();
  EXPECT_EQ(train().evaluation.predictions.size(), 2U);
  EXPECT_EQ(totals["spectrograms"], 4 * 3 + 2);
}

TEST_F(TrialRunnerTest, DataThatAreOthersHereAreThisMachinesFault) {
  plan_on_prepared_data();
  write_tone(folder / "sounds" / "clip1.wav", 1234.0, 0.5);
  const auto end = run();
  const auto& failure = std::get<Failure>(end);
  EXPECT_EQ(failure.kind, FailureKind::kInternal);
  EXPECT_THAT(failure.message, HasSubstr("not those the sweep was prepared with"));
}

TEST_F(TrialRunnerTest, DataThatAreMissingHereAreThisMachinesFault) {
  plan_on_prepared_data();
  fs::remove(folder / "sounds" / "clip1.wav");
  const auto without_clip = run();
  EXPECT_EQ(std::get<Failure>(without_clip).kind, FailureKind::kInternal);
  EXPECT_THAT(std::get<Failure>(without_clip).message, HasSubstr("clip1.wav"));
  plan.dataset.path = (folder / "nowhere.csv").string();
  const auto without_data = run();
  EXPECT_EQ(std::get<Failure>(without_data).kind, FailureKind::kInternal);
  EXPECT_THAT(std::get<Failure>(without_data).message, HasSubstr("nowhere.csv"));
}

TEST_F(TrialRunnerTest, WeightsThatAreOthersHereAreThisMachinesFault) {
  plan.settings.model.weights = write_weights(1);
  plan_on_prepared_data();
  write_weights(2);
  const auto end = run();
  const auto& failure = std::get<Failure>(end);
  EXPECT_EQ(failure.kind, FailureKind::kInternal);
  EXPECT_THAT(failure.message, HasSubstr(plan.weights_hash));
  EXPECT_THAT(failure.message, HasSubstr(*files::sha256_file(plan.settings.model.weights)));
}

TEST_F(TrialRunnerTest, UntrainedWeightsAreHeldToTheirNameToo) {
  plan_on_prepared_data();
  plan.weights_hash = "5eed";
  EXPECT_EQ(std::get<Failure>(run()).kind, FailureKind::kInternal);
}

TEST_F(TrialRunnerTest, WeightsThatAreMissingHereAreThisMachinesFault) {
  plan.settings.model.weights = write_weights(1);
  plan_on_prepared_data();
  fs::remove(plan.settings.model.weights);
  const auto end = run();
  const auto& failure = std::get<Failure>(end);
  EXPECT_EQ(failure.kind, FailureKind::kInternal);
  EXPECT_THAT(failure.message, HasSubstr("weights.safetensors"));
}

TEST_F(TrialRunnerTest, DamagedWeightsAreABadConfiguration) {
  plan_on_prepared_data();
  const fs::path path = folder / "text.safetensors";
  std::ofstream(path) << "these are no weights at all";
  plan.settings.model.weights = path.string();
  plan.weights_hash = *files::sha256_file(path);
  const auto end = run();
  EXPECT_EQ(std::get<Failure>(end).kind, FailureKind::kBadConfiguration);
  EXPECT_THAT(std::get<Failure>(end).message, HasSubstr("text.safetensors"));
}

TEST_F(TrialRunnerTest, SettingsBeyondTheSchemasLimitsAreABadConfiguration) {
  plan_on_prepared_data();
  plan.settings.training.evaluate_every = 0;
  const auto end = run();
  EXPECT_EQ(std::get<Failure>(end).kind, FailureKind::kBadConfiguration);
  EXPECT_THAT(std::get<Failure>(end).message, HasSubstr("training.evaluate_every"));
}

TEST_F(TrialRunnerTest, WhatOnlyAHeadIsTrainedWithIsABadConfigurationOfANetwork) {
  plan_on_prepared_data();
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.precision = Precision::kBfloat16;
  const auto end = run();
  EXPECT_EQ(std::get<Failure>(end).kind, FailureKind::kBadConfiguration);
  EXPECT_EQ(
      std::get<Failure>(end).message,
      "training.precision bfloat16 is of a head that learns alone, and here the network learns; use float32, "
      "or model.trainable: head");
}

TEST_F(TrialRunnerTest, ALearningRateThatDivergesIsABadConfiguration) {
  plan_on_prepared_data();
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.learning_rate = 1000.0;
  const auto end = run();
  const auto& failure = std::get<Failure>(end);
  EXPECT_EQ(failure.kind, FailureKind::kBadConfiguration);
  EXPECT_THAT(failure.message, HasSubstr("learning_rate 1000"));
  EXPECT_FALSE(fs::exists(folder / "artifacts"));
}

TEST_F(TrialRunnerTest, AStoppedTrialIsInterrupted) {
  plan_on_prepared_data();
  stop_in_stage = "training";
  EXPECT_TRUE(std::holds_alternative<Interrupted>(run()));
  EXPECT_TRUE(measured.empty());
}

TEST_F(TrialRunnerTest, TheNetworkItselfIsTrainedOnTheSamePath) {
  plan_on_prepared_data();
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.steps = 2;
  plan.settings.training.learning_rate = 0.01;
  const Trained trained = train();
  EXPECT_THAT(measured, ElementsAre(2));
  EXPECT_EQ(trained.evaluation.predictions.size(), 2U);
  EXPECT_FALSE(stages.contains("bottlenecks"));
  EXPECT_TRUE(fs::exists(trained.checkpoint.path));
}

}  // namespace
}  // namespace melsweep::training
