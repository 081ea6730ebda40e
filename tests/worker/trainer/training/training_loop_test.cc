#include "worker/trainer/training/training_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace melsweep::training {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// Answers every example with a logit of its own making, and remembers what it was asked.
class FakeLearner final : public Learner {
 public:
  absl::StatusOr<double> step(const Minibatch& batch, const Watch& watch) override {
    ++steps;
    batches.emplace_back(batch.examples.begin(), batch.examples.end());
    if (steps == stop_at_step) stopper.request_stop();
    if (tells_of_parts) watch.progress(1);
    if (watch.stop.stop_requested()) return absl::CancelledError("");
    if (!step_status.ok()) return step_status;
    return steps == diverge_at_step ? std::numeric_limits<double>::quiet_NaN() : 1.0;
  }

  absl::Status logits(Indices examples, std::span<float> out, const Watch& watch) override {
    if (stops_in_measurement) stopper.request_stop();
    if (watch.stop.stop_requested()) return absl::CancelledError("");
    if (tells_of_parts) watch.progress(examples.size());
    for (std::size_t i = 0; i < examples.size(); ++i) {
      // Example 4 is always taken for class 0; the others are known from their number.
      out[2 * i] = examples[i] == 4 || examples[i] % 2 == 0 ? logit : 0.0F;
      out[2 * i + 1] = examples[i] != 4 && examples[i] % 2 == 1 ? logit : 0.0F;
    }
    return absl::OkStatus();
  }

  absl::Status save(const std::filesystem::path&, const std::map<std::string, std::string>&) const override {
    return absl::OkStatus();
  }

  absl::Status restore(const inception::SafetensorsFile&) override { return absl::OkStatus(); }

  std::int64_t steps = 0;
  std::int64_t diverge_at_step = 0;
  std::int64_t stop_at_step = 0;
  bool tells_of_parts = false;
  bool stops_in_measurement = false;
  absl::Status step_status;
  float logit = 1.0F;
  std::stop_source stopper;
  std::vector<std::vector<std::uint32_t>> batches;
};

// Training examples 0 .. 3, of which 1 is an augmented copy; validation 4 and 5. Class = number % 2, but 4 is
// of class 1.
Examples six_examples() {
  Examples examples;
  examples.labels = {0, 1, 0, 1, 1, 1};
  examples.clip_ids = {"a", "a", "b", "c", "d", "e"};
  examples.train_count = 4;
  examples.train_clips = {0, 2, 3};
  examples.validation = {4, 5};
  examples.classes = 2;
  return examples;
}

class TrainingLoop : public testing::Test {
 protected:
  absl::Status train_now() {
    OneLearner group(learner);
    absl::Status end = absl::UnknownError("it never ended");
    const TrainingRun run{
        .settings = settings,
        .seed = 1,
        .steps_done = steps_done,
        .observer = {.progress = [this](const Progress& made) { progress.push_back(made); },
                     .metrics =
                         [this](const auto& points) {
                           measured.insert(measured.end(), points.begin(), points.end());
                         }},
        .stop = learner.stopper.get_token(),
        .after_step = [this](std::int64_t step) { kept.emplace_back(step, measured_steps().size()); },
        .ended = [&](const absl::Status& status) { end = status; }};
    train(group, examples, {&run, 1}, 2);
    return end;
  }

  std::vector<std::int64_t> measured_steps() const {
    std::vector<std::int64_t> steps;
    for (const MetricPoint& point : measured) {
      if (point.name == "validation/accuracy") steps.push_back(point.step);
    }
    return steps;
  }

  FakeLearner learner;
  Examples examples = six_examples();
  TrainingSettings settings{.steps = 10, .evaluate_every = 4, .batch_size = 3, .augmentation = {}};
  std::int64_t steps_done = 0;
  std::vector<Progress> progress;
  std::vector<MetricPoint> measured;
  // Steps after which there was something to keep, each with how many measurements there were before.
  std::vector<std::pair<std::int64_t, std::size_t>> kept;
};

TEST_F(TrainingLoop, MeasuresAtEveryIntervalAndAtTheEnd) {
  ASSERT_TRUE(train_now().ok());
  EXPECT_EQ(learner.steps, 10);
  EXPECT_THAT(measured_steps(), ElementsAre(4, 8, 10));
}

TEST_F(TrainingLoop, DoesNotMeasureTheLastStepTwice) {
  settings.steps = 8;
  ASSERT_TRUE(train_now().ok());
  EXPECT_THAT(measured_steps(), ElementsAre(4, 8));
}

TEST_F(TrainingLoop, MeasuresLossAndAccuracyOfBothSplits) {
  settings.steps = 1;
  ASSERT_TRUE(train_now().ok());
  // Two classes with logits 1 and 0: the right one costs `right`, the wrong one `wrong`.
  const double right = std::log1p(std::exp(-1.0));
  const double wrong = std::log1p(std::exp(1.0));
  ASSERT_EQ(measured.size(), 4U);
  EXPECT_EQ(measured[0].name, "train/loss");
  EXPECT_NEAR(measured[0].value, right, 1e-6);
  EXPECT_EQ(measured[1], (MetricPoint{.step = 1, .name = "train/accuracy", .value = 1.0}));
  EXPECT_EQ(measured[2].name, "validation/loss");
  EXPECT_NEAR(measured[2].value, (right + wrong) / 2, 1e-6);
  EXPECT_EQ(measured[3], (MetricPoint{.step = 1, .name = "validation/accuracy", .value = 0.5}));
}

TEST_F(TrainingLoop, TrainsOnTrainingExamplesOnly) {
  ASSERT_TRUE(train_now().ok());
  for (const auto& batch : learner.batches) {
    EXPECT_EQ(batch.size(), 3U);
    for (const std::uint32_t example : batch) EXPECT_LT(example, 4U);
  }
}

