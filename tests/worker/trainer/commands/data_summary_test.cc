#include "worker/trainer/commands/data_summary.h"

#include <gtest/gtest.h>

namespace melsweep::commands {
namespace {

DatasetReport three_clips() {
  DatasetReport report;
  report.classes = {"dog", "rain"};
  for (const Split split : {Split::kTrain, Split::kTrain, Split::kValidation}) {
    Clip clip;
    clip.id = std::to_string(report.clips.size());
    clip.split = split;
    report.clips.push_back(clip);
  }
  return report;
}

TEST(DataSummary, TellsClipsClassesAndSplits) {
  const DatasetSpec spec{.path = "data/x", .split = {}};
  EXPECT_EQ(describe_data(spec, three_clips()),
            "data/x: 3 clips in 2 classes (2 for training, 1 for validation, 0 for the test).");
}

TEST(DataSummary, TellsWhatWasLeftOutAndWarnedOf) {
  const DatasetSpec spec{.path = "data/x", .split = {}};
  DatasetReport report = three_clips();
  report.skipped = {{.id = "bad.wav", .reason = "bad.wav is empty"}};
  report.warnings = {"recordings leak"};
  const std::string text = describe_data(spec, report);
  EXPECT_NE(text.find("1 bad clips are left out."), std::string::npos) << text;
  EXPECT_NE(text.find("Warning: recordings leak"), std::string::npos) << text;
}

TEST(DataSummary, TellsTheFoldsOfCrossValidation) {
  DatasetSpec spec{.path = "data/x", .split = {}};
  spec.split.cross_validation = true;
  DatasetReport report = three_clips();
  report.clips[2].split = Split::kTest;
  report.validation_folds = {1, 2};
  EXPECT_EQ(describe_data(spec, report),
            "data/x: 3 clips in 2 classes (2 in turns for training and validation, on folds 1, 2; 1 for the "
            "test).");
}

}  // namespace
}  // namespace melsweep::commands
