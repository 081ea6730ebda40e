#include "worker/trainer/training/checkpoint_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>

#include "shared/files/digest.h"
#include "tests/worker/trainer/training/one_number_learner.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CheckpointFileTest : public testing::Test {
 protected:
  CheckpointFileTest() {
    folder_ = fs::path(testing::TempDir()) / ("checkpoint_file_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    plan_.dataset.path = "data";
    plan_.dataset.split.validation_folds = {9};
    plan_.dataset_hash = "d00d";
    plan_.weights_hash = "random";
    plan_.seed = 3;
    data_.classes = {"high", "caf\xe9"};
    learner_.number = 0.1F;
  }
  ~CheckpointFileTest() override { fs::remove_all(folder_); }

  inception::Metadata trial() const { return checkpoint_metadata(plan_, data_); }

  Checkpoint write(std::int64_t step) const {
    const auto checkpoint = write_checkpoint(folder_, step, learner_, trial());
    EXPECT_TRUE(checkpoint.ok()) << checkpoint.status();
    return *checkpoint;
  }

  fs::path folder_;
  TrialPlan plan_;
  DatasetReport data_;
  OneNumberLearner learner_;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(CheckpointFileTest, ComesBackWithItsStep) {
  const Checkpoint checkpoint = write(40);
  EXPECT_EQ(checkpoint.step, 40);
  EXPECT_EQ(checkpoint.path, (folder_ / "step-40.safetensors").string());
  EXPECT_EQ(checkpoint.sha256, *files::sha256_file(checkpoint.path));
  const auto stored = read_checkpoint(checkpoint.path, trial());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->step, 40);
  OneNumberLearner other;
  ASSERT_TRUE(other.restore(stored->file).ok());
  EXPECT_EQ(other.number, 0.1F);
}

TEST_F(CheckpointFileTest, AnyNameDoes) {
  fs::copy(write(40).path, folder_ / "another name");
  EXPECT_EQ(read_checkpoint(folder_ / "another name", trial())->step, 40);
}

TEST_F(CheckpointFileTest, OneOfAnotherTrialIsRefusedByWhatIsOther) {
  const fs::path path = write(40).path;
  const auto refusal = [&](const std::function<void(TrialPlan&)>& change) {
    TrialPlan other = plan_;
    change(other);
    const absl::Status status = read_checkpoint(path, checkpoint_metadata(other, data_)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path.string()));
    return std::string(status.message());
  };
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.seed = 4; }), HasSubstr("melsweep.seed "));
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.validation_fold = 1; }),
              HasSubstr("melsweep.validation_fold "));
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.dataset_hash = "d00e"; }),
              HasSubstr("melsweep.dataset_hash "));
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.dataset.split.validation_folds = {8}; }),
              HasSubstr("melsweep.dataset "));
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.weights_hash = "77aa"; }),
              HasSubstr("melsweep.weights_hash "));
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.settings.training.learning_rate *= 2; }),
              HasSubstr("melsweep.settings "));
  EXPECT_THAT(refusal([](TrialPlan& plan) { plan.settings.training.steps += 1; }),
              HasSubstr("melsweep.settings "));
}

TEST_F(CheckpointFileTest, WhereTheDataLieAndWhichNumberTheTrialHasMakesNoDifference) {
  const fs::path path = write(40).path;
  plan_.dataset.path = "/elsewhere";
  plan_.id = TrialId{9};
  plan_.sweep = SweepId{2};
  EXPECT_TRUE(read_checkpoint(path, trial()).ok());
}

TEST_F(CheckpointFileTest, EveryByteIsVouchedFor) {
  const std::string whole = bytes_of(write(40).path);
  const fs::path damaged = folder_ / "damaged";
  std::mt19937 random(1);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    std::ofstream(damaged, std::ios::binary) << bytes;
    const absl::Status status = read_checkpoint(damaged, trial()).status();
    ASSERT_TRUE(absl::IsInvalidArgument(status) || absl::IsDataLoss(status))
        << "byte " << at << ": " << status;
  }
}

TEST_F(CheckpointFileTest, ATruncatedOneIsRefused) {
  const fs::path path = write(40).path;
  for (std::uintmax_t size = fs::file_size(path); size-- > 0;) {
    fs::resize_file(path, size);
    ASSERT_TRUE(absl::IsInvalidArgument(read_checkpoint(path, trial()).status())) << size;
  }
}

TEST_F(CheckpointFileTest, WhatIsNotThereOrSaysNoStepIsRefused) {
  EXPECT_EQ(read_checkpoint(folder_ / "nothing", trial()).status().code(), absl::StatusCode::kNotFound);
  for (const std::string step : {"", "0", "-1", "4x", "99999999999999999999"}) {
    inception::Metadata metadata = trial();
    metadata["melsweep.step"] = step;
    ASSERT_TRUE(learner_.save(folder_ / "no step", metadata).ok());
    EXPECT_EQ(read_checkpoint(folder_ / "no step", trial()).status().code(),
              absl::StatusCode::kInvalidArgument)
        << step;
  }
}

}  // namespace
}  // namespace melsweep::training
