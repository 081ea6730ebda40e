#include "worker/trainer/training/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/training/head_group.h"

namespace melsweep::training {
namespace {

constexpr std::size_t kClasses = 3;

std::vector<float> recorded(const std::string& name) {
  const auto array = arrays::read_npy("tests/golden/optimizers/" + name + ".npy");
  EXPECT_TRUE(array.ok()) << array.status();
  return array->values;
}

HeadWeights head_from(const std::vector<float>& numbers) {
  const std::size_t features = numbers.size() / kClasses - 1;
  HeadWeights head{.classes = kClasses, .features = features, .weight = {}, .bias = {}};
  for (auto at = numbers.begin(); at != numbers.end();) {
    const auto end = at + static_cast<std::ptrdiff_t>(features);
    head.weight.insert(head.weight.end(), at, end);
    head.bias.push_back(*end);
    at = end + 1;
  }
  return head;
}

struct Recorded {
  std::string name;
  TrainingSettings settings;
};

TrainingSettings settings_of(Optimizer optimizer, double learning_rate, double weight_decay) {
  return {.steps = 40,
          .learning_rate = learning_rate,
          .optimizer = optimizer,
          .augmentation = {},
          .momentum = 0.8,
          .weight_decay = weight_decay};
}

class OptimizerTest : public testing::TestWithParam<Recorded> {};

// tests/golden/optimizers/record.py
TEST_P(OptimizerTest, GoesWherePyTorchGoes) {
  const std::vector<float> examples = recorded("examples");
  std::vector<const float*> rows;
  std::vector<int> labels;
  for (std::size_t i = 0; i < 12; ++i) {
    rows.push_back(examples.data() + i * 20);
    labels.push_back(static_cast<int>(i % kClasses));
  }
  Head head(head_from(recorded("start")), GetParam().settings);
  Head* const heads[] = {&head};
  HeadGroup group;
  double loss = 0.0;
  for (std::int64_t step = 1; step <= 40; ++step) group.step(heads, step, rows, labels, {&loss, 1});
  const HeadWeights end = head.state().weights;
  const HeadWeights expected = head_from(recorded(GetParam().name));
  for (std::size_t i = 0; i < end.weight.size(); ++i) EXPECT_NEAR(end.weight[i], expected.weight[i], 2e-6);
  for (std::size_t c = 0; c < kClasses; ++c) EXPECT_NEAR(end.bias[c], expected.bias[c], 2e-6);
}

INSTANTIATE_TEST_SUITE_P(PyTorch, OptimizerTest,
                         testing::Values(Recorded{"sgd", settings_of(Optimizer::kSgd, 0.1, 0.0)},
                                         Recorded{"sgd_decay", settings_of(Optimizer::kSgd, 0.1, 0.05)},
                                         Recorded{"momentum", settings_of(Optimizer::kMomentum, 0.05, 0.01)},
                                         Recorded{"nesterov", settings_of(Optimizer::kNesterov, 0.05, 0.01)},
                                         Recorded{"rmsprop", settings_of(Optimizer::kRmsprop, 0.003, 0.01)},
                                         Recorded{"adam", settings_of(Optimizer::kAdam, 0.01, 0.01)},
                                         Recorded{"adamw", settings_of(Optimizer::kAdamW, 0.01, 0.1)}),
                         [](const auto& param) { return param.param.name; });

TEST(UpdateAt, TakesTheRateOfTheSchedule) {
  TrainingSettings settings = settings_of(Optimizer::kSgd, 0.5, 0.0);
  settings.warmup_steps = 10;
  EXPECT_FLOAT_EQ(update_at(settings, 1).rate, 0.05F);
  EXPECT_FLOAT_EQ(update_at(settings, 11).rate, 0.5F);
  settings.schedule = LearningRateSchedule::kLinear;
  EXPECT_FLOAT_EQ(update_at(settings, 26).rate, 0.25F);
}

}  // namespace
}  // namespace melsweep::training
