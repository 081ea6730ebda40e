#include "worker/trainer/inception/network.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "worker/trainer/inception/blocks.h"

namespace melsweep::inception {
namespace {

using torch::Tensor;

Tensor pictures(std::int64_t count) {
  torch::manual_seed(11);
  return torch::rand({count, kPictureChannels, kPictureSide, kPictureSide});
}

// A unit's weights that hand channel 0 on: 1 at the kernel's centre from channel 0 to every output.
void pass_first_channel(torch::nn::Module& block, const std::string& unit) {
  const torch::NoGradGuard no_grad;
  auto parameters = block.named_parameters();
  Tensor weight = parameters[unit + ".conv.weight"];
  weight.zero_();
  weight.index_put_({torch::indexing::Slice(), 0, weight.size(2) / 2, weight.size(3) / 2}, 1.0);
}

TEST(Block, DialectsDivideTheBordersAveragesDifferently) {
  // The pool branch of Mixed_5b over ones: in a corner 4 of the window's 9 pixels are in the picture.
  const float untouched = 1.0F / std::sqrt(1.0F + static_cast<float>(kBatchNormEpsilon));
  for (const auto& [padding, corner] :
       {std::pair(PoolPadding::kCounted, 4.0F / 9.0F), std::pair(PoolPadding::kNotCounted, 1.0F)}) {
    const std::shared_ptr<Block> block = make_block(0, padding);
    pass_first_channel(*block, "branch_pool");
    const torch::NoGradGuard no_grad;
    const Tensor out = block->forward(torch::ones({1, 192, 5, 5}));
    const Tensor pooled = out.index({0, out.size(1) - 1});  // branch_pool comes last
    EXPECT_NEAR(pooled.index({0, 0}).item<float>(), corner * untouched, 1e-6);
    EXPECT_NEAR(pooled.index({2, 2}).item<float>(), untouched, 1e-6);
  }
}

TEST(Network, HasTorchvisionsNames) {
  const InceptionV3 network = random_network(0);
  const auto parameters = network->named_parameters();
  const auto buffers = network->named_buffers();
  for (const ParameterSpec& spec : trunk_parameters()) {
    const Tensor* found = parameters.find(spec.name);
    if (found == nullptr) found = buffers.find(spec.name);
    ASSERT_NE(found, nullptr) << spec.name;
    EXPECT_EQ(found->sizes().vec(), spec.shape) << spec.name;
  }
  EXPECT_EQ(parameters.size(), 94U * 3);
}

TEST(Network, MapsPicturesToTheDialectsRange) {
  const Tensor x = pictures(1);
  for (const auto& [range, expected] :
       {std::pair(InputRange::kZeroToOne, x), std::pair(InputRange::kMinusOneToOne, x * 2 - 1)}) {
    InceptionV3 network(Dialect{PoolPadding::kCounted, range});
    network->set_trainable({TrainableKind::kAll, 0});
    EXPECT_TRUE(torch::equal(network->frozen_part(x), expected));
  }
}

TEST(Network, RandomWeightsFollowTheSeed) {
  const Tensor x = pictures(1);
  const torch::NoGradGuard no_grad;
  const Tensor first = random_network(3)->forward(x);
  EXPECT_EQ(first.sizes().vec(), (std::vector<std::int64_t>{1, 2048}));
  EXPECT_TRUE(torch::isfinite(first).all().item<bool>());
  EXPECT_GT(first.std().item<float>(), 1e-3F);
  EXPECT_TRUE(torch::equal(first, random_network(3)->forward(x)));
  EXPECT_FALSE(torch::equal(first, random_network(4)->forward(x)));
}

TEST(Network, RandomWeightsLeaveLibtorchsGeneratorAlone) {
  torch::manual_seed(5);
  const Tensor expected = torch::rand({4});
  torch::manual_seed(5);
  random_network(1);
  EXPECT_TRUE(torch::equal(torch::rand({4}), expected));
}

TEST(Network, FreezesWhatIsNotTrained) {
  InceptionV3 network = random_network(0);
  EXPECT_TRUE(network->trainable_parameters().empty());
  network->set_trainable({TrainableKind::kBlocks, 2});
  EXPECT_EQ(network->trainable_parameters().size(), 2U * 9 * 3);  // Mixed_7b and Mixed_7c
  for (const auto& parameter : network->named_parameters()) {
    const bool trained = parameter.key().starts_with("Mixed_7b.") || parameter.key().starts_with("Mixed_7c.");
    EXPECT_EQ(parameter.value().requires_grad(), trained) << parameter.key();
  }
  network->set_trainable({TrainableKind::kBlocks, 99});
  EXPECT_EQ(network->trainable_parameters().size(), 89U * 3);
  network->set_trainable({TrainableKind::kAll, 0});
  EXPECT_EQ(network->trainable_parameters().size(), 94U * 3);
  network->set_trainable({TrainableKind::kHead, 0});
  EXPECT_TRUE(network->trainable_parameters().empty());
}

TEST(Network, TrainsItsPartAndKeepsItsStatistics) {
  InceptionV3 network = random_network(0);
  network->set_trainable({TrainableKind::kBlocks, 1});
  network->train();
  const Tensor x = pictures(2);
  const Tensor activations = network->frozen_part(x);
  EXPECT_FALSE(activations.requires_grad());
  const Tensor both = network->trainable_part(activations);
  both.sum().backward();
  for (const Tensor& parameter : network->trainable_parameters()) EXPECT_TRUE(parameter.grad().defined());

  const Tensor mean = network->named_buffers()["Mixed_7c.branch1x1.bn.running_mean"];
  EXPECT_EQ(mean.abs().max().item<float>(), 0.0F) << "training must not move the statistics";
  const Tensor alone = network->forward(x.slice(0, 0, 1));
  EXPECT_LT((alone - both.slice(0, 0, 1)).abs().max().item<float>(), 1e-4F)
      << "a clip's output depends on its neighbour";
}

TEST(Network, ComesBackFromItsFile) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "network-test.safetensors";
  const InceptionV3 network = random_network(8);
  const std::vector<float> bias = {1, 2, 3};
  const std::vector<NamedTensor> head = {{"fc.bias", {3}, bias}};
  ASSERT_TRUE(save_network(path, network, head, {{"melsweep.step", "7"}}).ok());
  const absl::StatusOr<InceptionV3> loaded = load_network(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->dialect(), network->dialect());
  const auto expected = network->named_parameters();
  for (const auto& parameter : (*loaded)->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), expected[parameter.key()])) << parameter.key();
  }
  EXPECT_EQ(SafetensorsFile::open(path)->metadata().at("melsweep.step"), "7");
  std::filesystem::remove(path);
}

