#include "client/exports/run_names.h"

#include <gtest/gtest.h>

namespace melsweep::exports {
namespace {

TEST(RunNamesTest, WhatNoFileMayBeCalledIsReplaced) {
  EXPECT_EQ(file_name("learning_rate=1e-05"), "learning_rate=1e-05");
  EXPECT_EQ(file_name("a/b\\c d:e"), "a-b-c-d-e");
  EXPECT_EQ(file_name(".."), "x..");
  EXPECT_EQ(file_name(""), "x");
  EXPECT_EQ(file_name(std::string(300, 'a')).size(), 100);
}

TEST(RunNamesTest, ATrialIsNamedByItsNumberAndWhatItTried) {
  results::TrialCurves trial;
  trial.trial = 7;
  EXPECT_EQ(run_name(trial), "trial-007");
  trial.parameters = {{.name = "learning_rate", .value = 0.05},
                      {.name = "features.image", .value = std::string("gray")}};
  trial.seed = 2;
  trial.validation_fold = 3;
  EXPECT_EQ(run_name(trial), "trial-007_learning_rate=0.05_features.image=gray_seed=2_fold=3");
}

}  // namespace
}  // namespace melsweep::exports