TEST_F(TrainingLoop, TellsProgressAfterEachStep) {
  ASSERT_TRUE(train_now().ok());
  ASSERT_EQ(progress.size(), 10U);
  EXPECT_EQ(progress.front(), (Progress{.stage = "training", .done = 1, .total = 10}));
  EXPECT_EQ(progress.back(), (Progress{.stage = "training", .done = 10, .total = 10}));
}

TEST_F(TrainingLoop, TellsWhatTheLearnerTellsOfStepsAndMeasurements) {
  learner.tells_of_parts = true;
  settings.steps = 1;
  ASSERT_TRUE(train_now().ok());
  EXPECT_THAT(progress, ElementsAre(Progress{.stage = "step 1 of 1", .done = 1, .total = 3},
                                    Progress{.stage = "evaluating", .done = 3, .total = 3},
                                    Progress{.stage = "evaluating", .done = 2, .total = 2},
                                    Progress{.stage = "training", .done = 1, .total = 1}));
}

TEST_F(TrainingLoop, StopsWithinOneStep) {
  learner.stop_at_step = 3;
  EXPECT_EQ(train_now().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(learner.steps, 3);
  EXPECT_TRUE(measured.empty());
}

TEST_F(TrainingLoop, ADivergedLossEndsItNamingStepAndLearningRate) {
  learner.diverge_at_step = 6;
  settings.learning_rate = 50;
  const absl::Status status = train_now();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("after step 5"), HasSubstr("learning_rate 50")));
  EXPECT_EQ(learner.steps, 6);
}

TEST_F(TrainingLoop, ADivergenceOfTheLastStepIsNoResultEither) {
  learner.logit = std::numeric_limits<float>::infinity();
  settings.steps = 1;
  EXPECT_EQ(train_now().code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(measured.empty());
}

TEST_F(TrainingLoop, TheLearnersErrorIsPassedOn) {
  learner.step_status = absl::ResourceExhaustedError("out of memory");
  EXPECT_EQ(train_now(), learner.step_status);
}

TEST_F(TrainingLoop, ARunThatBeginsLaterSeesTheMinibatchesThatAreLeft) {
  ASSERT_TRUE(train_now().ok());
  const auto all = learner.batches;
  for (steps_done = 0; steps_done <= 10; ++steps_done) {
    learner.batches.clear();
    ASSERT_TRUE(train_now().ok());
    EXPECT_EQ(learner.batches, std::vector(all.begin() + steps_done, all.end()));
  }
}

TEST_F(TrainingLoop, ARunThatBeginsAtAMeasuredStepMeasuresItFirst) {
  steps_done = 4;
  ASSERT_TRUE(train_now().ok());
  EXPECT_THAT(measured_steps(), ElementsAre(4, 8, 10));
  EXPECT_EQ(kept.front(), std::make_pair(std::int64_t{5}, std::size_t{1}));
}

TEST_F(TrainingLoop, ARunThatBeginsElsewhereMeasuresWhatIsLeft) {
  steps_done = 5;
  ASSERT_TRUE(train_now().ok());
  EXPECT_THAT(measured_steps(), ElementsAre(8, 10));
}

TEST_F(TrainingLoop, ARunThatBeginsAtTheEndOnlyMeasures) {
  steps_done = 10;
  ASSERT_TRUE(train_now().ok());
  EXPECT_EQ(learner.steps, 0);
  EXPECT_THAT(measured_steps(), ElementsAre(10));
}

TEST_F(TrainingLoop, EveryStepMayBeKeptBeforeItIsMeasured) {
  settings.steps = 4;
  settings.evaluate_every = 2;
  ASSERT_TRUE(train_now().ok());
  EXPECT_THAT(kept, ElementsAre(Pair(1, 0U), Pair(2, 0U), Pair(3, 1U), Pair(4, 1U)));
}

TEST_F(TrainingLoop, AStepThatWasStoppedOrDivergedIsNotKept) {
  learner.diverge_at_step = 6;
  EXPECT_FALSE(train_now().ok());
  EXPECT_EQ(kept.back().first, 5);
  learner.stop_at_step = learner.steps + 3;
  EXPECT_EQ(train_now().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(kept.back().first, 2);
}

TEST_F(TrainingLoop, AStopEndsAMeasurementAfterItsStepWasKept) {
  learner.stops_in_measurement = true;
  EXPECT_EQ(train_now().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(kept.back().first, 4);
  EXPECT_TRUE(measured.empty());
}

TEST_F(TrainingLoop, EvaluationHoldsEveryValidationClip) {
  OneLearner group(learner);
  const auto evaluation = evaluate(group, 0, examples, {"low", "high"}, 10, {}, {});
  ASSERT_TRUE(evaluation.ok());
  EXPECT_EQ(evaluation->split, Split::kValidation);
  EXPECT_EQ(evaluation->step, 10);
  EXPECT_THAT(evaluation->classes, ElementsAre("low", "high"));
  ASSERT_EQ(evaluation->predictions.size(), 2U);
  EXPECT_EQ(evaluation->predictions[0].clip, "d");
  EXPECT_EQ(evaluation->predictions[0].true_class, 1);
  EXPECT_EQ(evaluation->predictions[0].predicted_class, 0);
  EXPECT_EQ(evaluation->predictions[1].clip, "e");
  EXPECT_EQ(evaluation->predictions[1].predicted_class, 1);
  EXPECT_NEAR(evaluation->predictions[1].probabilities[1], 1.0 / (1.0 + std::exp(-1.0)), 1e-6);
}

}  // namespace
}  // namespace melsweep::training
