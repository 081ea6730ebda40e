#include "shared/wire/model_messages.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <string>

namespace melsweep::wire {
namespace {

TEST(ModelMessages, AttemptsComeBackEqual) {
  EXPECT_TRUE(rc::check([](std::int64_t trial, std::int32_t epoch) {
    RC_PRE(trial > 0 && epoch > 0);
    const AttemptRef attempt{TrialId{trial}, epoch};
    RC_ASSERT(*decode(encode(attempt)) == attempt);
  }));
}

TEST(ModelMessages, ParametersOfEveryTypeComeBackEqual) {
  const ParameterValue values[] = {std::int64_t{-5}, std::int64_t{0},   0.0, 0.05, false, true,
                                   std::string(),    std::string("mel")};
  for (const ParameterValue& value : values) {
    const Parameter parameter{"learning_rate", value};
    const auto decoded = decode(encode(parameter));
    ASSERT_TRUE(decoded.ok()) << to_text(value);
    EXPECT_EQ(*decoded, parameter);
    EXPECT_EQ(decoded->value.index(), value.index());
  }
}

TEST(ModelMessages, MetricPointsComeBackEqual) {
  EXPECT_TRUE(rc::check([](std::int64_t step, double value) {
    RC_PRE(step >= 0);
    const MetricPoint point{step, "validation/accuracy", value};
    RC_ASSERT(*decode(encode(point)) == point);
  }));
}

TEST(ModelMessages, AMetricMayBeNoNumber) {
  const auto decoded = decode(encode(MetricPoint{1, "train/loss", std::numeric_limits<double>::quiet_NaN()}));
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(std::isnan(decoded->value));
}

TEST(ModelMessages, ClassMetricsComeBackEqual) {
  const ClassMetrics metrics{"siren", 0.5, 0.25, 1.0 / 3.0, 40};
  EXPECT_EQ(*decode(encode(metrics)), metrics);
}

TEST(ModelMessages, ProgressComesBackEqual) {
  const Progress progress{"bottlenecks", 3, 10};
  EXPECT_EQ(*decode(encode(progress)), progress);
}

TEST(ModelMessages, KindsOfFilesComeBackEqual) {
  for (const ArtifactKind kind : {ArtifactKind::kCheckpoint, ArtifactKind::kMisclassified}) {
    EXPECT_EQ(*decode(encode(kind)), kind);
  }
  EXPECT_FALSE(decode(static_cast<v1::ArtifactKind>(17)).ok());
}

TEST(ModelMessages, SplitsComeBackEqual) {
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest})
    EXPECT_EQ(*decode(encode(split)), split);
}

TEST(ModelMessages, AnUnspecifiedOrUnknownSplitIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(v1::SPLIT_UNSPECIFIED).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(static_cast<v1::Split>(77)).status()));
}

TEST(ModelMessages, AnAttemptNeedsAPositiveTrialAndEpoch) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(AttemptRef{TrialId{0}, 1})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(AttemptRef{TrialId{-3}, 1})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(AttemptRef{TrialId{1}, 0})).status()));
  const auto negative = decode(encode(AttemptRef{TrialId{1}, -1}));
  EXPECT_EQ(std::string(negative.status().message()), "epoch: must be positive, is -1");
}

TEST(ModelMessages, AParameterWithoutAValueIsRefused) {
  v1::Parameter message;
  message.set_name("batch_size");
  const auto decoded = decode(message);
  ASSERT_TRUE(absl::IsInvalidArgument(decoded.status()));
  EXPECT_NE(std::string(decoded.status().message()).find("batch_size"), std::string::npos);
}

TEST(ModelMessages, AMetricNeedsANameAndAStep) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(MetricPoint{1, "", 0.5})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(MetricPoint{1, std::string(257, 'x'), 0.5})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(MetricPoint{-1, "train/loss", 0.5})).status()));
}

TEST(ModelMessages, NegativeCountsAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(Progress{"training", -1, 10})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(Progress{"training", 1, -10})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(ClassMetrics{"dog", 0, 0, 0, -1})).status()));
}

TEST(ModelMessages, AStageAndAMetricAreNames) {
  EXPECT_TRUE(decode(encode(Progress{std::string(256, 'x'), 1, 2})).ok());
  EXPECT_EQ(std::string(decode(encode(Progress{std::string(257, 'x'), 1, 2})).status().message()),
            "stage: must be at most 256 bytes");
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(MetricPoint{1, std::string(257, 'x'), 1})).status()));
}

}  // namespace
}  // namespace melsweep::wire
