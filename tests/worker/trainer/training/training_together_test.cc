// Which runs are stepped and measured together, and that one's end is not another's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "worker/trainer/features/stage_times.h"
#include "worker/trainer/training/minibatches.h"
#include "worker/trainer/training/training_loop.h"

namespace melsweep::training {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Who = std::vector<std::size_t>;

// Remembers what it was asked.
class FakeGroup final : public LearnerGroup {
 public:
  void step(Places who, const Minibatch& batch, const Watch&,
            std::span<absl::StatusOr<double>> losses) override {
    const std::scoped_lock lock(mutex);
    if (on_step) on_step();
    steps.emplace_back(who.begin(), who.end());
    for (std::size_t i = 0; i < who.size(); ++i) {
      const auto& before = batches[who[i]];
      EXPECT_EQ(batch.step, first_steps[who[i]] + static_cast<std::int64_t>(before.size()));
      batches[who[i]].emplace_back(batch.examples.begin(), batch.examples.end());
      losses[i] = who[i] == diverges && batch.step == 6 ? std::numeric_limits<double>::infinity() : 1.0;
      if (who[i] == fails && batch.step == 6) losses[i] = absl::ResourceExhaustedError("too much");
    }
  }

  absl::Status logits(Places who, Indices, std::span<const std::span<float>> out, const Watch&) override {
    const std::scoped_lock lock(mutex);
    if (on_logits) on_logits();
    measured.emplace_back(who.begin(), who.end());
    for (const std::span<float> one : out) std::ranges::fill(one, 0.0F);
    return absl::OkStatus();
  }

  static constexpr std::size_t kNone = 99;

  std::function<void()> on_step;
  std::function<void()> on_logits;
  std::size_t diverges = kNone;
  std::size_t fails = kNone;
  std::map<std::size_t, std::int64_t> first_steps;
  std::mutex mutex;
  std::vector<Who> steps;
  std::vector<Who> measured;
  std::map<std::size_t, std::vector<std::vector<std::uint32_t>>> batches;  // of each learner
};

class TrainingTogether : public testing::Test {
 protected:
  TrainingTogether() {
    examples.labels = std::vector<int>(12, 0);
    examples.train_count = 10;
    examples.train_clips = {0, 1, 2};
    examples.validation = {10, 11};
    examples.classes = 2;
  }

  void add(std::int64_t steps, std::int64_t batch_size, std::uint64_t seed, std::int64_t steps_done = 0) {
    settings.push_back({.steps = steps, .evaluate_every = 50, .batch_size = batch_size, .augmentation = {}});
    seeds.push_back(seed);
    done.push_back(steps_done);
    group.first_steps[done.size() - 1] = steps_done + 1;
  }

  void train_on(std::size_t threads) {
    std::vector<TrainingRun> runs;
    ends.assign(settings.size(), absl::UnknownError("it never ended"));
    stops.resize(settings.size());
    steps_at_end.resize(settings.size());
    for (std::size_t i = 0; i < settings.size(); ++i) {
      runs.push_back({.settings = settings[i],
                      .place = i,
                      .seed = seeds[i],
                      .steps_done = done[i],
                      .stop = stops[i].get_token(),
                      .after_step =
                          [this, i](std::int64_t step) {
                            if (i == stopped_run && step == 6) stops[i].request_stop();
                          },
                      .ended =
                          [this, i](const absl::Status& status) {
                            ends[i] = status;
                            steps_at_end[i] = stage_of(features::stages::kTraining).made;
                          }});
    }
    train(group, examples, runs, threads, &times);
  }

  StageTime stage_of(std::string_view name) const {
    const std::vector<StageTime> all = times.so_far();
    const auto found = std::ranges::find(all, name, &StageTime::stage);
    return found == all.end() ? StageTime{} : *found;
  }

