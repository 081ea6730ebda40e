#include "worker/trainer/training/network_learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <utility>

#include "shared/files/digest.h"
#include "tests/worker/trainer/training/tiny_dataset.h"
#include "worker/trainer/audio/picture.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;

Minibatch first_step(Indices examples) {
  return {.step = 1, .examples = examples};
}

// Restores libtorch's number of threads.
class Threads {
 public:
  Threads() = default;
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { at::set_num_threads(before_); }

 private:
  int before_ = at::get_num_threads();
};

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

  NetworkLearner learner(const Trainable& trainable, double learning_rate,
                         inception::InceptionV3 network = inception::random_network(1)) {
    features::SpectrogramCache cache(folder / "cache", features, 1);
    EXPECT_TRUE(cache.ensure(examples.items, nullptr, {}).ok());
    return NetworkLearner(examples, *cache.open(examples.items), std::move(network),
                          {.features = features,
                           .trainable = trainable,
                           .training = with(learning_rate),
                           .seed = 1,
                           .activation_budget_bytes = activation_budget_bytes});
  }

  TrainingSettings with(double learning_rate) const {
    TrainingSettings settings = training;
    settings.learning_rate = learning_rate;
    return settings;
  }

  std::vector<float> logits_of(NetworkLearner& learner) {
    std::vector<float> logits(all.size() * examples.classes);
    EXPECT_TRUE(learner.logits(all, logits, {}).ok());
    return logits;
  }

  // The hash of what a learner saves.
  std::string hash_of(const NetworkLearner& learner) {
    EXPECT_TRUE(learner.save(checkpoint(), {}).ok());
    return *files::sha256_file(checkpoint());
  }

  using Parameters = std::map<std::string, std::vector<float>>;

  Parameters parameters_of(const NetworkLearner& learner) {
    EXPECT_TRUE(learner.save(checkpoint(), {}).ok());
    const auto file = inception::SafetensorsFile::open(checkpoint());
    Parameters parameters;
    for (const auto& tensor : file->tensors()) parameters[tensor.name] = *inception::to_floats(tensor);
    return parameters;
  }

  // Over the parameters whose names begin with `prefix`.
  static double squared_distance(const Parameters& a, const Parameters& b, const std::string& prefix) {
    double sum = 0.0;
    for (const auto& [name, values] : a) {
      if (!name.starts_with(prefix)) continue;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double difference = static_cast<double>(values[i]) - static_cast<double>(b.at(name)[i]);
        sum += difference * difference;
      }
    }
    return sum;
  }

  fs::path checkpoint() const { return folder / "checkpoint.safetensors"; }

  int correct(NetworkLearner& learner) {
    const std::vector<float> logits = logits_of(learner);
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
  std::size_t activation_budget_bytes = std::size_t{1} << 30;
  TrainingSettings training{.augmentation = {}};
};

TEST_F(NetworkLearnerTest, ClassesCountAsTheyAreWeighted) {
  examples.labels = {0, 0, 0, 0, 0, 0, 1, 1};
  examples.train_count = all.size();
  training.class_weights = ClassWeights::kBalanced;
  NetworkLearner network = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.1);
  const std::vector<std::uint32_t> batch = {0, 1, 2, 7};  // three of weight 8 / 12, one of weight 2
  const std::vector<float> logits = logits_of(network);
  double loss = 0.0;
  for (const std::uint32_t example : batch) {
    const double weight = examples.labels[example] == 0 ? 8.0 / 12 : 2.0;
    loss += weight *
            cross_entropy(std::span(logits).subspan(std::size_t{2} * example, 2), examples.labels[example]);
  }
  EXPECT_NEAR(*network.step(first_step(batch), {}), loss / 4.0, 1e-5);
  // The bias of class 0 goes along the weighted mean of its errors.
  double error = 0.0;
  for (const std::uint32_t example : batch) {
    std::vector<float> probabilities(2);
    softmax(std::span(logits).subspan(std::size_t{2} * example, 2), probabilities);
    const bool own = examples.labels[example] == 0;
    error += (own ? 8.0 / 12 : 2.0) * (probabilities[0] - (own ? 1.0 : 0.0));
  }
  EXPECT_NEAR(parameters_of(network).at("fc.bias")[0], -0.1 * error / 4.0, 1e-5);
}

TEST_F(NetworkLearnerTest, WithTheLastBlockFreeOverfitsEightClips) {
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.1);
  double loss = 0.0;
  for (int step = 0; step < 50; ++step) {
    const auto before = last_block.step(first_step(all), {});
    ASSERT_TRUE(before.ok()) << before.status();
    loss = *before;
  }
  EXPECT_LT(loss, 0.5 * std::log(2.0));  // guessing costs log(2)
  EXPECT_EQ(correct(last_block), kClips);
}

