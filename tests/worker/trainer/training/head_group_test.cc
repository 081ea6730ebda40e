#include "worker/trainer/training/head_group.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "worker/trainer/random/random.h"
#include "worker/trainer/training/minibatches.h"
#include "worker/trainer/training/row_table.h"
#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

struct Toy {
  Toy(std::size_t examples, std::size_t feature_count, int class_count) : features(feature_count) {
    Random random(11, RandomStream::kMinibatches);
    data.resize(examples * features);
    for (std::size_t i = 0; i < examples; ++i) {
      labels.push_back(static_cast<int>(i) % class_count);
      for (std::size_t f = 0; f < features; ++f) {
        // Bottlenecks are not negative; each class is strong in a feature of its own.
        const double own =
            f % static_cast<std::size_t>(class_count) == i % static_cast<std::size_t>(class_count) ? 0.5
                                                                                                   : 0.0;
        data[i * features + f] = static_cast<float>(random.uniform() + own);
      }
      rows.push_back(nullptr);
    }
    for (std::size_t i = 0; i < examples; ++i) rows[i] = data.data() + i * features;
  }

  std::size_t features;
  std::vector<float> data;
  std::vector<const float*> rows;
  std::vector<int> labels;
};

// Softmax regression as a textbook has it, in double precision.
class Reference {
 public:
  Reference(const HeadWeights& start, double learning_rate)
      : classes_(start.classes),
        features_(start.features),
        learning_rate_(learning_rate),
        weight_(start.weight.begin(), start.weight.end()),
        bias_(start.bias.begin(), start.bias.end()) {}

  std::vector<double> probabilities(const float* row) const {
    std::vector<double> p(classes_);
    double sum = 0.0;
    for (std::size_t c = 0; c < classes_; ++c) {
      double logit = bias_[c];
      for (std::size_t f = 0; f < features_; ++f) logit += weight_[c * features_ + f] * row[f];
      sum += p[c] = std::exp(logit);
    }
    for (double& value : p) value /= sum;
    return p;
  }

  double loss(const std::vector<const float*>& rows, const std::vector<int>& labels) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum -= std::log(probabilities(rows[i])[static_cast<std::size_t>(labels[i])]);
    }
    return sum / static_cast<double>(rows.size());
  }

  double step(const std::vector<const float*>& rows, const std::vector<int>& labels) {
    const double before = loss(rows, labels);
    std::vector<double> weight_gradient(weight_.size(), 0.0);
    std::vector<double> bias_gradient(classes_, 0.0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::vector<double> error = probabilities(rows[i]);
      error[static_cast<std::size_t>(labels[i])] -= 1.0;
      for (std::size_t c = 0; c < classes_; ++c) {
        bias_gradient[c] += error[c];
        for (std::size_t f = 0; f < features_; ++f)
          weight_gradient[c * features_ + f] += error[c] * rows[i][f];
      }
    }
    const double scale = learning_rate_ / static_cast<double>(rows.size());
    for (std::size_t i = 0; i < weight_.size(); ++i) weight_[i] -= scale * weight_gradient[i];
    for (std::size_t c = 0; c < classes_; ++c) bias_[c] -= scale * bias_gradient[c];
    return before;
  }

  void nudge(std::size_t weight, double by) { weight_[weight] += by; }
  const std::vector<double>& weight() const { return weight_; }
  const std::vector<double>& bias() const { return bias_; }

 private:
  std::size_t classes_;
  std::size_t features_;
  double learning_rate_;
  std::vector<double> weight_;
  std::vector<double> bias_;
};

// A head alone.
class HeadTrainer {
 public:
  HeadTrainer(const HeadWeights& start, double learning_rate)
      : head_(start, {.learning_rate = learning_rate, .augmentation = {}}) {}

  double step(const std::vector<const float*>& rows, const std::vector<int>& labels) {
    Head* const heads[] = {&head_};
    double loss = 0.0;
    group_.step(heads, ++steps_, rows, labels, {&loss, 1});
    return loss;
  }

  void logits(const std::vector<const float*>& rows, std::span<float> out) {
    Head* const heads[] = {&head_};
    group_.logits(heads, rows, {&out, 1});
  }

  HeadWeights weights() const { return head_.state().weights; }

 private:
  Head head_;
  HeadGroup group_;
  std::int64_t steps_ = 0;
};

TEST(HeadGroup, StaysWithTheTextbookForManySteps) {
  const Toy toy(23, 37, 3);
  const HeadWeights start = initial_head(3, toy.features, 5);
  HeadTrainer trainer(start, 0.1);
  Reference reference(start, 0.1);
  for (int step = 0; step < 200; ++step) {
    EXPECT_NEAR(trainer.step(toy.rows, toy.labels), reference.step(toy.rows, toy.labels), 1e-5)
        << "step " << step;
  }
  const HeadWeights end = trainer.weights();
  for (std::size_t i = 0; i < end.weight.size(); ++i) EXPECT_NEAR(end.weight[i], reference.weight()[i], 1e-5);
  for (std::size_t c = 0; c < end.bias.size(); ++c) EXPECT_NEAR(end.bias[c], reference.bias()[c], 1e-5);
}

