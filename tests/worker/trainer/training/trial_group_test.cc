// Trials that are trained together come out as each of them does alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/worker/trainer/training/trial_attempts.h"

namespace melsweep::training {
namespace {

using ::testing::HasSubstr;

// What became of one trial of a group; its own thread's alone, until the group has ended.
struct Told {
  std::vector<std::string> events;
  Metrics metrics;
  std::vector<Checkpoint> checkpoints;
  std::vector<TrialEnd> ends;
};

class TrialGroupTest : public TrialAttempts {
 protected:
  // Is called on the thread that tells of the progress.
  using OnProgressOf = std::function<void(std::int64_t trial, const Progress&)>;

  void SetUp() override {
    TrialAttempts::SetUp();
    attempt();  // so that the bottlenecks are there
  }

  // Differing in all that trials of a group may differ in.
  void add_trials() {
    add(0.05, 4, 3, Optimizer::kSgd);
    add(0.01, 4, 3, Optimizer::kAdam);
    add(0.02, 4, 3, Optimizer::kNesterov);
    add(0.02, 4, 8, Optimizer::kRmsprop);
    add(0.05, 2, 3, Optimizer::kMomentum);
    add(0.05, 3, 3, Optimizer::kAdamW);
    add(0.05, 4, 3, Optimizer::kSgd);
    works[6].plan.settings.training.precision = Precision::kBfloat16;
    add(0.01, 4, 3, Optimizer::kAdam);
    works[7].plan.settings.training.precision = Precision::kBfloat16;
    add(0.05, 4, 3, Optimizer::kSgd);
    works[8].plan.settings.training.class_weights = ClassWeights::kBalanced;
    add(0.05, 4, 3, Optimizer::kSgd);
    works[9].plan.settings.training.sampling = Sampling::kBalanced;
    works[2].plan.settings.training.steps = 27;
    works[4].plan.settings.training.evaluate_every = 7;
  }

  void add(double learning_rate, std::int64_t batch_size, std::uint64_t seed, Optimizer optimizer) {
    TrialWork one = work;
    one.plan.id = TrialId{static_cast<std::int64_t>(works.size()) + 1};
    one.plan.seed = seed;
    one.plan.settings.training.learning_rate = learning_rate;
    one.plan.settings.training.batch_size = batch_size;
    one.plan.settings.training.optimizer = optimizer;
    works.push_back(one);
    stops.emplace_back();
  }

  // Trains all of `works` in folders of their own.
  std::vector<Told> train_together(unsigned threads, const OnProgressOf& on_progress = nullptr) {
    TrialRunner::Options with_threads = options();
    with_threads.threads = threads;
    TrialRunner runner(with_threads, clock);
    ++groups;
    std::vector<Told> told(works.size());
    std::vector<TrialTask> tasks;
    for (std::size_t i = 0; i < works.size(); ++i) {
      TrialWork one = works[i];
      one.artifacts_dir = folder / ("group-" + std::to_string(groups)) / std::to_string(i);
      tasks.push_back({.work = one,
                       .observer = observer(told[i], one.plan.id.value, on_progress),
                       .stop = stops[i].get_token(),
                       .ended = [&told, i](TrialEnd end) { told[i].ends.push_back(std::move(end)); }});
    }
    runner.run_group(tasks);
    for (const Told& one : told) EXPECT_EQ(one.ends.size(), 1U);
    return told;
  }

  static TrainingObserver observer(Told& told, std::int64_t trial, const OnProgressOf& on_progress) {
    return {
        .progress =
            [=](const Progress& progress) {
              if (on_progress) on_progress(trial, progress);
            },
        .metrics =
            [&told](const std::vector<MetricPoint>& points) {
              for (const MetricPoint& point : points) told.metrics[{point.step, point.name}] = point.value;
            },
        .resumed = [&told](std::int64_t step) { told.events.push_back("resumed " + std::to_string(step)); },
        .checkpointed = [&told](const Checkpoint& checkpoint) { told.checkpoints.push_back(checkpoint); }};
  }