TEST_F(NetworkLearnerTest, AMinibatchLargerThanAPartIsOneStep) {
  // Three times the same eight give the gradient of the eight.
  std::vector<std::uint32_t> thrice;
  for (int i = 0; i < 3; ++i) thrice.insert(thrice.end(), all.begin(), all.end());
  NetworkLearner in_parts = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  NetworkLearner at_once = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  EXPECT_NEAR(*in_parts.step(first_step(thrice), {}), *at_once.step(first_step(all), {}), 1e-5);
  EXPECT_NEAR(*in_parts.step(first_step(all), {}), *at_once.step(first_step(all), {}), 1e-3);
}

TEST_F(NetworkLearnerTest, WithEverythingFreeAStepGoesDownTheGradientOfEveryLayer) {
  constexpr double kRate = 0.002;
  NetworkLearner whole = learner({.kind = TrainableKind::kAll}, kRate);
  const std::vector<std::uint32_t> pair = {0, 1};
  const Parameters before = parameters_of(whole);
  const double first = *whole.step(first_step(pair), {});
  const Parameters after = parameters_of(whole);
  const double second = *whole.step(first_step(pair), {});
  // A small step by -rate * gradient lowers the loss by rate * |gradient|^2, which is |step|^2 / rate.
  const double expected = squared_distance(before, after, "") / kRate;
  EXPECT_GT(expected, 1e-4);
  EXPECT_NEAR(first - second, expected, 0.15 * expected);
  EXPECT_GT(squared_distance(before, after, "Conv2d_1a_3x3.conv.weight"), 0.0);
}

TEST_F(NetworkLearnerTest, WithEverythingFreeTheMixedBlocksLearnAsWithElevenBlocksFree) {
  const std::vector<std::uint32_t> pair = {0, 1};
  NetworkLearner whole = learner({.kind = TrainableKind::kAll}, 0.01);
  NetworkLearner blocks = learner({.kind = TrainableKind::kBlocks, .blocks = 11}, 0.01);
  const Parameters before = parameters_of(whole);
  EXPECT_NEAR(*whole.step(first_step(pair), {}), *blocks.step(first_step(pair), {}), 1e-5);
  const Parameters of_whole = parameters_of(whole);
  const Parameters of_blocks = parameters_of(blocks);
  EXPECT_LT(squared_distance(of_whole, of_blocks, "Mixed_"),
            1e-4 * squared_distance(before, of_whole, "Mixed_"));
  EXPECT_EQ(squared_distance(before, of_blocks, "Conv2d_"), 0.0);
}

TEST_F(NetworkLearnerTest, TheResultDoesNotDependOnTheNumberOfThreads) {
  const Threads restored;
  const std::vector<std::uint32_t> three_parts = {0, 1, 2, 3, 4};
  for (const Trainable& trainable :
       {Trainable{.kind = TrainableKind::kBlocks, .blocks = 1}, Trainable{.kind = TrainableKind::kAll}}) {
    std::vector<std::string> hashes;
    std::vector<std::vector<float>> logits;
    for (const int threads : {1, 2, 3}) {
      at::set_num_threads(threads);
      NetworkLearner one = learner(trainable, 0.01);
      ASSERT_TRUE(one.step(first_step(three_parts), {}).ok());
      EXPECT_EQ(at::get_num_threads(), threads);
      hashes.push_back(hash_of(one));
      logits.push_back(logits_of(one));
    }
    EXPECT_EQ(hashes, std::vector(3, hashes[0]));
    EXPECT_EQ(logits, std::vector(3, logits[0]));
  }
}

TEST_F(NetworkLearnerTest, ActivationsThatAreKeptChangeNothing) {
  const Trainable last_block{.kind = TrainableKind::kBlocks, .blocks = 1};
  NetworkLearner keeps_all = learner(last_block, 0.02);
  activation_budget_bytes = std::size_t{1} << 20;
  NetworkLearner keeps_some = learner(last_block, 0.02);
  activation_budget_bytes = 0;
  NetworkLearner keeps_none = learner(last_block, 0.02);
  std::vector<double> losses;
  for (NetworkLearner* one : {&keeps_all, &keeps_some, &keeps_none}) {
    ASSERT_TRUE(one->step(first_step(all), {}).ok());
    losses.push_back(*one->step(first_step(all), {}));
  }
  EXPECT_EQ(losses, std::vector(3, losses[0]));
}

TEST_F(NetworkLearnerTest, AStopInsideAStepLearnsNothing) {
  const Threads restored;
  at::set_num_threads(2);  // of more, each could take a part before the first is done
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  const std::string before = hash_of(last_block);
  std::vector<std::uint32_t> many;
  for (int i = 0; i < 5; ++i) many.insert(many.end(), all.begin(), all.end());
  std::stop_source stopper;
  std::size_t seen = 0;
  const Watch watch{.stop = stopper.get_token(), .progress = [&](std::size_t done) {
                      seen = done;
                      stopper.request_stop();
                    }};
  EXPECT_EQ(last_block.step(first_step(many), watch).status().code(), absl::StatusCode::kCancelled);
  EXPECT_GT(seen, 0U);
  EXPECT_LT(seen, many.size());
  EXPECT_EQ(hash_of(last_block), before);
}

