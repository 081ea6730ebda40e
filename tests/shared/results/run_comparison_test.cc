#include "shared/results/run_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/results/finished_trials.h"

namespace melsweep::results {
namespace {

using ::testing::HasSubstr;

class RunComparisonTest : public FinishedTrials {
 protected:
  absl::StatusOr<RunComparison> compare(const std::string& a, const std::string& b) {
    return compare_runs(path_, parse_run(a), parse_run(b));
  }
};

TEST_F(RunComparisonTest, SettingsThatDifferAreNamedByTheirPathsAndNoOthers) {
  finish(1, {}, 0.5, {said("a", 0, 0, 0.9F)});
  finish(2, {}, 0.9, {said("a", 0, 0, 0.9F)});
  const auto comparison = compare("1:1", "1:2");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->settings.size(), 1);
  EXPECT_EQ(comparison->settings[0].path, "training.batch_size");
  EXPECT_EQ(comparison->settings[0].a, "50");
  EXPECT_EQ(comparison->settings[0].b, "100");
  EXPECT_EQ(comparison->a.trial, 1);
  EXPECT_EQ(comparison->b.trial, 2);
  ASSERT_EQ(comparison->metrics.size(), 1);
  EXPECT_EQ(comparison->metrics[0].a, 0.5);
  EXPECT_EQ(comparison->metrics[0].b, 0.9);
}

TEST_F(RunComparisonTest, ClipsAreFixedBrokenOrWrongInBothAndTheRestIsCounted) {
  finish(1, {}, 0.5,
         {said("a", 0, 0, 0.9F), said("b", 0, 1, 0.7F), said("c", 1, 1, 0.6F), said("d", 1, 0, 0.8F),
          said("only1", 0, 1, 0.9F)});
  finish(2, {}, 0.9,
         {said("a", 0, 0, 0.8F), said("b", 0, 0, 0.9F), said("c", 1, 0, 0.6F), said("d", 1, 0, 0.7F),
          said("only2", 0, 1, 0.9F)});
  const auto comparison = compare("1:1", "1:2");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->clips_in_common, 4);
  ASSERT_EQ(comparison->clips.size(), 3);
  const ClipPair& fixed = comparison->clips[0];
  EXPECT_EQ(fixed.clip, "b");
  EXPECT_EQ(fixed.verdict, Verdict::kFixed);
  EXPECT_EQ(fixed.true_class, "car_horn");
  EXPECT_EQ(fixed.a_class, "siren");
  EXPECT_EQ(fixed.b_class, "car_horn");
  EXPECT_NEAR(fixed.a_probability, 0.3, 1e-6);
  EXPECT_NEAR(fixed.b_probability, 0.9, 1e-6);
  EXPECT_EQ(comparison->clips[1].clip, "c");
  EXPECT_EQ(comparison->clips[1].verdict, Verdict::kBroken);
  EXPECT_EQ(comparison->clips[2].clip, "d");
  EXPECT_EQ(comparison->clips[2].verdict, Verdict::kBothWrong);
}

TEST_F(RunComparisonTest, ClassesStandSideBySide) {
  finish(1, {}, 0.5, {said("a", 0, 1, 0.9F), said("b", 1, 1, 0.9F)});
  finish(2, {}, 0.9, {said("a", 0, 0, 0.9F), said("b", 1, 1, 0.9F)});
  const auto comparison = compare("1:1", "1:2");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->classes.size(), 2);
  EXPECT_EQ(comparison->classes[0].class_name, "car_horn");
  EXPECT_EQ(comparison->classes[0].a_f1, 0.0);
  EXPECT_EQ(comparison->classes[0].b_f1, 1.0);
  EXPECT_EQ(comparison->classes[0].support, 1);
}

TEST_F(RunComparisonTest, ARunThatIsNotThereIsTold) {
  finish(1, {}, 0.5, {said("a", 0, 0, 0.9F)});
  EXPECT_THAT(std::string(compare("1:1", "1:7").status().message()), HasSubstr("has no trial 7"));
  EXPECT_THAT(std::string(compare("other", "1").status().message()), HasSubstr("there are: 1"));
}

}  // namespace
}  // namespace melsweep::results
