#include "shared/wire/evaluation_messages.h"

#include <gtest/gtest.h>

#include "tests/shared/wire/sample_messages.h"

namespace melsweep::wire {
namespace {

TEST(EvaluationMessages, ACheckpointComesBackEqual) {
  const Checkpoint checkpoint{30000, "/data/head.safetensors", "beef"};
  EXPECT_EQ(*decode(encode(checkpoint)), checkpoint);
}

TEST(EvaluationMessages, AnEvaluationComesBackEqual) {
  const auto decoded = decode(encode(sample_evaluation()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, sample_evaluation());
}

TEST(EvaluationMessages, APredictionOfAClassThatIsNotThereIsRefused) {
  Evaluation evaluation = sample_evaluation();
  evaluation.predictions[0].true_class = 2;
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(evaluation)).status()));
  evaluation = sample_evaluation();
  evaluation.predictions[0].predicted_class = -1;
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(evaluation)).status()));
}

TEST(EvaluationMessages, ProbabilitiesAreOneAClassOrNone) {
  Evaluation evaluation = sample_evaluation();
  evaluation.predictions[0].probabilities = {1.0F};
  const auto decoded = decode(encode(evaluation));
  ASSERT_TRUE(absl::IsInvalidArgument(decoded.status()));
  EXPECT_EQ(std::string(decoded.status().message()), "prediction.probabilities: are 1 for 2 classes");
}

TEST(EvaluationMessages, ASplitMustBeSaid) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(v1::Evaluation()).status()));
}

TEST(EvaluationMessages, StepsAreNotNegative) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(Checkpoint{-1, "head", ""})).status()));
  Evaluation evaluation = sample_evaluation();
  evaluation.step = -1;
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(evaluation)).status()));
}

TEST(EvaluationMessages, AreRefusedBeyondWhatADataSetCanBe) {
  Evaluation evaluation = sample_evaluation();
  evaluation.predictions[0].clip.assign(4097, 'x');
  EXPECT_EQ(std::string(decode(encode(evaluation)).status().message()),
            "prediction.clip: must be at most 4096 bytes");
  evaluation = sample_evaluation();
  evaluation.classes.resize(10'001);
  EXPECT_EQ(std::string(decode(encode(evaluation)).status().message()),
            "evaluation.classes: are 10001; at most 10000 are allowed");
}

}  // namespace
}  // namespace melsweep::wire