TEST_F(NetworkLearnerTest, AStopEndsTheLogitsToo) {
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  std::stop_source stopper;
  stopper.request_stop();
  std::vector<float> logits(all.size() * examples.classes);
  EXPECT_EQ(last_block.logits(all, logits, {.stop = stopper.get_token(), .progress = {}}).code(),
            absl::StatusCode::kCancelled);
}

TEST_F(NetworkLearnerTest, TellsHowManyExamplesAreDone) {
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  std::vector<std::size_t> told;
  const Watch watch{.stop = {}, .progress = [&](std::size_t done) { told.push_back(done); }};
  ASSERT_TRUE(last_block.step(first_step(all), watch).ok());
  EXPECT_GT(told.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_EQ(told.back(), all.size());
}

TEST_F(NetworkLearnerTest, ACheckpointOfTheWholeNetworkIsWeightsThatGiveTheSameLogits) {
  NetworkLearner whole = learner({.kind = TrainableKind::kAll}, 0.002);
  ASSERT_TRUE(whole.step(first_step(std::vector<std::uint32_t>{0, 1}), {}).ok());
  ASSERT_TRUE(whole.save(checkpoint(), {}).ok());
  const std::vector<float> expected = logits_of(whole);
  const auto file = inception::SafetensorsFile::open(checkpoint());
  ASSERT_TRUE(file.ok()) << file.status();
  const std::vector<float> weight = *inception::to_floats(*file->find("fc.weight"));
  const std::vector<float> bias = *inception::to_floats(*file->find("fc.bias"));

  auto network = inception::load_network(checkpoint());
  ASSERT_TRUE(network.ok()) << network.status();
  const torch::NoGradGuard no_grad;
  const auto spectrograms = features::SpectrogramCache(folder / "cache", features, 1).open(examples.items);
  for (std::size_t i = 0; i < all.size(); ++i) {
    torch::Tensor picture = torch::empty({1, 3, 299, 299});
    audio::make_picture(spectrograms->at(i), features,
                        std::span(picture.data_ptr<float>(), audio::kPictureValues));
    const torch::Tensor bottleneck = (*network)->forward(picture);
    for (std::size_t c = 0; c < 2; ++c) {
      double logit = bias[c];
      for (std::size_t f = 0; f < 2048; ++f) {
        logit += static_cast<double>(weight[c * 2048 + f]) *
                 static_cast<double>(bottleneck[0][static_cast<std::int64_t>(f)].item<float>());
      }
      EXPECT_NEAR(logit, expected[2 * i + c], 1e-4 * std::max(1.0, std::abs(logit)));
    }
  }
}

TEST_F(NetworkLearnerTest, TakesUpWhatAnotherSavedAndGoesOnAsThatDoes) {
  const Trainable last_block{.kind = TrainableKind::kBlocks, .blocks = 1};
  const std::vector<std::uint32_t> pair = {0, 1};
  NetworkLearner one = learner(last_block, 0.02);
  ASSERT_TRUE(one.step(first_step(pair), {}).ok());
  ASSERT_TRUE(one.save(checkpoint(), {}).ok());
  // It has kept what frozen layers give that are not those of the file.
  NetworkLearner other = learner(last_block, 0.02, inception::random_network(2));
  ASSERT_TRUE(other.step(first_step(pair), {}).ok());
  ASSERT_TRUE(other.restore(*inception::SafetensorsFile::open(checkpoint())).ok());
  EXPECT_EQ(*other.step(first_step(pair), {}), *one.step(first_step(pair), {}));
  EXPECT_EQ(hash_of(other), hash_of(one));
}

TEST_F(NetworkLearnerTest, AFileOfAnotherShapeChangesNothing) {
  const Trainable last_block{.kind = TrainableKind::kBlocks, .blocks = 1};
  examples.classes = 3;
  ASSERT_TRUE(learner(last_block, 0.02, inception::random_network(2)).save(checkpoint(), {}).ok());
  examples.classes = 2;
  const auto of_three_classes = inception::SafetensorsFile::open(checkpoint());
  NetworkLearner one = learner(last_block, 0.02);
  const std::string before = hash_of(one);
  EXPECT_EQ(one.restore(*of_three_classes).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(hash_of(one), before);
}

TEST_F(NetworkLearnerTest, SavesANetworkThatCanBeLoaded) {
  NetworkLearner last_block = learner({.kind = TrainableKind::kBlocks, .blocks = 1}, 0.02);
  ASSERT_TRUE(last_block.step(first_step(all), {}).ok());
  ASSERT_TRUE(last_block.save(checkpoint(), {{"melsweep.step", "1"}}).ok());
  EXPECT_TRUE(inception::load_network(checkpoint()).ok());
  const auto file = inception::SafetensorsFile::open(checkpoint());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->metadata().at("melsweep.step"), "1");
  ASSERT_NE(file->find("fc.weight"), nullptr);
  EXPECT_EQ(file->find("fc.weight")->shape, (std::vector<std::int64_t>{2, 2048}));
}

}  // namespace
}  // namespace melsweep::training
