#include "worker/trainer/training/network_learner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "shared/files/digest.h"
#include "tests/worker/trainer/training/tiny_dataset.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;

// Eight clips of two classes, as examples with their spectrograms, and an untrained network.
class NetworkLearnerTest : public testing::Test {
 protected:
  static constexpr int kClips = 8;

  void SetUp() override {
    folder =
        fs::path(testing::TempDir()) /
        ("network_learner_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    write_tiny_dataset(folder / "sounds", kClips, 0);
    for (int i = 0; i < kClips; ++i) {
      const std::string name = "clip" + std::to_string(i) + ".wav";
      const fs::path file = folder / "sounds" / name;
      examples.items.push_back({.content_hash = *files::sha256_file(file), .file = file});
      examples.labels.push_back(i % 2);
      all.push_back(static_cast<std::uint32_t>(i));
    }
    examples.classes = 2;
  }

  void TearDown() override { fs::remove_all(folder); }

  NetworkLearner learner(const Trainable& trainable, double learning_rate) {
    features::SpectrogramCache cache(folder / "cache", features, 1);
    EXPECT_TRUE(cache.ensure(examples.items, nullptr, {}).ok());
    return NetworkLearner(
        examples, *cache.open(examples.items), inception::random_network(1),
        {.features = features, .trainable = trainable, .learning_rate = learning_rate, .seed = 1});
  }

  int correct(NetworkLearner& learner) {
    std::vector<float> logits(all.size() * examples.classes);
    EXPECT_TRUE(learner.logits(all, logits).ok());
    int right = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (argmax(std::span<const float>(logits).subspan(2 * i, 2)) == examples.labels[i]) ++right;
    }
    return right;
  }

  fs::path folder;
  FeatureSettings features;
  Examples examples;
  std::vector<std::uint32_t> all;
};

TEST_F(NetworkLearnerTest, WithTheLastBlockFreeOverfitsEightClips) {
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.1);
  double loss = 0.0;
  for (int step = 0; step < 50; ++step) {
    const auto before = last_block.step(all);
    ASSERT_TRUE(before.ok()) << before.status();
    loss = *before;
  }
  EXPECT_LT(loss, 0.5 * std::log(2.0));  // guessing costs log(2)
  EXPECT_EQ(correct(last_block), kClips);
}

TEST_F(NetworkLearnerTest, WithEverythingFreeTheLossFalls) {
  NetworkLearner whole = learner({.kind = TrainableKind::kAll}, 0.002);
  const std::vector<std::uint32_t> pair = {0, 1};
  const auto first = whole.step(pair);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_NEAR(*first, std::log(2.0), 0.3);
  double last = *first;
  for (int step = 0; step < 3; ++step) last = *whole.step(pair);
  EXPECT_LT(last, *first);
}

TEST_F(NetworkLearnerTest, AMinibatchLargerThanAPartIsOneStep) {
  // 24 examples go through the network as 16 and 8; three times the same eight give the gradient of the
  // eight.
  std::vector<std::uint32_t> thrice;
  for (int i = 0; i < 3; ++i) thrice.insert(thrice.end(), all.begin(), all.end());
  NetworkLearner in_parts = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  NetworkLearner at_once = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  EXPECT_NEAR(*in_parts.step(thrice), *at_once.step(all), 1e-5);
  EXPECT_NEAR(*in_parts.step(all), *at_once.step(all), 1e-3);
}

TEST_F(NetworkLearnerTest, SavesANetworkThatCanBeLoaded) {
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  ASSERT_TRUE(last_block.step(all).ok());
  const fs::path path = folder / "checkpoint.safetensors";
  ASSERT_TRUE(last_block.save(path, {{"melsweep.step", "1"}}).ok());
  EXPECT_TRUE(inception::load_network(path).ok());
  const auto file = inception::SafetensorsFile::open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->metadata().at("melsweep.step"), "1");
  ASSERT_NE(file->find("fc.weight"), nullptr);
  EXPECT_EQ(file->find("fc.weight")->shape, (std::vector<std::int64_t>{2, 2048}));
}

}  // namespace
}  // namespace melsweep::training
