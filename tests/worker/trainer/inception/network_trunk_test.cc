#include "worker/trainer/inception/network_trunk.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/worker/trainer/inception/lively_network.h"

namespace melsweep::inception {
namespace {

constexpr int kPictures = 2;
constexpr Dialect kDialect{PoolPadding::kNotCounted, InputRange::kZeroToOne};

torch::Tensor some_pictures() {
  torch::manual_seed(2);
  return torch::rand({kPictures, 3, 299, 299});
}

torch::Tensor of_the_network(const torch::Tensor& pictures) {
  const torch::NoGradGuard no_grad;
  return lively_network(kDialect)->forward(pictures).contiguous();
}

// On the processor, which stands in for a GPU.
torch::Tensor of_the_trunk(const torch::Tensor& pictures, Precision precision) {
  NetworkTrunk trunk(lively_network(kDialect), torch::kCPU, kPictures, precision);
  std::copy_n(pictures.data_ptr<float>(), pictures.numel(), trunk.pictures().begin());
  const std::span<const float> made = trunk.run();
  return torch::tensor(at::ArrayRef<float>(made.data(), made.size())).reshape({kPictures, -1});
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

TEST(NetworkTrunk, AgreesWithTheNetworkThatItFolds) {
  const torch::Tensor pictures = some_pictures();
  EXPECT_LT(largest_difference(of_the_trunk(pictures, Precision::kFloat32), of_the_network(pictures)), 1e-4);
}

TEST(NetworkTrunk, InBfloat16StaysWithinAFewHundredthsOfTheLargest) {
  const torch::Tensor pictures = some_pictures();
  const double difference =
      largest_difference(of_the_trunk(pictures, Precision::kBfloat16), of_the_network(pictures));
  EXPECT_GT(difference, 1e-4) << "bfloat16 rounds to 8 bits";
  EXPECT_LT(difference, 3e-2);
}

TEST(NetworkTrunk, RunsBatchAfterBatch) {
  const torch::Tensor pictures = some_pictures();
  NetworkTrunk trunk(lively_network(kDialect), torch::kCPU, 1, Precision::kFloat32);
  const torch::Tensor expected = of_the_network(pictures);
  for (int i = 0; i < kPictures; ++i) {
    const torch::Tensor picture = pictures[i].contiguous();
    std::copy_n(picture.data_ptr<float>(), picture.numel(), trunk.pictures().begin());
    const std::span<const float> made = trunk.run();
    EXPECT_LT(largest_difference(torch::tensor(at::ArrayRef<float>(made.data(), made.size())), expected[i]),
              1e-4);
  }
}

}  // namespace
}  // namespace melsweep::inception
