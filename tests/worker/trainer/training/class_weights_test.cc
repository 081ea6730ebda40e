#include "worker/trainer/training/class_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/training/head_group.h"

namespace melsweep::training {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ClassWeights, BalancedOnesAreInInverseProportionToTheNumbersOfExamples) {
  const std::vector<int> labels = {0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2};
  EXPECT_THAT(class_weights(ClassWeights::kBalanced, labels, 3), ElementsAre(12.0F / 18, 12.0F / 6, 1.0F));
}

TEST(ClassWeights, AClassWithoutExamplesIsLeftOut) {
  const std::vector<int> labels = {0, 0, 0, 2};
  EXPECT_THAT(class_weights(ClassWeights::kBalanced, labels, 4), ElementsAre(4.0F / 6, 0.0F, 2.0F, 0.0F));
}

TEST(ClassWeights, WithoutThemAllCountAlike) {
  EXPECT_THAT(class_weights(ClassWeights::kNone, std::vector<int>{0, 0, 1}, 2), IsEmpty());
}

std::vector<float> recorded(const std::string& name) {
  const auto array = arrays::read_npy("tests/golden/class_weights/" + name + ".npy");
  EXPECT_TRUE(array.ok()) << array.status();
  return array->values;
}

HeadWeights head_from(const std::vector<float>& numbers) {
  HeadWeights head{.classes = 3, .features = 20, .weight = {}, .bias = {}};
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t f = 0; f < 20; ++f) head.weight.push_back(numbers[c * 21 + f]);
    head.bias.push_back(numbers[c * 21 + 20]);
  }
  return head;
}

// tests/golden/class_weights/record.py
TEST(ClassWeights, AHeadLearnsFromThemWhatPyTorchsWeightedLossTeaches) {
  const std::vector<int> labels = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2};
  const std::vector<float> weights = class_weights(ClassWeights::kBalanced, labels, 3);
  const std::vector<float> expected_weights = recorded("balanced");
  for (std::size_t c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(weights[c], expected_weights[c]);
  const std::vector<float> examples = recorded("examples");
  const std::vector<float> losses = recorded("losses");
  Head head(head_from(recorded("start")), {.learning_rate = 0.3, .augmentation = {}},
            {.class_weights = weights});
  Head* const heads[] = {&head};
  HeadGroup group;
  for (std::size_t step = 0; step < 40; ++step) {
    std::vector<const float*> rows;
    std::vector<int> batch;
    for (std::size_t i = step % 4; i < step % 4 + 8; ++i) {
      rows.push_back(examples.data() + i * 20);
      batch.push_back(labels[i]);
    }
    double loss = 0.0;
    group.step(heads, static_cast<std::int64_t>(step) + 1, rows, batch, {&loss, 1});
    EXPECT_NEAR(loss, losses[step], 2e-6) << step;
  }
  const HeadWeights end = head.state().weights;
  const HeadWeights expected = head_from(recorded("end"));
  for (std::size_t i = 0; i < end.weight.size(); ++i) EXPECT_NEAR(end.weight[i], expected.weight[i], 3e-6);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(end.bias[c], expected.bias[c], 3e-6);
}

}  // namespace
}  // namespace melsweep::training