std::vector<Tensor> state_of(const InceptionV3& network) {
  std::vector<Tensor> state;
  for (const Tensor& tensor : network->parameters()) state.push_back(tensor.detach().clone());
  for (const Tensor& tensor : network->buffers()) state.push_back(tensor.clone());
  return state;
}

bool equal(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Tensor& one, const Tensor& other) { return torch::equal(one, other); });
}

TEST(Network, TakesUpWhatAnotherSavedAndGoesOnLearning) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "network-restore.safetensors";
  const InceptionV3 saved = random_network(8);
  {
    const torch::NoGradGuard no_grad;
    saved->named_buffers()["Mixed_7c.branch1x1.bn.running_mean"].fill_(0.25F);
  }
  ASSERT_TRUE(save_network(path, saved, {}, {}).ok());
  InceptionV3 other = random_network(9);
  other->set_trainable({TrainableKind::kBlocks, 1});
  ASSERT_TRUE(restore_network(other, *SafetensorsFile::open(path)).ok());
  EXPECT_TRUE(equal(state_of(other), state_of(saved)));
  for (const Tensor& parameter : other->trainable_parameters()) EXPECT_TRUE(parameter.requires_grad());
  std::filesystem::remove(path);
}

TEST(Network, LeavesItselfAloneWhereAFileLacksItsLastTensor) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "network-part.safetensors";
  std::vector<std::vector<float>> values;
  std::vector<NamedTensor> tensors;
  for (const ParameterSpec& spec : trunk_parameters()) {
    std::size_t count = 1;
    for (const std::int64_t extent : spec.shape) count *= static_cast<std::size_t>(extent);
    values.emplace_back(count, 1.0F);
    tensors.push_back({spec.name, spec.shape, values.back()});
  }
  tensors.pop_back();
  ASSERT_TRUE(write_safetensors(path, tensors, {}).ok());
  const InceptionV3 network = random_network(8);
  const std::vector<Tensor> before = state_of(network);
  const absl::Status status = restore_network(network, *SafetensorsFile::open(path));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find(trunk_parameters().back().name + " is missing"), absl::string_view::npos);
  EXPECT_TRUE(equal(state_of(network), before));
  std::filesystem::remove(path);
}

TEST(Network, RefusesAFileThatIsNotThere) {
  EXPECT_EQ(load_network("/nowhere/x.safetensors").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace melsweep::inception
