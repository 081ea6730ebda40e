#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/worker/trainer/commands/trainer_process.h"
#include "tests/worker/trainer/training/tiny_dataset.h"

namespace melsweep::commands {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class PrepareTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("prepare_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    data = training::write_tiny_dataset(folder, 4, 2);
    write_sweep("weights: random, ", "learning_rate: [0.01]");
  }

  void TearDown() override { fs::remove_all(folder); }

  void write_sweep(const std::string& weights, const std::string& parameters) {
    std::ofstream(folder / "sweep.yaml")
        << "version: 1\nname: tiny\ndataset: {format: csv, path: '" << data.path
        << "', split: {by: fold, validation: [2]}}\nmodel: {architecture: inception_v3, " << weights
        << "trainable: head}\ntraining: {steps: 10, evaluate_every: 5, optimizer: sgd}\n"
        << "search: {method: grid}\nparameters: {" << parameters << "}\n";
  }

  // Runs the verb; what it printed, on either stream, goes to `text`.
  int prepare(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"prepare", "--sweep", (folder / "sweep.yaml").string(),
                                          "--data-dir", (folder / "data").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    TrainerProcess trainer(arguments, TrainerProcess::Stderr::kJoined);
    text = trainer.rest();
    return trainer.wait();
  }

  fs::path folder;
  DatasetSpec data;
  std::string text;
};

TEST_F(PrepareTest, SumsUpWhatASweepWillRunOn) {
  EXPECT_EQ(prepare({}), 0);
  EXPECT_THAT(text, HasSubstr("6 clips in 2 classes (4 for training, 2 for validation, 0 for the test)"));
  EXPECT_THAT(text, HasSubstr("untrained"));
}

TEST_F(PrepareTest, TellsWhichClipsAreLeftOut) {
  fs::resize_file(folder / "clip1.wav", 0);
  EXPECT_EQ(prepare({"--set", "dataset.on_bad_clip=skip"}), 0);
  EXPECT_THAT(text, AllOf(HasSubstr("1 bad clip"), HasSubstr("clip1.wav"), HasSubstr("5 clips")));
}

TEST_F(PrepareTest, FailsOnABadClip) {
  fs::resize_file(folder / "clip1.wav", 0);
  EXPECT_EQ(prepare({}), 1);
  EXPECT_THAT(text, HasSubstr("clip1.wav"));
}

TEST_F(PrepareTest, FailsOnAnyWeightsThatSomeCellNames) {
  write_sweep("", "model.weights: [random, nothing.safetensors]");
  EXPECT_EQ(prepare({}), 1);
  EXPECT_THAT(text, HasSubstr("nothing.safetensors"));
}

TEST_F(PrepareTest, ABadSweepIsAMatterOfUsage) {
  EXPECT_EQ(prepare({"--set", "training.stepss=3"}), 2);
  EXPECT_THAT(text, HasSubstr("stepss"));
  EXPECT_EQ(prepare({"--set", "nonsense"}), 2);
  fs::remove(folder / "sweep.yaml");
  EXPECT_EQ(prepare({}), 2);
  EXPECT_THAT(text, HasSubstr("sweep.yaml"));
}

}  // namespace
}  // namespace melsweep::commands
