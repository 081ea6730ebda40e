#include "worker/trainer/training/checkpoint_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/worker/trainer/training/one_number_learner.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SettableClock final : public Clock {
 public:
  Now now() const override { return {time, {}}; }
  MonotonicTime time;
};

class CheckpointWriterTest : public testing::Test {
 protected:
  CheckpointWriterTest() {
    folder_ = fs::path(testing::TempDir()) / ("checkpoint_writer_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  ~CheckpointWriterTest() override { fs::remove_all(folder_); }

  CheckpointWriter writer(double every_s, std::int64_t steps_done = 0) {
    return CheckpointWriter({.folder = folder_,
                             .trial = {},
                             .every_s = every_s,
                             .steps_done = steps_done,
                             .written =
                                 [this](const Checkpoint& checkpoint) {
                                   written_.push_back(checkpoint.step);
                                   EXPECT_TRUE(fs::exists(checkpoint.path));
                                 }},
                            learner_, clock_);
  }

  // One step, which ends when so much time has passed.
  void step_in(milliseconds time, CheckpointWriter& writer) {
    clock_.time += time;
    writer.step_done(++step_);
  }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.insert(entry.path().filename().string());
    return names;
  }

  // In its place the folder cannot be made.
  void block_folder() {
    fs::remove_all(folder_);
    std::ofstream(folder_) << "a file";
  }

  fs::path folder_;
  SettableClock clock_;
  OneNumberLearner learner_;
  std::int64_t step_ = 0;
  std::vector<std::int64_t> written_;
};

TEST_F(CheckpointWriterTest, WritesAfterAStepWhenTheTimeHasCome) {
  CheckpointWriter checkpoints = writer(0.25);
  step_in(milliseconds(249), checkpoints);
  step_in(milliseconds(1), checkpoints);    // 250
  step_in(milliseconds(100), checkpoints);  // 350
  step_in(milliseconds(300), checkpoints);  // 650
  step_in(milliseconds(249), checkpoints);  // 899
  EXPECT_THAT(written_, ElementsAre(2, 4));
}

TEST_F(CheckpointWriterTest, WithoutATimeWritesOnlyWhenStopped) {
  CheckpointWriter checkpoints = writer(0.0);
  for (int i = 0; i < 5; ++i) step_in(std::chrono::hours(24), checkpoints);
  EXPECT_THAT(written_, IsEmpty());
  checkpoints.stopped();
  EXPECT_THAT(written_, ElementsAre(5));
}

TEST_F(CheckpointWriterTest, WritesNothingWhereNothingWasLearned) {
  CheckpointWriter begun = writer(1.0);
  begun.stopped();
  CheckpointWriter resumed = writer(1.0, 7);
  resumed.stopped();
  EXPECT_THAT(written_, IsEmpty());
  EXPECT_FALSE(fs::exists(folder_));
  CheckpointWriter just_written = writer(1.0);
  step_in(milliseconds(1000), just_written);
  just_written.stopped();
  EXPECT_THAT(written_, ElementsAre(1));
}

TEST_F(CheckpointWriterTest, TheNewestTwoStay) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "step-0.safetensors") << "another's";
  CheckpointWriter checkpoints = writer(1.0);
  step_in(milliseconds(1000), checkpoints);
  step_in(milliseconds(1000), checkpoints);
  EXPECT_THAT(files(),
              UnorderedElementsAre("step-0.safetensors", "step-1.safetensors", "step-2.safetensors"));
  step_in(milliseconds(1000), checkpoints);
  step_in(milliseconds(0), checkpoints);
  checkpoints.stopped();
  EXPECT_THAT(written_, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(files(),
              UnorderedElementsAre("step-0.safetensors", "step-3.safetensors", "step-4.safetensors"));
}

TEST_F(CheckpointWriterTest, WhatCannotBeWrittenIsSaidOnceAndTriedAgainInTime) {
  CheckpointWriter checkpoints = writer(1.0);
  block_folder();
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) step_in(milliseconds(1000), checkpoints);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, AllOf(HasSubstr("no checkpoint of step 1: "), HasSubstr(folder_.string())));
  EXPECT_EQ(std::ranges::count(said, '\n'), 1);
  fs::remove(folder_);
  step_in(milliseconds(999), checkpoints);
  EXPECT_THAT(written_, IsEmpty());
  step_in(milliseconds(1), checkpoints);
  EXPECT_THAT(written_, ElementsAre(5));
  block_folder();
  testing::internal::CaptureStderr();
  step_in(milliseconds(1000), checkpoints);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("no checkpoint of step 6: "));
}

TEST_F(CheckpointWriterTest, AStopWritesWhatCouldNotBeWrittenBefore) {
  CheckpointWriter checkpoints = writer(1.0);
  block_folder();
  testing::internal::CaptureStderr();
  step_in(milliseconds(1000), checkpoints);
  testing::internal::GetCapturedStderr();
  fs::remove(folder_);
  checkpoints.stopped();
  EXPECT_THAT(written_, ElementsAre(1));
}

TEST_F(CheckpointWriterTest, TheFinalOneIsNamedAlikeAndNotToldOf) {
  CheckpointWriter checkpoints = writer(1.0);
  step_in(milliseconds(1000), checkpoints);
  const auto final_one = checkpoints.finish(2);
  ASSERT_TRUE(final_one.ok()) << final_one.status();
  EXPECT_EQ(final_one->path, (folder_ / "step-2.safetensors").string());
  EXPECT_THAT(written_, ElementsAre(1));
}

TEST_F(CheckpointWriterTest, AFinalOneThatCannotBeWrittenIsAnError) {
  CheckpointWriter checkpoints = writer(1.0);
  block_folder();
  const auto final_one = checkpoints.finish(2);
  EXPECT_EQ(final_one.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(final_one.status().message()), HasSubstr(folder_.string()));
}

}  // namespace
}  // namespace melsweep::training
