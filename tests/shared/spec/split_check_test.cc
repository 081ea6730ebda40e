#include "shared/spec/split_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using testing::StartsWith;

TEST(SplitCheck, RefusesAFoldInBothParts) {
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: [8, 9], test: [10, 9]}")),
              StartsWith("f:6:52: fold 9 is in both validation and test"));
}

TEST(SplitCheck, RefusesAFoldNamedTwice) {
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: [9, 9]}")),
              StartsWith("f:6:37: fold 9 is named twice"));
}

TEST(SplitCheck, WantsAValidationPart) {
  EXPECT_THAT(problems_in(with_split("{by: fold}")),
              StartsWith("f:6:10: dataset.split.validation is missing"));
  EXPECT_THAT(problems_in(with_split("{by: group, test: 0.1}")),
              StartsWith("f:6:10: dataset.split.validation is missing"));
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: []}")),
              StartsWith("f:6:33: dataset.split.validation is an empty"));
}

TEST(SplitCheck, RefusesCrossValidationWithNamedFolds) {
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: [9], cross_validation: true}")),
              StartsWith("f:6:33: cross_validation: true lets every fold validate"));
}

TEST(SplitCheck, RefusesCrossValidationWithoutFolds) {
  EXPECT_THAT(problems_in(with_split("{by: random, validation: 0.1, cross_validation: true}")),
              StartsWith("f:6:58: cross_validation goes over folds"));
}

TEST(SplitCheck, RefusesFractionsThatLeaveNothing) {
  EXPECT_THAT(problems_in(with_split("{by: random, validation: 0.5, test: 0.5}")),
              StartsWith("f:6:46: validation and test take 1 of the clips"));
}

TEST(SplitCheck, RefusesFractionsOutOfRange) {
  EXPECT_THAT(problems_in(with_split("{by: random, validation: 1.5}")),
              StartsWith("f:6:35: dataset.split.validation must be less than 1"));
  EXPECT_THAT(problems_in(with_split("{by: group, validation: 0}")),
              StartsWith("f:6:34: dataset.split.validation must be greater than 0"));
}

TEST(SplitCheck, RefusesFoldsWhereFractionsGoAndTheOtherWayRound) {
  EXPECT_THAT(problems_in(with_split("{by: group, validation: [9]}")),
              StartsWith("f:6:34: validation must be a fraction"));
  EXPECT_EQ(problems_in(with_split("{by: fold, validation: 9}")),
            "f:6:33: validation must be a list of folds with by: fold (such as [9])\n");
  EXPECT_EQ(problems_in(with_split("{by: fold, validation: [9], test: 0.2}")),
            "f:6:44: test must be a list of folds with by: fold (such as [9])\n");
  EXPECT_EQ(problems_in(with_split("{by: group, validation: [0]}")),
            "f:6:34: validation must be a fraction with by: group (such as 0.2; folds go with by: fold)\n");
  EXPECT_EQ(problems_in(with_split("{by: random, validation: []}")),
            "f:6:35: validation must be a fraction with by: random (such as 0.2; folds go with by: fold)\n");
}

TEST(SplitCheck, RefusesFoldsBelowOne) {
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: [0]}")),
              StartsWith("f:6:34: dataset.split.validation[0] must be at least 1"));
}

TEST(SplitCheck, RefusesWhatHasNoMeaningWithFolds) {
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: [9], seed: 1}")),
              StartsWith("f:6:44: seed has no meaning"));
  EXPECT_THAT(problems_in(with_split("{by: fold, validation: [9], allow_leakage: true}")),
              StartsWith("f:6:53: allow_leakage has no meaning"));
}

TEST(SplitCheck, RefusesFoldsOfClassFolders) {
  std::string yaml(kSmallest);
  yaml.replace(yaml.find("urbansound8k"), 12, "folders");
  EXPECT_THAT(problems_in(yaml), StartsWith("f:6:15: format folders has no folds"));
}

TEST(SplitCheck, TakesGroupsWithATestPart) {
  EXPECT_EQ(problems_in(with_split("{by: group, validation: 0.2, test: 0.2, seed: 5}")), "");
}

}  // namespace
}  // namespace melsweep::spec
