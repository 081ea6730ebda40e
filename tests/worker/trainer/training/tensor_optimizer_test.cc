#include "worker/trainer/training/tensor_optimizer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "worker/trainer/arrays/npy.h"

namespace melsweep::training {
namespace {

using torch::Tensor;

Tensor recorded(const std::string& name) {
  const auto array = arrays::read_npy("tests/golden/optimizers/" + name + ".npy");
  EXPECT_TRUE(array.ok()) << array.status();
  std::vector<std::int64_t> shape(array->shape.begin(), array->shape.end());
  return torch::from_blob(const_cast<float*>(array->values.data()), shape).clone();
}

struct Recorded {
  std::string name;
  Optimizer optimizer;
  double learning_rate;
  double weight_decay;
};

class TensorOptimizerTest : public testing::TestWithParam<Recorded> {};

// tests/golden/optimizers/record.py; the last column is the bias.
TEST_P(TensorOptimizerTest, GoesWherePyTorchGoes) {
  const Tensor examples = recorded("examples");
  const Tensor labels = torch::arange(12).remainder(3);
  const Tensor start = recorded("start");
  Tensor weight = start.slice(1, 0, 20).clone().set_requires_grad(true);
  Tensor bias = start.select(1, 20).clone().set_requires_grad(true);
  TensorOptimizer optimizer({{"weight", weight}, {"bias", bias}}, {.steps = 40,
                                                                   .learning_rate = GetParam().learning_rate,
                                                                   .optimizer = GetParam().optimizer,
                                                                   .augmentation = {},
                                                                   .momentum = 0.8,
                                                                   .weight_decay = GetParam().weight_decay});
  for (std::int64_t step = 1; step <= 40; ++step) {
    const Tensor loss =
        torch::nn::functional::cross_entropy(torch::matmul(examples, weight.t()) + bias, labels);
    optimizer.descend(torch::autograd::grad({loss}, {weight, bias}), step);
  }
  const Tensor expected = recorded(GetParam().name);
  EXPECT_LT((weight - expected.slice(1, 0, 20)).abs().max().item<float>(), 2e-6);
  EXPECT_LT((bias - expected.select(1, 20)).abs().max().item<float>(), 2e-6);
}

INSTANTIATE_TEST_SUITE_P(PyTorch, TensorOptimizerTest,
                         testing::Values(Recorded{"sgd", Optimizer::kSgd, 0.1, 0.0},
                                         Recorded{"sgd_decay", Optimizer::kSgd, 0.1, 0.05},
                                         Recorded{"momentum", Optimizer::kMomentum, 0.05, 0.01},
                                         Recorded{"nesterov", Optimizer::kNesterov, 0.05, 0.01},
                                         Recorded{"rmsprop", Optimizer::kRmsprop, 0.003, 0.01},
                                         Recorded{"adam", Optimizer::kAdam, 0.01, 0.01},
                                         Recorded{"adamw", Optimizer::kAdamW, 0.01, 0.1}),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace melsweep::training