  features::StageTimes times;
  std::vector<std::int64_t> steps_at_end;  // of all runs, when this one ended
  FakeGroup group;
  Examples examples;
  std::vector<TrainingSettings> settings;
  std::vector<std::uint64_t> seeds;
  std::vector<std::int64_t> done;
  std::vector<std::stop_source> stops;
  std::size_t stopped_run = FakeGroup::kNone;
  std::vector<absl::Status> ends;
};

TEST_F(TrainingTogether, RunsOnTheSameMinibatchesStepAndAreMeasuredTogether) {
  for (int i = 0; i < 3; ++i) add(100, 4, 1);
  train_on(1);
  EXPECT_EQ(group.steps.size(), 100U);
  EXPECT_THAT(group.steps, Each(ElementsAre(0U, 1U, 2U)));
  EXPECT_EQ(group.measured.size(), 4U);  // two splits, twice
  EXPECT_THAT(group.measured, Each(ElementsAre(0U, 1U, 2U)));
}

TEST_F(TrainingTogether, CountsTheStepsOfAllRuns) {
  add(100, 4, 1);
  add(100, 4, 1);
  add(60, 5, 2, 10);
  train_on(2);
  EXPECT_EQ(stage_of(features::stages::kTraining).made, 100 + 100 + 50);
  EXPECT_GT(stage_of(features::stages::kTraining).seconds, 0.0);
  EXPECT_GT(stage_of(features::stages::kEvaluating).seconds, 0.0);
  EXPECT_EQ(times.so_far().size(), 2U);
}

TEST_F(TrainingTogether, WhoEndsKnowsTheStepsUntilThen) {
  add(10, 4, 1);
  add(100, 4, 1);
  train_on(1);
  EXPECT_EQ(steps_at_end[0], 10 + 10);
  EXPECT_EQ(steps_at_end[1], 10 + 100);
}

// No time passes but in the steps and in the measurements.
TEST_F(TrainingTogether, MeasuringIsNoTraining) {
  std::chrono::nanoseconds now{0};
  features::StageTimes by_hand([&now] { return now; });
  group.on_step = [&now] { now += std::chrono::seconds(1); };
  group.on_logits = [&now] { now += std::chrono::minutes(10); };
  add(100, 4, 1);
  const TrainingRun run{.settings = settings[0], .seed = seeds[0], .ended = [&](const absl::Status&) {
                          now += std::chrono::hours(24);
                        }};
  train(group, examples, {&run, 1}, 1, &by_hand);
  const std::vector<StageTime> stages = by_hand.so_far();
  EXPECT_THAT(stages, ElementsAre(StageTime{.stage = "training", .seconds = 100.0, .made = 100},
                                  StageTime{.stage = "evaluating", .seconds = 4 * 600.0}));
}

TEST_F(TrainingTogether, RunsOnOtherMinibatchesStepApart) {
  add(100, 4, 1);
  add(100, 5, 1);
  add(100, 4, 2);
  train_on(1);
  EXPECT_EQ(group.steps.size(), 300U);
}

TEST_F(TrainingTogether, RunsThatDrawTheirMinibatchesOtherwiseStepApart) {
  add(100, 4, 1);
  add(100, 4, 1);
  settings[1].sampling = Sampling::kBalanced;
  train_on(1);
  EXPECT_EQ(group.steps.size(), 200U);
}

TEST_F(TrainingTogether, ARunThatIsBehindCatchesUpAndJoinsTheOthers) {
  add(200, 4, 1);
  add(200, 4, 1, 37);
  add(200, 4, 1, 90);
  train_on(1);
  EXPECT_THAT(group.steps.front(), ElementsAre(0U));
  EXPECT_THAT(group.steps.back(), ElementsAre(0U, 1U, 2U));
  // Each alone to the next meeting, those that are there together, all from step 96 on.
  EXPECT_EQ(group.steps.size(), (64U + 27U + 32U + 6U) + 104U);
}

TEST_F(TrainingTogether, RunsWithNothingToWaitForDoNotWaitForEachOther) {
  add(1000, 4, 1);
  add(10, 4, 1);
  train_on(1);
  EXPECT_EQ(group.batches[1].size(), 10U);
  EXPECT_EQ(group.batches[0].size(), 1000U);
  EXPECT_EQ(group.steps.size(), 1000U);
}

TEST_F(TrainingTogether, EveryRunSeesItsOwnMinibatchesOnAnyNumberOfThreads) {
  for (const std::int64_t batch_size : {3, 4}) {
    for (const std::uint64_t seed : {1, 2}) {
      for (int repeat = 0; repeat < 3; ++repeat) add(130, batch_size, seed, 10 * repeat);
    }
  }
  for (const std::size_t threads : {1U, 2U, 5U, 40U}) {
    group.batches.clear();
    train_on(threads);
    EXPECT_THAT(ends, Each(absl::OkStatus()));
    for (std::size_t i = 0; i < settings.size(); ++i) {
      Minibatches minibatches(std::vector<int>(10), Sampling::kShuffled,
                              static_cast<std::size_t>(settings[i].batch_size), seeds[i]);
      minibatches.skip(done[i]);
      ASSERT_EQ(group.batches[i].size(), static_cast<std::size_t>(130 - done[i])) << threads << " threads";
      for (const auto& batch : group.batches[i]) {
        const Indices expected = minibatches.next();
        EXPECT_EQ(batch, std::vector<std::uint32_t>(expected.begin(), expected.end()));
      }
    }
  }
}

TEST_F(TrainingTogether, WhereThreadsWouldBeIdleTheRunsAreSharedOut) {
  for (int i = 0; i < 4; ++i) add(32, 4, 1);
  train_on(4);
  EXPECT_THAT(group.steps.front().size(), 1U);
}

TEST_F(TrainingTogether, OneThatDivergesLeavesTheOthersAlone) {
  for (int i = 0; i < 3; ++i) add(20, 4, 1);
  group.diverges = 1;
  train_on(1);
  EXPECT_EQ(ends[1].code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(ends[1].message()), HasSubstr("after step 5"));
  EXPECT_TRUE(ends[0].ok() && ends[2].ok());
  EXPECT_THAT(group.steps.back(), ElementsAre(0U, 2U));
  EXPECT_EQ(group.steps.size(), 20U);
}

TEST_F(TrainingTogether, OneThatFailsLeavesTheOthersAlone) {
  for (int i = 0; i < 3; ++i) add(20, 4, 1);
  group.fails = 0;
  train_on(2);
  EXPECT_EQ(ends[0].code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(ends[1].ok() && ends[2].ok());
}

TEST_F(TrainingTogether, OneThatIsStoppedTakesNoFurtherStepAndTheOthersDo) {
  for (int i = 0; i < 3; ++i) add(20, 4, 1);
  stopped_run = 2;
  train_on(1);
  EXPECT_EQ(ends[2].code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(group.batches[2].size(), 6U);
  EXPECT_TRUE(ends[0].ok() && ends[1].ok());
  EXPECT_EQ(group.batches[0].size(), 20U);
}

}  // namespace
}  // namespace melsweep::training
