#include "worker/trainer/training/mixup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "worker/trainer/random/random.h"
#include "worker/trainer/training/head_group.h"

namespace melsweep::training {
namespace {

constexpr std::size_t kExamples = 21;
constexpr std::size_t kFeatures = 30;
constexpr std::size_t kClasses = 3;

TEST(Mixing, PartnersAreAPermutation) {
  for (const std::size_t examples : {1U, 2U, 50U}) {
    std::vector<std::uint32_t> partners = draw_mixing(3, 7, examples, 0.2).partners;
    std::ranges::sort(partners);
    for (std::size_t i = 0; i < examples; ++i) EXPECT_EQ(partners[i], i);
  }
}

TEST(Mixing, DependsOnSeedAndStepAlone) {
  EXPECT_EQ(draw_mixing(3, 7, 40, 0.2).partners, draw_mixing(3, 7, 40, 0.2).partners);
  EXPECT_EQ(draw_mixing(3, 7, 40, 0.2).share, draw_mixing(3, 7, 40, 0.2).share);
  EXPECT_NE(draw_mixing(3, 7, 40, 0.2).partners, draw_mixing(3, 8, 40, 0.2).partners);
  EXPECT_NE(draw_mixing(3, 7, 40, 0.2).partners, draw_mixing(4, 7, 40, 0.2).partners);
}

struct Data {
  Data() {
    Random random(5, RandomStream::kMinibatches);
    for (std::size_t i = 0; i < kExamples * kFeatures; ++i)
      numbers.push_back(static_cast<float>(random.uniform()));
    for (std::size_t i = 0; i < kExamples; ++i) {
      rows.push_back(numbers.data() + i * kFeatures);
      labels.push_back(static_cast<int>(random.below(kClasses)));
    }
  }

  std::vector<float> numbers;
  std::vector<const float*> rows;
  std::vector<int> labels;
};

// mixup as the paper has it, in double precision: rows and labels are mixed before anything is computed.
class Reference {
 public:
  explicit Reference(const HeadWeights& start)
      : weight_(start.weight.begin(), start.weight.end()), bias_(start.bias.begin(), start.bias.end()) {}

  double step(const Data& data, const Mixing& mixing, const std::vector<double>& class_weights, double rate) {
    std::vector<double> weight_gradient(weight_.size(), 0.0);
    std::vector<double> bias_gradient(kClasses, 0.0);
    double total = 0.0;
    for (const int label : data.labels) total += class_weights[static_cast<std::size_t>(label)];
    double loss = 0.0;
    for (std::size_t i = 0; i < kExamples; ++i) {
      const std::size_t partner = mixing.partners[i];
      std::vector<double> row(kFeatures);
      for (std::size_t f = 0; f < kFeatures; ++f) {
        row[f] = mixing.share * data.rows[i][f] + (1.0 - mixing.share) * data.rows[partner][f];
      }
      std::vector<double> truth(kClasses, 0.0);
      const auto add = [&](int label, double share) {
        truth[static_cast<std::size_t>(label)] +=
            share * class_weights[static_cast<std::size_t>(label)] / total;
      };
      add(data.labels[i], mixing.share);
      add(data.labels[partner], 1.0 - mixing.share);
      const double counts = truth[0] + truth[1] + truth[2];
      const std::vector<double> p = probabilities(row);
      for (std::size_t c = 0; c < kClasses; ++c) {
        loss -= truth[c] * std::log(p[c]);
        const double error = counts * p[c] - truth[c];
        bias_gradient[c] += error;
        for (std::size_t f = 0; f < kFeatures; ++f) weight_gradient[c * kFeatures + f] += error * row[f];
      }
    }
    for (std::size_t i = 0; i < weight_.size(); ++i) weight_[i] -= rate * weight_gradient[i];
    for (std::size_t c = 0; c < kClasses; ++c) bias_[c] -= rate * bias_gradient[c];
    return loss;
  }

  const std::vector<double>& weight() const { return weight_; }
  const std::vector<double>& bias() const { return bias_; }

 private:
  std::vector<double> probabilities(const std::vector<double>& row) const {
    std::vector<double> p(kClasses);
    double sum = 0.0;
    for (std::size_t c = 0; c < kClasses; ++c) {
      double logit = bias_[c];
      for (std::size_t f = 0; f < kFeatures; ++f) logit += weight_[c * kFeatures + f] * row[f];
      sum += p[c] = std::exp(logit);
    }
    for (double& value : p) value /= sum;
    return p;
  }

  std::vector<double> weight_;
  std::vector<double> bias_;
};

void expect_as_the_reference(const std::vector<float>& class_weights) {
  const Data data;
  const HeadWeights start = initial_head(kClasses, kFeatures, 2);
  const TrainingSettings settings{
      .learning_rate = 0.2, .augmentation = {Augmentation::kMixup}, .mixup_alpha = 0.5};
  Head head(start, settings, {.class_weights = class_weights, .seed = 9});
  Head* const heads[] = {&head};
  HeadGroup group;
  Reference reference(start);
  std::vector<double> weights(class_weights.begin(), class_weights.end());
  weights.resize(kClasses, 1.0);
  for (std::int64_t step = 1; step <= 100; ++step) {
    double loss = 0.0;
    group.step(heads, step, data.rows, data.labels, {&loss, 1});
    const double expected = reference.step(data, draw_mixing(9, step, kExamples, 0.5), weights, 0.2);
    ASSERT_NEAR(loss, expected, 1e-5) << "step " << step;
  }
  const HeadWeights end = head.state().weights;
  for (std::size_t i = 0; i < end.weight.size(); ++i) EXPECT_NEAR(end.weight[i], reference.weight()[i], 1e-5);
  for (std::size_t c = 0; c < kClasses; ++c) EXPECT_NEAR(end.bias[c], reference.bias()[c], 1e-5);
}

TEST(Mixup, AHeadLearnsWhatMixedExamplesTeach) {
  expect_as_the_reference({});
}

TEST(Mixup, GoesTogetherWithClassWeights) {
  expect_as_the_reference({0.5F, 1.5F, 2.0F});
}

}  // namespace
}  // namespace melsweep::training
