#include "worker/trainer/dataset/partition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::dataset {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DatasetReport report_of(const std::vector<Split>& splits) {
  DatasetReport report;
  int fold = 0;
  for (const Split split : splits) {
    Clip& clip = report.clips.emplace_back();
    clip.fold = ++fold;
    clip.split = split;
  }
  return report;
}

TEST(Partition, FollowsTheReport) {
  const DatasetReport report = report_of({Split::kTest, Split::kTrain, Split::kValidation, Split::kTrain});
  const auto& clips = report.clips;
  const Partition parts = partition(report, DatasetSpec(), 0);
  EXPECT_THAT(parts.train, ElementsAre(&clips[1], &clips[3]));
  EXPECT_THAT(parts.validation, ElementsAre(&clips[2]));
  EXPECT_THAT(parts.test, ElementsAre(&clips[0]));
}

TEST(Partition, TakesOneFoldForValidationInCrossValidation) {
  const DatasetReport report = report_of({Split::kTest, Split::kTrain, Split::kTrain});
  const auto& clips = report.clips;
  DatasetSpec spec;
  spec.split.cross_validation = true;
  const Partition second = partition(report, spec, 2);
  EXPECT_THAT(second.validation, ElementsAre(&clips[1]));
  EXPECT_THAT(second.train, ElementsAre(&clips[2]));
  EXPECT_THAT(second.test, ElementsAre(&clips[0]));
  EXPECT_THAT(partition(report, spec, 1).validation, IsEmpty());  // a test fold never validates
}

TEST(Partition, OfATrialHasTestClipsOnlyWhereItIsEvaluatedOnThem) {
  const DatasetReport report = report_of({Split::kTest, Split::kTrain, Split::kValidation});
  TrialPlan plan;
  EXPECT_THAT(partition(report, plan).test, IsEmpty());
  EXPECT_THAT(partition(report, plan).validation, ElementsAre(&report.clips[2]));
  plan.evaluate = Split::kTest;
  EXPECT_THAT(partition(report, plan).test, ElementsAre(&report.clips[0]));
}

TEST(Partition, OfATrialThatTrainsOnBothHasThemInTheReportsOrder) {
  const DatasetReport report =
      report_of({Split::kValidation, Split::kTrain, Split::kTest, Split::kValidation});
  const auto& clips = report.clips;
  TrialPlan plan;
  plan.train_on = TrainOn::kTrainingAndValidation;
  EXPECT_THAT(partition(report, plan).train, ElementsAre(&clips[0], &clips[1], &clips[3]));
  EXPECT_THAT(partition(report, plan).validation, IsEmpty());
  plan.dataset.split.cross_validation = true;  // no fold is left out: the trial has none
  EXPECT_THAT(partition(report, plan).train, ElementsAre(&clips[0], &clips[1], &clips[3]));
}

TEST(Partition, FindsFilesBelowTheFolderOrBesideTheManifest) {
  Clip clip;
  clip.id = "audio/x.wav";
  DatasetSpec spec;
  spec.path = "data/set";
  EXPECT_EQ(clip_path(spec, clip), "data/set/audio/x.wav");
  spec.format = DatasetFormat::kCsv;
  spec.path = "data/list.csv";
  EXPECT_EQ(clip_path(spec, clip), "data/audio/x.wav");
  spec.path = "list.csv";
  EXPECT_EQ(clip_path(spec, clip), "audio/x.wav");
}

}  // namespace
}  // namespace melsweep::dataset