TEST(HeadGroup, InBfloat16StaysNearTheTextbook) {
  const Toy toy(23, 37, 3);
  const HeadWeights start = initial_head(3, toy.features, 5);
  Head head(start, {.learning_rate = 0.1, .augmentation = {}, .precision = Precision::kBfloat16});
  Bf16Table rounded(toy.rows.size(), toy.features);
  std::vector<const Bf16*> rows;
  for (std::size_t i = 0; i < toy.rows.size(); ++i) {
    rounded.set(i, {toy.rows[i], toy.features});
    rows.push_back(rounded.row(i));
  }
  HeadGroup group;
  Head* const heads[] = {&head};
  Reference reference(start, 0.1);
  double loss = 0.0;
  for (int step = 1; step <= 200; ++step) {
    group.step(heads, step, rows, toy.labels, {&loss, 1});
    EXPECT_NEAR(loss, reference.step(toy.rows, toy.labels), 0.01) << "step " << step;
  }
  const HeadWeights end = head.state().weights;
  double squares = 0.0;
  double differences = 0.0;
  for (std::size_t i = 0; i < end.weight.size(); ++i) {
    squares += reference.weight()[i] * reference.weight()[i];
    differences += std::pow(end.weight[i] - reference.weight()[i], 2);
  }
  EXPECT_LT(std::sqrt(differences / squares), 0.01);
}

TEST(HeadGroup, DescendsAlongTheNumericalGradient) {
  const Toy toy(10, 6, 3);
  const HeadWeights start = initial_head(3, toy.features, 2);
  HeadTrainer trainer(start, 1.0);
  trainer.step(toy.rows, toy.labels);
  const HeadWeights moved = trainer.weights();
  constexpr double kNudge = 1e-5;
  for (std::size_t i = 0; i < start.weight.size(); ++i) {
    Reference above(start, 1.0);
    Reference below(start, 1.0);
    above.nudge(i, kNudge);
    below.nudge(i, -kNudge);
    const double slope = (above.loss(toy.rows, toy.labels) - below.loss(toy.rows, toy.labels)) / (2 * kNudge);
    EXPECT_NEAR(start.weight[i] - moved.weight[i], slope, 1e-5) << "weight " << i;
  }
}

TEST(HeadGroup, BeginsAtTheLogarithmOfTheNumberOfClasses) {
  const Toy toy(30, 64, 3);
  HeadTrainer trainer(initial_head(3, toy.features, 1), 0.1);
  EXPECT_NEAR(trainer.step(toy.rows, toy.labels), std::log(3.0), 0.05);
}

TEST(HeadGroup, LearnsWhatCanBeSeparated) {
  const Toy toy(60, 32, 4);
  HeadTrainer trainer(initial_head(4, toy.features, 1), 0.2);
  Minibatches minibatches(std::vector<int>(toy.rows.size()), Sampling::kShuffled, 20, 1);
  for (int step = 0; step < 1000; ++step) {
    std::vector<const float*> rows;
    std::vector<int> labels;
    for (const std::uint32_t example : minibatches.next()) {
      rows.push_back(toy.rows[example]);
      labels.push_back(toy.labels[example]);
    }
    trainer.step(rows, labels);
  }
  std::vector<float> logits(toy.rows.size() * 4);
  trainer.logits(toy.rows, logits);
  for (std::size_t i = 0; i < toy.rows.size(); ++i) {
    EXPECT_EQ(argmax(std::span<const float>(logits).subspan(i * 4, 4)), toy.labels[i]) << "example " << i;
  }
}

TEST(HeadGroup, TheSameSeedGivesTheSameBits) {
  const Toy toy(17, 50, 3);
  const auto weights = [&](std::uint64_t seed) {
    HeadTrainer trainer(initial_head(3, toy.features, seed), 0.1);
    for (int step = 0; step < 50; ++step) trainer.step(toy.rows, toy.labels);
    return trainer.weights().weight;
  };
  EXPECT_EQ(weights(1), weights(1));
  EXPECT_NE(weights(1), weights(2));
}

TEST(HeadGroup, ALossThatRunsAwayIsNotFinite) {
  const Toy toy(10, 20, 3);
  HeadTrainer trainer(initial_head(3, toy.features, 1), 1e38);
  double loss = 0.0;
  for (int step = 0; step < 10 && std::isfinite(loss); ++step) loss = trainer.step(toy.rows, toy.labels);
  EXPECT_FALSE(std::isfinite(loss));
}

TEST(InitialHead, HasSmallTruncatedWeightsAndNoBias) {
  const HeadWeights head = initial_head(10, 2048, 3);
  ASSERT_EQ(head.weight.size(), 20480U);
  double squares = 0.0;
  for (const float weight : head.weight) {
    EXPECT_LE(std::abs(weight), 0.002F);
    squares += static_cast<double>(weight) * weight;
  }
  EXPECT_NEAR(std::sqrt(squares / 20480.0), 0.001 * std::sqrt(0.7737), 1e-5);
  EXPECT_EQ(head.bias, std::vector<float>(10, 0.0F));
}

}  // namespace
}  // namespace melsweep::training
