// The final training: on validation clips too, and evaluated on those of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "shared/files/digest.h"
#include "shared/files/tar_archive.h"
#include "tests/worker/trainer/training/trial_attempts.h"

namespace melsweep::training {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Clips 0 to 4 are of fold 1, which trains, 5 and 6 of fold 2, which validates, 7 and 8 of fold 3, which
// tests.
class FinalTrial : public TrialAttempts {
 protected:
  void SetUp() override {
    TrialAttempts::SetUp();
    work.plan.dataset = write_tiny_dataset(folder / "sounds", 5, 4);
    std::ofstream manifest(folder / "sounds" / "manifest.csv");
    manifest << "path,label,fold\n";
    for (int i = 0; i < 9; ++i) {
      const int fold = i < 5 ? 1 : (i < 7 ? 2 : 3);
      manifest << "clip" << i << ".wav," << (i % 2 == 0 ? "low" : "high") << "," << fold << "\n";
    }
    manifest.close();
    split({2}, {3});
    work.plan.evaluate = Split::kTest;
  }

  void split(const std::vector<int>& validation, const std::vector<int>& test) {
    work.plan.dataset.split.validation_folds = validation;
    work.plan.dataset.split.test_folds = test;
    TrialRunner runner(options(), clock);
    work.plan.dataset_hash =
        std::get<DatasetReport>(runner.prepare(work.plan.dataset, {}, {}, {})).content_hash;
  }

  // What test clips are called is the contrary of what they are, so that a good model gets them wrong.
  void mislabel_test_clips() {
    std::ofstream manifest(folder / "sounds" / "manifest.csv");
    manifest << "path,label,fold\n";
    for (int i = 0; i < 9; ++i) {
      const int fold = i < 5 ? 1 : (i < 7 ? 2 : 3);
      manifest << "clip" << i << ".wav," << ((i % 2 == 0) != (fold == 3) ? "low" : "high") << "," << fold
               << "\n";
    }
    manifest.close();
    split({2}, {3});
  }

  static std::vector<std::string> clips_of(const Evaluation& evaluation) {
    std::vector<std::string> clips;
    for (const Prediction& prediction : evaluation.predictions) clips.push_back(prediction.clip);
    return clips;
  }

