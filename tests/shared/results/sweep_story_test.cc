#include "shared/results/sweep_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/results/finished_trials.h"

namespace melsweep::results {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SweepStoryTest : public FinishedTrials {
 protected:
  static std::vector<Parameter> rate(double value) { return {{.name = "learning_rate", .value = value}}; }
};

TEST_F(SweepStoryTest, TellsCellsBestFirstWithWhatTheyWereRightAbout) {
  finish(1, rate(0.5), 0.5, {said("a", 0, 1, 0.9F), said("b", 1, 1, 0.9F)});
  finish(2, rate(0.05), 1.0, {said("a", 0, 0, 0.9F), said("b", 1, 1, 0.8F)});
  const auto story = read_story(path_, "last");
  ASSERT_TRUE(story.ok()) << story.status();
  ASSERT_EQ(story->sweeps.size(), 1);
  EXPECT_THAT(story->study, IsEmpty());
  const SweepStory& sweep = story->sweeps.front();
  ASSERT_EQ(sweep.cells.size(), 2);
  EXPECT_THAT(sweep.cells[0].trials, ElementsAre(2));
  EXPECT_EQ(sweep.cells[0].summary.mean, 1.0);
  ASSERT_EQ(sweep.cells[1].verdicts.size(), 2);
  EXPECT_EQ(sweep.cells[1].verdicts[0].clip, "a");
  EXPECT_EQ(sweep.cells[1].verdicts[0].right, 0.0);
  EXPECT_EQ(sweep.cells[1].verdicts[1].right, 1.0);
}

TEST_F(SweepStoryTest, TellsTheBestCellsEvaluationAndTheCurves) {
  finish(1, rate(0.5), 0.5, {said("a", 0, 1, 0.9F), said("b", 1, 1, 0.75F)});
  const auto story = read_story(path_, "1");
  ASSERT_TRUE(story.ok()) << story.status();
  const SweepStory& sweep = story->sweeps.front();
  ASSERT_EQ(sweep.evaluations.size(), 1);
  const StoryEvaluation& evaluation = sweep.evaluations.front();
  EXPECT_EQ(evaluation.split, "validation");
  EXPECT_THAT(evaluation.confusion, ElementsAre(ElementsAre(0, 1), ElementsAre(0, 1)));
  ASSERT_EQ(evaluation.predictions.size(), 2);
  EXPECT_THAT(evaluation.predictions[1].probabilities, ElementsAre(0.25, 0.75));
  ASSERT_EQ(sweep.curves.size(), 1);
  ASSERT_EQ(sweep.curves[0].points.size(), 2);
  EXPECT_EQ(sweep.curves[0].points[1].step, 1000);
  ASSERT_EQ(sweep.runs.size(), 1);
  EXPECT_EQ(sweep.runs[0].checkpoint, "/artifacts");
}

TEST_F(SweepStoryTest, TellsWhatTheTimeOfEachTrialWentInto) {
  finish(1, rate(0.5), 0.5, {said("a", 0, 1, 0.9F)});
  finish(2, rate(0.05), 0.5, {said("a", 0, 1, 0.9F)});
  finish(3, rate(0.05), 0.5, {said("a", 0, 1, 0.9F)});
  const StageTime training{"training", 12.5, 1000, 0};
  const StageTime bottlenecks{"bottlenecks", 0.5, 2, 318};
  add({store::PutStages{{TrialId{1}, 1}, {training, bottlenecks}},
       store::PutStages{{TrialId{2}, 1}, {training}}});
  const std::vector<StoryRun> runs = read_story(path_, "1")->sweeps.front().runs;
  ASSERT_EQ(runs.size(), 3);
  EXPECT_THAT(runs[0].stages, ElementsAre(bottlenecks, training));
  EXPECT_THAT(runs[1].stages, ElementsAre(training));
  EXPECT_THAT(runs[2].stages, IsEmpty());
  EXPECT_THAT(runs[0].kind,
              AllOf(testing::StartsWith("cuda:0["), HasSubstr("\"n_mels\""), HasSubstr(",50,")));
  EXPECT_NE(runs[0].kind, runs[1].kind) << "another batch size";
  EXPECT_THAT(runs[2].kind, IsEmpty());
  EXPECT_EQ(runs[0].steps, 30'000);
}

TEST_F(SweepStoryTest, KnowsHowManyWereBegunTogether) {
  finish(1, rate(0.5), 0.5, {said("a", 0, 1, 0.9F)});
  TrialRecord failed = store::sample_trial(2, 1, 2);
  failed.state = TrialState::kFailed;
  AttemptRecord attempt = store::sample_attempt(2, 1);
  attempt.request = store::sample_attempt(1, 1).request;
  attempt.state = AttemptState::kFailed;
  attempt.failure = Failure{FailureKind::kInternal, "why"};
  add({store::PutTrial{failed}, store::PutAttempt{attempt}});
  const std::vector<StoryRun> runs = read_story(path_, "1")->sweeps.front().runs;
  ASSERT_EQ(runs.size(), 1);
  EXPECT_EQ(runs[0].begun_together, 2);
  AttemptRecord resumed = store::sample_attempt(1, 1);
  resumed.state = AttemptState::kFinished;
  resumed.resumed_from = ResumePoint{1, 29'000};
  add({store::PutAttempt{resumed}});
  EXPECT_EQ(read_story(path_, "1")->sweeps.front().runs[0].steps, 1000);
}

TEST_F(SweepStoryTest, OfASweepWithoutAFinishedTrialThereIsTheRestOfTheStory) {
  const auto story = read_story(path_, "1");
  ASSERT_TRUE(story.ok()) << story.status();
  EXPECT_THAT(story->sweeps.front().cells, IsEmpty());
  EXPECT_TRUE(story->sweeps.front().data.known);
}

TEST_F(SweepStoryTest, WhatIsNotThereIsToldWithWhatThereIs) {
  const absl::Status status = read_story(path_, "other").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("there is no sweep 'other'; there are: 1"));
}

TEST_F(SweepStoryTest, SeveralAreToldInTheOrderInWhichTheyAreAskedFor) {
  add({store::PutSweep{store::sample_sweep(2, "other")}});
  const auto stories = read_stories(path_, {"other", "1"});
  ASSERT_TRUE(stories.ok()) << stories.status();
  ASSERT_EQ(stories->size(), 2);
  EXPECT_EQ(stories->front().sweeps.front().summary.name, "other");
  EXPECT_EQ(stories->back().sweeps.front().summary.id, SweepId{1});
  EXPECT_EQ(read_stories(path_, {"1", "third"}).status().code(), absl::StatusCode::kNotFound);
}

// The name of a study is that of its first sweep where a sweep was submitted with its final training.
TEST_F(SweepStoryTest, AStudyIsToldAsAWhole) {
  SweepRecord first = store::sample_sweep(2);
  SweepRecord second = store::sample_sweep(3);
  second.spec.name = "grid-final";
  for (SweepRecord* sweep : {&first, &second}) {
    sweep->study.study = first.spec.name;
    sweep->study.first = SweepId{2};
    sweep->request.value.clear();
  }
  add({store::PutSweep{first}, store::PutSweep{second}});
  for (const char* which : {"last", first.spec.name.c_str()}) {
    const auto story = read_story(path_, which);
    ASSERT_TRUE(story.ok()) << story.status();
    EXPECT_EQ(story->study, first.spec.name);
    ASSERT_EQ(story->sweeps.size(), 2) << which;
    EXPECT_EQ(story->sweeps[1].summary.name, "grid-final");
  }
  EXPECT_EQ(read_story(path_, "2")->sweeps.size(), 1);
}

}  // namespace
}  // namespace melsweep::results
