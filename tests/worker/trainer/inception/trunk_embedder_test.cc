#include "worker/trainer/inception/trunk_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tests/worker/trainer/inception/lively_network.h"
#include "worker/trainer/arrays/npy.h"

namespace melsweep::inception {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::size_t kPictureSize = std::size_t{3} * 299 * 299;
constexpr std::size_t kOutput = features::kBottleneckSize;

std::vector<float> pictures(std::size_t count) {
  torch::manual_seed(2);
  const torch::Tensor values = torch::rand({static_cast<std::int64_t>(count * kPictureSize)});
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

std::vector<float> embed(TrunkEmbedder& embedder, std::span<const float> values) {
  std::vector<float> bottlenecks(values.size() / kPictureSize * kOutput);
  EXPECT_TRUE(embedder.embed(values, bottlenecks).ok());
  return bottlenecks;
}

float largest_difference(std::span<const float> a, std::span<const float> b) {
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

void expect_the_networks_own(const Dialect& dialect) {
  InceptionV3 network = lively_network(dialect);
  const std::vector<float> values = pictures(1);
  torch::Tensor expected;
  {
    const torch::NoGradGuard no_grad;
    expected = network->forward(torch::tensor(values).reshape({1, 3, 299, 299})).contiguous();
  }
  TrunkEmbedder embedder(network, "random");
  const std::vector<float> bottlenecks = embed(embedder, values);
  const float scale = expected.abs().max().item<float>();
  EXPECT_GT(scale, 0.01F);
  EXPECT_LT(largest_difference(bottlenecks, {expected.data_ptr<float>(), kOutput}), 1e-4F * scale);
}

TEST(TrunkEmbedder, AgreesWithTheNetworkItFoldsInEveryDialect) {
  expect_the_networks_own({PoolPadding::kNotCounted, InputRange::kZeroToOne});
  expect_the_networks_own({PoolPadding::kCounted, InputRange::kMinusOneToOne});
}

TEST(TrunkEmbedder, InBfloat16StaysWithinAHundredthOfTheLargest) {
  if (!check_precision(Precision::kBfloat16, torch::kCPU).ok())
    GTEST_SKIP() << "this processor has no bfloat16";
  const std::vector<float> values = pictures(2);
  const Dialect dialect{PoolPadding::kNotCounted, InputRange::kZeroToOne};
  TrunkEmbedder exact(lively_network(dialect), "random");
  TrunkEmbedder rounded(lively_network(dialect), "random", torch::kCPU, Precision::kBfloat16);
  const std::vector<float> expected = embed(exact, values);
  const std::vector<float> made = embed(rounded, values);
  const float scale = *std::max_element(expected.begin(), expected.end());
  EXPECT_NE(made, expected);
  EXPECT_LT(largest_difference(made, expected), 1e-2F * scale);
}

TEST(TrunkEmbedder, GivesAPictureTheSameBitsInAnyCompany) {
  TrunkEmbedder embedder(random_network(1), "random");
  const auto batch = static_cast<std::size_t>(embedder.batch_size());
  const std::vector<float> values = pictures(batch + 1);
  const std::vector<float> together = embed(embedder, values);
  for (std::size_t i = 0; i <= batch; ++i) {
    const std::vector<float> alone =
        embed(embedder, std::span(values).subspan(i * kPictureSize, kPictureSize));
    EXPECT_TRUE(
        std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(i * kOutput)))
        << i;
  }
}

TEST(TrunkEmbedder, IsIdentifiedByItsWeightsAndPrecision) {
  EXPECT_NE(TrunkEmbedder(random_network(1), "a").identity(),
            TrunkEmbedder(random_network(1), "b").identity());
  EXPECT_NE(TrunkEmbedder::identity_of("a", Precision::kFloat32),
            TrunkEmbedder::identity_of("a", Precision::kBfloat16))
      << "a cache of one precision must not be read as the other's";
  const torch::Device gpu(torch::kCUDA, 0);
  EXPECT_NE(TrunkEmbedder::identity_of("a", Precision::kBfloat16, gpu),
            TrunkEmbedder::identity_of("a", Precision::kBfloat16));
  EXPECT_EQ(TrunkEmbedder::identity_of("a", Precision::kFloat32, gpu), TrunkEmbedder::identity_of("a"));
}

TEST(CheckPrecision, RefusesWhatTheProcessorHasNoInstructionsFor) {
  constexpr std::array kOld = {Precision::kFloat32};
  const absl::Status status = check_precision(Precision::kBfloat16, torch::kCPU, kOld);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("model.precision"), HasSubstr("float32")));
  EXPECT_TRUE(check_precision(Precision::kFloat32, torch::kCPU, kOld).ok());
}

TEST(CheckPrecision, TakesEitherOnAGpu) {
  constexpr std::array kOld = {Precision::kFloat32};
  const torch::Device gpu(torch::kCUDA, 1);
  EXPECT_TRUE(check_precision(Precision::kFloat32, gpu, kOld).ok());
  EXPECT_TRUE(check_precision(Precision::kBfloat16, gpu, kOld).ok());
}

TEST(TrunkEmbedder, RefusesSpansThatDoNotMatch) {
  TrunkEmbedder embedder(random_network(1), "random");
  std::vector<float> values(kPictureSize);
  std::vector<float> bottlenecks(kOutput);
  EXPECT_FALSE(embedder.embed({}, {}).ok());
  EXPECT_FALSE(embedder.embed(std::span(values).first(kPictureSize - 1), bottlenecks).ok());
  EXPECT_FALSE(embedder.embed(values, std::span(bottlenecks).first(kOutput - 1)).ok());
}

// The converted nsfwjs weights; empty where nobody made them.
std::filesystem::path nsfwjs_weights() {
  const char* named = std::getenv("MELSWEEP_TEST_WEIGHTS");
  std::filesystem::path path = named != nullptr ? named : "build/weights/inception_v3.safetensors";
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

TEST(TrunkEmbedder, AgreesWithKerasOnItsOwnWeights) {
  const std::filesystem::path golden = "../shared/golden/inception_nsfwjs";
  const std::filesystem::path weights = nsfwjs_weights();
  if (weights.empty()) {
    GTEST_SKIP() << "no converted nsfwjs weights in build/weights (or name them by MELSWEEP_TEST_WEIGHTS)";
  }
  if (!std::filesystem::exists(golden)) GTEST_SKIP() << golden << " is not there";
  absl::StatusOr<InceptionV3> network = load_network(weights);
  ASSERT_TRUE(network.ok()) << network.status();
  TrunkEmbedder embedder(*network, "nsfwjs");
  for (const std::string name : {"smooth_k1", "smooth_k3"}) {
    const absl::StatusOr<arrays::Array> input = arrays::read_npy(golden / (name + ".input.npy"));
    const absl::StatusOr<arrays::Array> expected = arrays::read_npy(golden / (name + ".pooled2048.npy"));
    ASSERT_TRUE(input.ok() && expected.ok());
    EXPECT_LT(largest_difference(embed(embedder, input->values), expected->values), 1e-3F) << name;
  }
}

}  // namespace
}  // namespace melsweep::inception