  static std::vector<std::int64_t> steps_of(const Attempt& attempt, const std::string& name) {
    std::vector<std::int64_t> steps;
    for (const auto& [at, value] : attempt.metrics) {
      if (at.second == name) steps.push_back(at.first);
    }
    return steps;
  }
};

TEST_F(FinalTrial, EvaluatesTheTestClipsAfterTheLastStep) {
  const Attempt done = attempt();
  const Evaluation& evaluation = trained(done).evaluation;
  EXPECT_EQ(evaluation.split, Split::kTest);
  EXPECT_EQ(evaluation.step, 40);
  EXPECT_THAT(clips_of(evaluation), ElementsAre("clip7.wav", "clip8.wav"));
  EXPECT_THAT(steps_of(done, "test/accuracy"), ElementsAre(40));
  EXPECT_THAT(steps_of(done, "test/loss"), ElementsAre(40));
  EXPECT_THAT(steps_of(done, "validation/accuracy"), ElementsAre(10, 20, 30, 40));
  double right = 0.0;
  for (const Prediction& prediction : evaluation.predictions)
    right += prediction.true_class == prediction.predicted_class;
  EXPECT_EQ((done.metrics.at({40, "test/accuracy"})), right / 2.0);
}

TEST_F(FinalTrial, LearnsWhatValidatedToo) {
  work.plan.train_on = TrainOn::kTrainingAndValidation;
  const Attempt done = attempt();
  EXPECT_THAT(steps_of(done, "validation/accuracy"), ElementsAre());
  EXPECT_THAT(steps_of(done, "train/accuracy"), ElementsAre(10, 20, 30, 40));
  // The same as a trial of which both folds are for training, and the third validates.
  work.plan.train_on = TrainOn::kTraining;
  work.plan.evaluate = Split::kValidation;
  split({3}, {});
  EXPECT_EQ(trained(done).evaluation.predictions, trained(attempt()).evaluation.predictions);
}

TEST_F(FinalTrial, EndsTheSameWhereverItWasInterrupted) {
  work.plan.train_on = TrainOn::kTrainingAndValidation;
  const Attempt whole = attempt();
  const Attempt first = attempt_until(23);
  ASSERT_FALSE(first.checkpoints.empty());
  work.resume_from = first.checkpoints.back().path;
  const Attempt second = attempt();
  EXPECT_THAT(second.events, testing::Contains("resumed 23"));
  EXPECT_EQ(trained(second).checkpoint.sha256, trained(whole).checkpoint.sha256);
  EXPECT_EQ(trained(second).evaluation, trained(whole).evaluation);
  EXPECT_EQ(second.metrics.at({40, "test/loss"}), whole.metrics.at({40, "test/loss"}));
}

TEST_F(FinalTrial, KeepsWhatItGotWrong) {
  mislabel_test_clips();
  const Attempt done = attempt();
  const Trained& result = trained(done);
  ASSERT_TRUE(result.misclassified);
  EXPECT_TRUE(result.warnings.empty());
  EXPECT_EQ(result.stages.back().stage, "misclassified clips");
  std::filesystem::path beside = result.checkpoint.path;
  EXPECT_EQ(result.misclassified->path, beside.replace_extension(".misclassified.tar"));
  EXPECT_EQ(result.misclassified->sha256, files::sha256_file(result.misclassified->path).value());
  const auto archive = files::TarArchive::read(result.misclassified->path, std::size_t{1} << 24);
  ASSERT_TRUE(archive.ok()) << archive.status();
  const auto list = nlohmann::json::parse(archive->member("rendered.json").value());
  std::multiset<std::string> clips;
  for (const auto& item : list["items"]) {
    clips.insert(item["clip"].get<std::string>());
    EXPECT_TRUE(archive->member(item["file"]).ok()) << item;
  }
  EXPECT_EQ(clips, (std::multiset<std::string>{"clip7.wav", "clip7.wav", "clip8.wav", "clip8.wav"}));
}

TEST_F(FinalTrial, KeepsNothingWhereItIsOnlyValidated) {
  mislabel_test_clips();
  work.plan.evaluate = Split::kValidation;
  split({3}, {});
  EXPECT_FALSE(trained(attempt()).misclassified);
}

TEST_F(FinalTrial, StandsWithoutThePicturesWhereTheseCannotBeMade) {
  mislabel_test_clips();
  // A folder that is not empty is where the archive should be.
  std::filesystem::create_directories(folder / "attempt-1" / "step-40.misclassified.tar" / "in the way");
  const Attempt done = attempt();
  EXPECT_FALSE(trained(done).misclassified);
  EXPECT_THAT(trained(done).warnings,
              ElementsAre(HasSubstr("the archive of its misclassified clips could not be made (")));
  EXPECT_EQ(trained(done).evaluation.predictions.size(), 2U);
}

TEST_F(FinalTrial, StandsWithoutThePicturesWhereItIsStoppedAtThem) {
  mislabel_test_clips();
  const Attempt done = attempt([](const Progress& progress, std::stop_source& stopper) {
    if (progress.stage == "misclassified clips") stopper.request_stop();
  });
  EXPECT_FALSE(trained(done).misclassified);
  EXPECT_EQ(trained(done).evaluation.predictions.size(), 2U);
}

TEST_F(FinalTrial, WithoutTestClipsIsRefused) {
  split({2}, {});
  EXPECT_THAT(attempt().events, ElementsAre(HasSubstr("leaves no clip")));
}

TEST_F(FinalTrial, OfANetworkIsEvaluatedTheSameWay) {
  train_last_block(2);
  const Attempt done = attempt();
  EXPECT_THAT(clips_of(trained(done).evaluation), ElementsAre("clip7.wav", "clip8.wav"));
  EXPECT_THAT(steps_of(done, "test/accuracy"), ElementsAre(2));
}

}  // namespace
}  // namespace melsweep::training
