#include "worker/trainer/training/head_learners.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "worker/trainer/random/random.h"
#include "worker/trainer/training/minibatches.h"

namespace melsweep::training {
namespace {

constexpr std::size_t kSize = features::kBottleneckSize;
constexpr std::size_t kTrained = 12;
constexpr std::size_t kExamples = 17;
constexpr std::size_t kClasses = 3;

class HeadLearnersTest : public testing::Test {
 protected:
  HeadLearnersTest() {
    Random random(5, RandomStream::kMinibatches);
    for (std::size_t i = 0; i < kExamples * kSize; ++i) {
      numbers_.push_back(static_cast<float>(random.uniform()));
    }
    examples_.classes = kClasses;
    examples_.train_count = kTrained;
    for (std::size_t i = 0; i < kExamples; ++i) {
      examples_.labels.push_back(static_cast<int>(i % kClasses));
      (i < kTrained ? examples_.train_clips : examples_.validation).push_back(static_cast<std::uint32_t>(i));
      all_.push_back(static_cast<std::uint32_t>(i));
    }
  }

  features::BottleneckTable bottlenecks() const {
    std::vector<features::StoredMatrix> rows;
    for (std::size_t i = 0; i < kExamples; ++i) {
      rows.push_back({.rows = 1,
                      .columns = static_cast<int>(kSize),
                      .values = std::span(numbers_).subspan(i * kSize, kSize),
                      .file = nullptr});
    }
    return features::BottleneckTable(std::move(rows));
  }

  // The logits of all examples after ten steps of one head of each precision, where so much may be copied.
  std::vector<std::vector<float>> learn(std::size_t most_copied_bytes) {
    HeadLearners learners(examples_, bottlenecks(), most_copied_bytes);
    const std::vector<std::size_t> who = {0, 1};
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
      learners.add({.learning_rate = 0.1, .augmentation = {}, .precision = precision}, 7);
    }
    Minibatches minibatches(std::span(examples_.labels).first(kTrained), Sampling::kShuffled, 5, 7);
    std::vector<absl::StatusOr<double>> losses(2, 0.0);
    for (std::int64_t step = 1; step <= 10; ++step) {
      const auto batch = minibatches.next();
      learners.step(who, {.step = step, .examples = batch, .next = minibatches.upcoming()}, {}, losses);
    }
    std::vector<std::vector<float>> logits(2, std::vector<float>(kExamples * kClasses));
    const std::vector<std::span<float>> out(logits.begin(), logits.end());
    EXPECT_TRUE(learners.logits(who, all_, out, {}).ok());
    return logits;
  }

  std::vector<float> numbers_;
  Examples examples_;
  std::vector<std::uint32_t> all_;
};

TEST_F(HeadLearnersTest, WhatIsLearnedDoesNotDependOnWhereTheExamplesLie) {
  const auto copied = learn(HeadLearners::kMostCopiedBytes);
  const auto mapped = learn(0);
  EXPECT_EQ(copied, mapped);
  EXPECT_NE(copied[0], copied[1]) << "both precisions are the same";
}

}  // namespace
}  // namespace melsweep::training
