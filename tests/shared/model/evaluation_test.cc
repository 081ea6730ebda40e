#include <gtest/gtest.h>

#include "shared/model/metric.h"

namespace melsweep {
namespace {

// Two cats (one taken for a dog), one dog, and a bird class without clips that is predicted once.
Evaluation small_evaluation() {
  Evaluation evaluation;
  evaluation.classes = {"bird", "cat", "dog"};
  evaluation.predictions = {{"a", 1, 1, {}}, {"b", 1, 2, {}}, {"c", 2, 2, {}}, {"d", 2, 0, {}}};
  return evaluation;
}

TEST(ConfusionMatrix, CountsPredictionsByTruth) {
  const std::vector<std::vector<std::int64_t>> expected = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}};
  EXPECT_EQ(confusion_matrix(small_evaluation()), expected);
}

TEST(ConfusionMatrix, IsEmptyWithoutClasses) {
  EXPECT_TRUE(confusion_matrix(Evaluation{}).empty());
}

TEST(ClassMetrics, ArePrecisionRecallAndF1) {
  const std::vector<ClassMetrics> metrics = class_metrics(small_evaluation());
  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[1].class_name, "cat");
  EXPECT_DOUBLE_EQ(metrics[1].precision, 1.0);
  EXPECT_DOUBLE_EQ(metrics[1].recall, 0.5);
  EXPECT_DOUBLE_EQ(metrics[1].f1, 2.0 / 3.0);
  EXPECT_EQ(metrics[1].support, 2);
  EXPECT_DOUBLE_EQ(metrics[2].precision, 0.5);
}

TEST(ClassMetrics, AreZeroForAClassWithoutClips) {
  EXPECT_EQ(class_metrics(small_evaluation())[0], (ClassMetrics{"bird", 0.0, 0.0, 0.0, 0}));
}

// The matrix of so many classes would take 80 GB.
TEST(ClassMetrics, TakeMemoryByTheClassesNotByTheirSquare) {
  Evaluation evaluation;
  evaluation.classes.resize(100'000, "class");
  evaluation.predictions = {{"a", 99'999, 99'999, {}}};
  const std::vector<ClassMetrics> metrics = class_metrics(evaluation);
  ASSERT_EQ(metrics.size(), 100'000U);
  EXPECT_EQ(metrics.back().f1, 1.0);
}

}  // namespace
}  // namespace melsweep
