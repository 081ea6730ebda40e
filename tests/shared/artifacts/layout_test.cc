#include "shared/artifacts/layout.h"

#include <gtest/gtest.h>

namespace melsweep::artifacts {
namespace {

TEST(Layout, IsMadeOfNumbers) {
  EXPECT_EQ(path_of({SweepId{1}, {TrialId{20}, 3}, 4'000}).string(),
            "sweep-1/trial-20/attempt-3/step-4000.safetensors");
  EXPECT_EQ(path_of({SweepId{1}, {TrialId{20}, 3}, 4'000, ArtifactKind::kMisclassified}).string(),
            "sweep-1/trial-20/attempt-3/step-4000.misclassified.tar");
}

TEST(Layout, TheFolderLiesBesideItsDatabase) {
  EXPECT_EQ(folder_beside("/data/results.db").string(), "/data/results.db.artifacts");
}

TEST(Layout, IsReadBack) {
  EXPECT_EQ(sweep_of_folder(sweep_folder(SweepId{12})), SweepId{12});
  EXPECT_EQ(trial_of_folder(trial_folder(TrialId{9'000'000'000})), TrialId{9'000'000'000});
  EXPECT_EQ(epoch_of_folder(attempt_folder(7)), 7);
  for (const ArtifactKind kind : {ArtifactKind::kCheckpoint, ArtifactKind::kMisclassified}) {
    EXPECT_EQ(step_of_file(file_name(0, kind)), (FileOfStep{0, kind}));
  }
}

TEST(Layout, TakesNoOtherNameForItsOwn) {
  for (const char* name : {"sweep-", "sweep-x", "sweep-1x", "sweep--1", "sweep-01", "sweep-+1", "sweep- 1",
                           "swee", "trial-1", "sweep-99999999999999999999", ""}) {
    EXPECT_FALSE(sweep_of_folder(name)) << name;
  }
  EXPECT_FALSE(epoch_of_folder("attempt-3000000000")) << "too large for an epoch";
  for (const char* name :
       {"step-1", "step-.safetensors", "step-1.safetensors.part", ".safetensors", "step-1.safetensors ",
        "step.safetensors", "step-1.tar", "step-.misclassified.tar"}) {
    EXPECT_FALSE(step_of_file(name)) << name;
  }
}

}  // namespace
}  // namespace melsweep::artifacts