  Attempt alone(std::size_t i) {
    work = works[i];
    work.resume_from.clear();
    return attempt();
  }

  void expect_as_alone(const Told& told, std::size_t i) {
    const Attempt lonely = alone(i);
    ASSERT_TRUE(std::holds_alternative<Trained>(told.ends.at(0))) << i;
    EXPECT_EQ(told.metrics, lonely.metrics) << i;
    EXPECT_EQ(std::get<Trained>(told.ends[0]).evaluation, trained(lonely).evaluation) << i;
    EXPECT_EQ(std::get<Trained>(told.ends[0]).checkpoint.sha256, trained(lonely).checkpoint.sha256) << i;
  }

  std::vector<TrialWork> works;
  std::vector<std::stop_source> stops;
  int groups = 0;
};

TEST_F(TrialGroupTest, EachTrialComesOutAsItDoesAlone) {
  add_trials();
  for (const unsigned threads : {1U, 3U}) {
    const std::vector<Told> told = train_together(threads);
    for (std::size_t i = 0; i < works.size(); ++i) expect_as_alone(told[i], i);
  }
}

TEST_F(TrialGroupTest, EachTellsTheTimesOfAllUpToItsEnd) {
  add(0.05, 4, 3, Optimizer::kSgd);
  add(0.01, 4, 3, Optimizer::kSgd);
  works[0].plan.settings.training.steps = 20;
  const std::vector<Told> told = train_together(1);
  const auto stage = [&](std::size_t i, std::string_view name) {
    const std::vector<StageTime>& all = std::get<Trained>(told[i].ends.at(0)).stages;
    const auto found = std::ranges::find(all, name, &StageTime::stage);
    return found == all.end() ? StageTime{} : *found;
  };
  EXPECT_EQ(stage(0, "training").made, 20 + 20);
  EXPECT_EQ(stage(1, "training").made, 20 + 40);
  EXPECT_LT(stage(0, "training").seconds, stage(1, "training").seconds);
  for (const char* once : {"reading data", "reading weights", "bottlenecks"}) {
    EXPECT_EQ(stage(0, once), stage(1, once)) << once;
  }
  EXPECT_EQ(stage(0, "bottlenecks").found, 7);
}

TEST_F(TrialGroupTest, OneThatIsStoppedKeepsItsStateAndDoesNotDisturbTheOthers) {
  add_trials();
  const std::vector<Told> told = train_together(1, [this](std::int64_t trial, const Progress& progress) {
    if (trial == 2 && progress.stage == "training" && progress.done == 13) stops[1].request_stop();
  });
  EXPECT_TRUE(std::holds_alternative<Interrupted>(told[1].ends[0]));
  ASSERT_EQ(told[1].checkpoints.size(), 1U);
  EXPECT_EQ(told[1].checkpoints[0].step, 13);
  for (const std::size_t i : {0U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U}) expect_as_alone(told[i], i);
}

TEST_F(TrialGroupTest, OneThatGoesOnFromACheckpointCatchesUpWithTheOthers) {
  add_trials();
  for (std::size_t i : {1U, 3U}) {
    work = works[i];
    works[i].resume_from = attempt_until(15 + static_cast<std::int64_t>(i)).checkpoints.at(0).path;
  }
  const std::vector<Told> told = train_together(2);
  EXPECT_THAT(told[1].events, testing::ElementsAre("resumed 16"));
  EXPECT_THAT(told[3].events, testing::ElementsAre("resumed 18"));
  for (const std::size_t i : {1U, 3U}) {
    const Attempt lonely = alone(i);
    ASSERT_TRUE(std::holds_alternative<Trained>(told[i].ends[0]));
    EXPECT_EQ(std::get<Trained>(told[i].ends[0]).checkpoint.sha256, trained(lonely).checkpoint.sha256);
  }
  for (const std::size_t i : {0U, 2U, 4U, 5U}) expect_as_alone(told[i], i);
}

TEST_F(TrialGroupTest, SettingsBeyondTheSchemasLimitsFailAlone) {
  add_trials();
  works[0].plan.settings.training.evaluate_every = 0;
  const std::vector<Told> told = train_together(1);
  EXPECT_THAT(std::get<Failure>(told[0].ends[0]).message, HasSubstr("training.evaluate_every"));
  expect_as_alone(told[1], 1);
}

TEST_F(TrialGroupTest, OneThatNeedsOtherFeaturesFailsAlone) {
  add_trials();
  works[3].plan.settings.features.n_mels = 64;
  const std::vector<Told> told = train_together(1);
  const auto& failure = std::get<Failure>(told[3].ends[0]);
  EXPECT_EQ(failure.kind, FailureKind::kBadConfiguration);
  EXPECT_THAT(failure.message, HasSubstr("trials 1 and 4 cannot be trained together"));
  expect_as_alone(told[0], 0);
}

TEST_F(TrialGroupTest, OneThatNeedsOtherVariantsFailsAlone) {
  add_trials();
  for (TrialWork& one : works) one.plan.settings.training.augmentation = {Augmentation::kNoise};
  works[3].plan.settings.training.variants.noise_snr = 5.0;
  works.resize(4);
  const std::vector<Told> told = train_together(1);
  EXPECT_THAT(std::get<Failure>(told[3].ends[0]).message,
              HasSubstr("trials 1 and 4 cannot be trained together"));
  for (const std::size_t i : {0U, 1U, 2U}) EXPECT_TRUE(std::holds_alternative<Trained>(told[i].ends[0])) << i;
}

TEST_F(TrialGroupTest, DataThatAreOthersHereFailAll) {
  add_trials();
  for (TrialWork& one : works) one.plan.dataset_hash = "0th3r";
  for (const Told& told : train_together(1)) {
    EXPECT_EQ(std::get<Failure>(told.ends[0]).kind, FailureKind::kInternal);
  }
}

TEST_F(TrialGroupTest, WhereAllAreStoppedNothingIsPrepared) {
  add_trials();
  for (std::stop_source& stop : stops) stop.request_stop();
  for (const Told& told : train_together(1)) {
    EXPECT_TRUE(std::holds_alternative<Interrupted>(told.ends[0]));
    EXPECT_TRUE(told.checkpoints.empty() && told.metrics.empty());
  }
}

TEST_F(TrialGroupTest, OneThatIsStoppedWhileBottlenecksAreMadeEndsAtOnce) {
  work.plan.settings.features.n_mels = 96;  // none are there
  add(0.05, 4, 3, Optimizer::kSgd);
  add(0.01, 4, 3, Optimizer::kSgd);
  std::vector<std::string> stages_of_first;
  const std::vector<Told> told = train_together(1, [&](std::int64_t trial, const Progress& progress) {
    if (progress.stage == "bottlenecks") stops[0].request_stop();
    if (trial == 1) stages_of_first.push_back(progress.stage);
  });
  EXPECT_TRUE(std::holds_alternative<Interrupted>(told[0].ends[0]));
  // Once: the next it would have heard of came after its end.
  EXPECT_EQ(std::ranges::count(stages_of_first, "bottlenecks"), 1);
  EXPECT_TRUE(std::holds_alternative<Trained>(told[1].ends[0]));
}

TEST_F(TrialGroupTest, NetworksAreTrainedOneAfterTheOther) {
  train_last_block(2);
  add(0.01, 4, 3, Optimizer::kSgd);
  add(0.001, 4, 3, Optimizer::kAdam);
  const std::vector<Told> told = train_together(1);
  expect_as_alone(told[1], 1);
}

}  // namespace
}  // namespace melsweep::training
