#include "shared/results/sweep_explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/shared/results/finished_trials.h"

namespace melsweep::results {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SweepExplanationTest : public FinishedTrials {
 protected:
  static std::vector<Parameter> rate(double value) { return {{.name = "learning_rate", .value = value}}; }
};

TEST_F(SweepExplanationTest, EffectsAreMeansOverTheTrialsOfAValueInTheAuthorsOrder) {
  finish(1, rate(0.5), 0.5, {said("a", 0, 1, 0.9F), said("b", 1, 1, 0.9F)});
  finish(2, rate(0.5), 0.5, {said("a", 0, 0, 0.9F), said("b", 1, 1, 0.9F)});
  finish(3, rate(0.05), 0.5, {said("a", 0, 0, 0.9F), said("b", 1, 1, 0.9F)});
  const auto explanation = explain_sweep(path_, "last");
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  std::vector<std::tuple<std::string, std::string, std::int64_t>> rows;
  for (const ValueEffect& effect : explanation->effects) {
    EXPECT_EQ(effect.parameter, "learning_rate");
    rows.emplace_back(effect.class_name, effect.value, effect.trials);
  }
  EXPECT_THAT(rows, ElementsAre(std::tuple("car_horn", "0.5", 2), std::tuple("car_horn", "0.05", 1),
                                std::tuple("siren", "0.5", 2), std::tuple("siren", "0.05", 1),
                                std::tuple("", "0.5", 2), std::tuple("", "0.05", 1)));
  EXPECT_NEAR(explanation->effects[0].f1, 0.5, 1e-9);  // of 0 and 1
  EXPECT_NEAR(explanation->effects[1].f1, 1.0, 1e-9);
  EXPECT_NEAR(explanation->effects[4].f1, (0.5 + (2.0 / 3.0 + 1.0) / 2.0) / 2.0, 1e-9);
}

TEST_F(SweepExplanationTest, ClipsThatAlmostEveryTrialGetsWrongAreToldSurestFirst) {
  for (int number = 1; number <= 10; ++number) {
    // `often` is right once in ten, `half` every other time.
    finish(number, rate(0.05), 0.5,
           {said("always", 1, 0, 0.6F), said("half", 0, number % 2, 0.9F),
            said("often", 0, number == 1 ? 0 : 1, 0.9F)});
  }
  const auto explanation = explain_sweep(path_, "1");
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  ASSERT_EQ(explanation->hard_clips.size(), 2);
  const HardClip& often = explanation->hard_clips[0];
  EXPECT_EQ(often.clip, "often");
  EXPECT_EQ(often.true_class, "car_horn");
  EXPECT_EQ(often.mostly_taken_for, "siren");
  EXPECT_EQ(often.wrong, 9);
  EXPECT_EQ(often.trials, 10);
  EXPECT_NEAR(often.mean_true_probability, 0.18, 1e-6);
  EXPECT_NEAR(often.mean_taken_probability, 0.82, 1e-6);
  EXPECT_EQ(explanation->hard_clips[1].clip, "always");
}

TEST_F(SweepExplanationTest, WithoutAFinishedTrialThereIsNothingToExplain) {
  const absl::Status status = explain_sweep(path_, "1").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("nothing to explain"));
}

TEST_F(SweepExplanationTest, PicturesAreCountedForEachAugmentationAndClassOverAllFolds) {
  DatasetReport data = store::sample_dataset();
  data.clips.resize(1);  // fold9/a.wav: a car horn, of two channels
  for (const auto& [id, fold, channels] :
       {std::tuple("fold8/b.wav", 8, 1), std::tuple("fold9/c.wav", 9, 2)}) {
    data.clips.push_back(data.clips[0]);
    data.clips.back().id = id;
    data.clips.back().fold = fold;
    data.clips.back().channels = channels;
    data.clips.back().class_index = 1;
  }
  for (Clip& clip : data.clips) clip.split = Split::kTrain;
  add({store::PutSweep{store::sample_sweep(2)}, store::PutDataset{SweepId{2}, data}});
  std::int64_t number = 0;
  for (const auto& augmentation :
       {std::vector<Augmentation>{}, {Augmentation::kChannels, Augmentation::kMixup}}) {
    for (const int fold : {8, 9}) {
      ++number;
      TrialRecord trial = store::sample_trial(10 + number, 2, number);
      trial.validation_fold = fold;
      trial.cell.settings.training.augmentation = augmentation;
      trial.state = TrialState::kFinished;
      trial.objective = 0.5;
      trial.finished_ms = 1'760'000'009'000;
      add({store::PutTrial{trial}});
    }
  }
  const auto explanation = explain_sweep(path_, "2");
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  using Row = std::tuple<std::string, std::string, int, std::int64_t, std::int64_t>;
  std::vector<Row> rows;
  for (const ClassPictures& row : explanation->pictures)
    rows.emplace_back(row.augmentation, row.class_name, row.folds, row.clips, row.pictures);
  // Fold 8 validates: a and c train. Fold 9: b.
  EXPECT_THAT(rows, ElementsAre(Row("none", "car_horn", 2, 1, 1), Row("none", "siren", 2, 2, 2),
                                Row("channels+mixup", "car_horn", 2, 1, 3),
                                Row("channels+mixup", "siren", 2, 2, 1 + 3)));
}

TEST_F(SweepExplanationTest, OfTheWarningsThoseOfLeakageAreDuplicatesAcrossSplits) {
  finish(1, rate(0.05), 1.0, {said("a", 0, 0, 0.9F)});
  EXPECT_THAT(explain_sweep(path_, "1")->duplicates_across_splits, IsEmpty()) << "another warning is there";
  DatasetReport data = store::sample_dataset();
  data.warnings = {"validation has no clip of siren", "leakage: a ~ b", "leakage: c = d"};
  add({store::PutDataset{SweepId{1}, data}});
  EXPECT_THAT(explain_sweep(path_, "1")->duplicates_across_splits, ElementsAre("a ~ b", "c = d"));
}

TEST_F(SweepExplanationTest, WhereAllIsRightNoClipIsHard) {
  finish(1, rate(0.05), 1.0, {said("a", 0, 0, 0.9F)});
  EXPECT_THAT(explain_sweep(path_, "1")->hard_clips, IsEmpty());
}

}  // namespace
}  // namespace melsweep::results
