// What a trial does that cannot go on from the checkpoint it is given, or cannot make one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/worker/trainer/training/trial_attempts.h"
#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/training/head_file.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class UnusableCheckpoint : public TrialAttempts {
 protected:
  void SetUp() override {
    TrialAttempts::SetUp();
    work.plan.id = TrialId{12};
    uninterrupted_ = trained(attempt()).checkpoint.sha256;
    work.resume_from = attempt_until(20).checkpoints.at(0).path;
  }

  // What is said on standard error about the checkpoint, in one line.
  std::string expect_a_new_beginning() {
    testing::internal::CaptureStderr();
    const Attempt anew = attempt();
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_THAT(anew.events, ElementsAre("metrics 10", "metrics 20", "metrics 30", "metrics 40"));
    EXPECT_EQ(trained(anew).checkpoint.sha256, uninterrupted_);
    EXPECT_THAT(said, AllOf(HasSubstr("trial 12 begins at step 0: "), HasSubstr(work.resume_from.string())));
    EXPECT_EQ(std::ranges::count(said, '\n'), 1);
    return said;
  }

  std::string uninterrupted_;
};

TEST_F(UnusableCheckpoint, AGoodOneIsTakenUp) {
  testing::internal::CaptureStderr();
  const Attempt resumed = attempt();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(resumed.events.front(), "resumed 20");
}

TEST_F(UnusableCheckpoint, AMissingOneIsPassedOver) {
  work.resume_from = folder / "nothing.safetensors";
  EXPECT_THAT(expect_a_new_beginning(), HasSubstr("no such file"));
}

TEST_F(UnusableCheckpoint, ATruncatedOneIsPassedOver) {
  fs::resize_file(work.resume_from, fs::file_size(work.resume_from) - 1);
  expect_a_new_beginning();
}

TEST_F(UnusableCheckpoint, OneWithAFlippedBitIsPassedOver) {
  std::fstream file(work.resume_from, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(work.resume_from) / 2);
  const char byte = static_cast<char>(file.seekg(middle).get() ^ 1);
  file.seekp(middle).put(byte);
  file.close();
  EXPECT_THAT(expect_a_new_beginning(), HasSubstr("is damaged"));
}

TEST_F(UnusableCheckpoint, OneOfAnotherTrialIsPassedOver) {
  ++work.plan.seed;
  work.resume_from.clear();
  const fs::path others = attempt_until(20).checkpoints.at(0).path;
  --work.plan.seed;
  work.resume_from = others;
  EXPECT_THAT(expect_a_new_beginning(), HasSubstr("of another trial"));
}

// Nobody makes such a file; taken up it would be read beyond its end.
TEST_F(UnusableCheckpoint, OneOfAnotherShapeIsPassedOver) {
  inception::Metadata metadata = inception::SafetensorsFile::open(work.resume_from)->metadata();
  const std::vector<float> weight(3 * 2048, 0.0F);
  const std::vector<float> bias(3, 0.0F);
  const auto tensors = head_tensors(weight, bias);
  metadata = inception::with_checksum(tensors, metadata);
  ASSERT_TRUE(inception::write_safetensors(work.resume_from, tensors, metadata).ok());
  EXPECT_THAT(expect_a_new_beginning(), HasSubstr("instead of [2, 2048]"));
}

// The disk is full: no file may grow beyond so many bytes.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class CheckpointOnAFullDisk : public TrialAttempts {
 protected:
  static constexpr rlim_t kBytes = 4096;  // a checkpoint has 18 kB
};

TEST_F(CheckpointOnAFullDisk, IsLeftOutAndTrainingGoesOn) {
  work.plan.settings.training.evaluate_every = 40;
  const std::string undisturbed = trained(attempt()).checkpoint.sha256;
  work.checkpoint_every_s = 1.0;
  std::optional<FullDisk> full;
  testing::internal::CaptureStderr();
  const Attempt attempt = this->attempt([&](const Progress& progress, std::stop_source&) {
    if (progress.stage == "training" && progress.done == 3) full.emplace(kBytes);
    if (progress.stage == "training" && progress.done == 38) full.reset();
  });
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, StartsWith("melsweep-trainer: no checkpoint of step 4: "));
  EXPECT_EQ(std::ranges::count(said, '\n'), 1);
  EXPECT_THAT(attempt.events, ElementsAre("checkpointed 1", "checkpointed 2", "checkpointed 3",
                                          "checkpointed 39", "checkpointed 40", "metrics 40"));
  EXPECT_EQ(trained(attempt).checkpoint.sha256, undisturbed);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(work.artifacts_dir))
    left.push_back(entry.path().filename());
  EXPECT_THAT(left, UnorderedElementsAre("step-39.safetensors", "step-40.safetensors"));
}

TEST_F(CheckpointOnAFullDisk, IsMissedAtTheEnd) {
  attempt();  // caches are there
  std::optional<FullDisk> full;
  const Attempt attempt = this->attempt([&](const Progress& progress, std::stop_source&) {
    if (progress.stage == "training" && progress.done == 39) full.emplace(kBytes);
  });
  full.reset();
  ASSERT_TRUE(std::holds_alternative<Failure>(attempt.end));
  EXPECT_EQ(std::get<Failure>(attempt.end).kind, FailureKind::kInternal);
  EXPECT_THAT(std::get<Failure>(attempt.end).message, HasSubstr("step-40.safetensors"));
}

}  // namespace
}  // namespace melsweep::training
