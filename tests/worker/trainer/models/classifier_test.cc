#include "worker/trainer/models/classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/worker/trainer/models/trained_fixture.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/inception/trunk_embedder.h"

namespace melsweep::models {
namespace {

using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

using ClassifierTest = TrainedFixture;

TEST_F(ClassifierTest, AHeadGivesTheVeryNumbersThatTrainingRecorded) {
  const TrainedModel model = train();
  EXPECT_EQ(evaluated.size(), 2);
  EXPECT_EQ(predict(model), evaluated);
}

TEST_F(ClassifierTest, ANetworkGivesTheNumbersThatTrainingRecorded) {
  plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
  plan.settings.training.steps = 2;
  plan.settings.training.evaluate_every = 2;
  const TrainedModel model = train();
  const Probabilities found = predict(model);
  ASSERT_EQ(found.size(), evaluated.size());
  for (const auto& [clip, probabilities] : evaluated) {
    EXPECT_THAT(found.at(clip), Pointwise(FloatNear(1e-6F), probabilities)) << clip;
  }
}

TEST_F(ClassifierTest, ATrunkInBfloat16GivesTheVeryNumbersThatTrainingRecorded) {
  if (!inception::check_precision(Precision::kBfloat16, torch::kCPU).ok()) {
    GTEST_SKIP() << "this processor has no bfloat16";
  }
  plan.settings.model.precision = Precision::kBfloat16;
  const TrainedModel model = train();
  EXPECT_EQ(predict(model), evaluated);
}

TEST_F(ClassifierTest, OtherWeightsThanTheTrialsAreRefused) {
  const std::filesystem::path weights = folder / "weights.safetensors";
  ASSERT_TRUE(inception::save_network(weights, inception::random_network(1), {}, {}).ok());
  plan.settings.model.weights = weights.string();
  const TrainedModel model = train();
  ASSERT_TRUE(inception::save_network(weights, inception::random_network(2), {}, {}).ok());
  const absl::Status status = load_classifier(model, torch::kCPU).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("are not those that trial 7 of sweep 'tones'"));

  std::filesystem::remove(weights);
  EXPECT_EQ(load_classifier(model, torch::kCPU).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ClassifierTest, AModelFileThatIsAnotherOrGoneIsRefused) {
  const TrainedModel model = train();
  {
    std::fstream file(model.file.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-1, std::ios::end);
    file.put('x');
  }
  const absl::Status changed = load_classifier(model, torch::kCPU).status();
  EXPECT_EQ(changed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(changed.message()), HasSubstr("is not the model of trial 7"));

  std::filesystem::remove(model.file.path);
  const absl::Status gone = load_classifier(model, torch::kCPU).status();
  EXPECT_EQ(gone.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(gone.message()), HasSubstr("artifact folder"));
}

TEST_F(ClassifierTest, LabelsThatTheHeadHasNoOutputsForAreRefused) {
  TrainedModel model = train();
  model.labels.emplace_back("third");
  const absl::Status status = load_classifier(model, torch::kCPU).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("fc.weight"));
}

}  // namespace
}  // namespace melsweep::models
