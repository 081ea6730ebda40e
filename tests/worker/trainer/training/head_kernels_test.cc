#include "worker/trainer/training/head_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "worker/trainer/random/random.h"

namespace melsweep::training {
namespace {

struct Shape {
  std::size_t rows;
  std::size_t features;
  std::size_t columns;
};

// Every tile and every remainder of every kernel, and more columns and features than are taken at once.
constexpr Shape kShapes[] = {{1, 1, 1},    {1, 16, 1},   {2, 17, 3},     {3, 15, 5},
                             {4, 33, 4},   {5, 64, 7},   {7, 100, 10},   {16, 47, 11},
                             {17, 129, 2}, {35, 80, 23}, {13, 2048, 10}, {8, 1100, 67}};

constexpr HeadRule kRules[] = {HeadRule::kDescent, HeadRule::kMomentum, HeadRule::kNesterov,
                               HeadRule::kRmsprop, HeadRule::kAdam};

HeadUpdate some_update(HeadRule rule) {
  return {.rule = rule,
          .rate = 0.25F,
          .momentum = 0.75F,
          .share = 0.5F,
          .averaging = 0.5F,
          .square_share = 0.25F,
          .root_correction = 0.8F,
          .epsilon = 0.01F,
          .decay = 0.125F,
          .shrink = 0.9F};
}

// Weights and what an optimizer remembers of them, [columns, stride].
struct Weights {
  std::vector<float> weight;
  std::vector<float> first;
  std::vector<float> second;

  std::vector<HeadColumn> columns(std::size_t features, const HeadUpdate& update) {
    std::vector<HeadColumn> columns;
    for (std::size_t at = 0; at < weight.size(); at += head_stride(features)) {
      columns.push_back(
          {.update = &update, .weight = &weight[at], .first = &first[at], .second = &second[at]});
    }
    return columns;
  }
};

struct Problem {
  explicit Problem(const Shape& s) : shape(s) {
    Random random(s.rows * 1000 + s.features, RandomStream::kHeadWeights);
    const auto number = [&random] { return static_cast<float>(random.truncated_normal()); };
    // One float off, so that no row is aligned to a vector.
    data.resize(s.rows * s.features + 1);
    for (float& value : data) value = number();
    for (std::size_t r = 0; r < s.rows; ++r) rows.push_back(data.data() + 1 + r * s.features);
    const std::size_t stride = head_stride(s.features);
    for (auto* numbers : {&start.weight, &start.first, &start.second}) {
      numbers->resize(s.columns * stride, 0.0F);
      for (std::size_t i = 0; i < numbers->size(); ++i) {
        if (i % stride < s.features) (*numbers)[i] = std::abs(number());
      }
    }
    errors.resize(head_blocks(s.rows) * s.columns * kHeadBlock, 0.0F);
    for (std::size_t r = 0; r < s.rows; ++r) {
      for (std::size_t c = 0; c < s.columns; ++c) errors[at(r, c)] = number();
    }
  }

  std::size_t at(std::size_t row, std::size_t column) const {
    return (row / kHeadBlock * shape.columns + column) * kHeadBlock + row % kHeadBlock;
  }

  HeadRows batch() const { return {rows.data(), shape.rows, shape.features}; }

  Shape shape;
  std::vector<float> data;
  std::vector<const float*> rows;
  Weights start;
  std::vector<float> errors;
};

std::vector<float> multiply(const HeadKernels& kernels, const Problem& p) {
  std::vector<float> products(p.errors.size(), 7.0F);
  std::vector<const float*> weights;
  for (std::size_t c = 0; c < p.shape.columns; ++c) {
    weights.push_back(&p.start.weight[c * head_stride(p.shape.features)]);
  }
  kernels.multiply(p.batch(), weights.data(), weights.size(), products.data());
  return products;
}

Weights descend(const HeadKernels& kernels, const Problem& p, HeadRule rule) {
  Weights weights = p.start;
  const HeadUpdate update = some_update(rule);
  const auto columns = weights.columns(p.shape.features, update);
  kernels.descend(p.batch(), p.errors.data(), columns.data(), columns.size());
  return weights;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

class HeadKernelsTest : public testing::TestWithParam<const HeadKernels*> {};

TEST_P(HeadKernelsTest, MultiplyAgreesWithDoublePrecision) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::vector<float> products = multiply(*GetParam(), p);
    for (std::size_t r = 0; r < shape.rows; ++r) {
      for (std::size_t c = 0; c < shape.columns; ++c) {
        double sum = 0.0;
        for (std::size_t f = 0; f < shape.features; ++f) {
          sum += static_cast<double>(p.rows[r][f]) * p.start.weight[c * head_stride(shape.features) + f];
        }
        EXPECT_NEAR(products[p.at(r, c)], sum, 1e-4) << shape.features << " features, row " << r;
      }
    }
  }
}

TEST_P(HeadKernelsTest, MultiplyWritesNothingBeyondTheExamples) {
  const Problem p({.rows = 5, .features = 20, .columns = 3});
  const std::vector<float> products = multiply(*GetParam(), p);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t r = 5; r < kHeadBlock; ++r) EXPECT_EQ(products[p.at(r, c)], 7.0F);
  }
}

// HeadRule's definitions, in double precision.
double updated(const HeadUpdate& how, double g, double w, double m, double v) {
  g += how.decay * w;
  w *= how.shrink;
  m = how.momentum * m + how.share * g;
  v = how.averaging * v + how.square_share * g * g;
  switch (how.rule) {
    case HeadRule::kDescent:
      return w - how.rate * g;
    case HeadRule::kMomentum:
      return w - how.rate * m;
    case HeadRule::kNesterov:
      return w - how.rate * (g + how.momentum * m);
    case HeadRule::kRmsprop:
      return w - how.rate * g / (std::sqrt(v) + how.epsilon);
    case HeadRule::kAdam:
      return w - how.rate * m / (std::sqrt(v) / how.root_correction + how.epsilon);
  }
  return NAN;
}

TEST_P(HeadKernelsTest, DescendAgreesWithDoublePrecision) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    for (const HeadRule rule : kRules) {
      const Weights weights = descend(*GetParam(), p, rule);
      for (std::size_t c = 0; c < shape.columns; ++c) {
        for (std::size_t f = 0; f < shape.features; ++f) {
          double gradient = 0.0;
          for (std::size_t r = 0; r < shape.rows; ++r) {
            gradient += static_cast<double>(p.errors[p.at(r, c)]) * p.rows[r][f];
          }
          const std::size_t at = c * head_stride(shape.features) + f;
          const double expected =
              updated(some_update(rule), gradient, p.start.weight[at], p.start.first[at], p.start.second[at]);
          ASSERT_NEAR(weights.weight[at], expected, 2e-4) << "rule " << static_cast<int>(rule);
        }
      }
    }
  }
}

TEST_P(HeadKernelsTest, TheRowsOfTheNextStepAreOnlyFetched) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const Problem following({.rows = shape.rows, .features = shape.features, .columns = 1});
    HeadRows batch = p.batch();
    batch.next = following.rows.data();
    Weights weights = p.start;
    const HeadUpdate update = some_update(HeadRule::kAdam);
    const auto columns = weights.columns(shape.features, update);
    GetParam()->descend(batch, p.errors.data(), columns.data(), columns.size());
    EXPECT_TRUE(same_bits(weights.weight, descend(*GetParam(), p, HeadRule::kAdam).weight)) << shape.columns;
  }
}

TEST_P(HeadKernelsTest, WhatLiesBeyondTheFeaturesStaysZero) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::size_t stride = head_stride(shape.features);
    for (const HeadRule rule : kRules) {
      const Weights weights = descend(*GetParam(), p, rule);
      for (std::size_t i = 0; i < weights.weight.size(); ++i) {
        const bool beyond = i % stride >= shape.features;
        ASSERT_TRUE(!beyond || weights.weight[i] == 0.0F) << i;
      }
    }
  }
}

// A column comes out as it does alone: its sums do not depend on the tile that it falls in.
TEST_P(HeadKernelsTest, EachColumnIsComputedAsIfItWereTheOnlyOne) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::vector<float> products = multiply(*GetParam(), p);
    const Weights weights = descend(*GetParam(), p, HeadRule::kAdam);
    for (std::size_t c = 0; c < shape.columns; ++c) {
      const auto stride = static_cast<std::ptrdiff_t>(head_stride(shape.features));
      const auto column = [&](const std::vector<float>& all) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(c) * stride;
        return std::vector<float>(begin, begin + stride);
      };
      Problem alone = p;
      alone.shape.columns = 1;
      for (const float*& row : alone.rows) row = alone.data.data() + (row - p.data.data());
      alone.start = {column(p.start.weight), column(p.start.first), column(p.start.second)};
      for (std::size_t r = 0; r < shape.rows; ++r) alone.errors[alone.at(r, 0)] = p.errors[p.at(r, c)];
      const std::vector<float> product = multiply(*GetParam(), alone);
      for (std::size_t r = 0; r < shape.rows; ++r) ASSERT_EQ(product[alone.at(r, 0)], products[p.at(r, c)]);
      EXPECT_TRUE(same_bits(descend(*GetParam(), alone, HeadRule::kAdam).weight, column(weights.weight)));
    }
  }
}

// One block of three classes.
struct Softmax {
  explicit Softmax(const HeadKernels& kernels, std::vector<float> logits_of_each, std::vector<int> label,
                   const std::vector<float>& bias = {0.0F, 0.0F, 0.0F})
      : values(3 * kHeadBlock, NAN) {
    const std::size_t count = label.size();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t c = 0; c < 3; ++c) values[c * kHeadBlock + i] = logits_of_each[3 * i + c];
    }
    loss = kernels.find_errors(values.data(), 3, bias.data(), label.data(), count, 0.5F);
  }

  std::vector<float> values;
  double loss = 0.0;
};

TEST_P(HeadKernelsTest, ErrorsAgreeWithDoublePrecision) {
  Random random(4, RandomStream::kHeadWeights);
  for (const double spread : {0.01, 1.0, 10.0, 40.0}) {
    std::vector<float> logits;
    std::vector<int> labels;
    for (int i = 0; i < 13; ++i) {
      labels.push_back(i % 3);
      for (int c = 0; c < 3; ++c) logits.push_back(static_cast<float>(spread * random.truncated_normal()));
    }
    const std::vector<float> bias = {0.5F, -0.25F, 0.125F};
    const Softmax softmax(*GetParam(), logits, labels, bias);
    double loss = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const auto logit = [&](std::size_t c) { return static_cast<double>(logits[3 * i + c] + bias[c]); };
      const double sum = std::exp(logit(0)) + std::exp(logit(1)) + std::exp(logit(2));
      const auto label = static_cast<std::size_t>(labels[i]);
      loss += std::log(sum) - logit(label);
      for (std::size_t c = 0; c < 3; ++c) {
        const double expected = 0.5 * (std::exp(logit(c)) / sum - (c == label ? 1.0 : 0.0));
        EXPECT_NEAR(softmax.values[c * kHeadBlock + i], expected, 2e-7) << "spread " << spread;
      }
    }
    EXPECT_NEAR(softmax.loss, loss, 1e-6 * (1.0 + loss));
  }
}

TEST_P(HeadKernelsTest, ErrorsBeyondTheExamplesAreZero) {
  const Softmax softmax(*GetParam(), {1.0F, 2.0F, 3.0F}, {2});
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 1; i < kHeadBlock; ++i) EXPECT_EQ(softmax.values[c * kHeadBlock + i], 0.0F);
  }
}

TEST_P(HeadKernelsTest, LogitsThatAreNoNumbersHaveALossThatIsNotFinite) {
  const float infinity = INFINITY;
  for (const float bad : {NAN, infinity}) {
    for (std::size_t where : {0U, 1U, 2U}) {
      std::vector<float> logits = {0.0F, 1.0F, 2.0F};
      logits[where] = bad;
      EXPECT_FALSE(std::isfinite(Softmax(*GetParam(), logits, {1}).loss)) << bad << " at " << where;
    }
  }
  EXPECT_TRUE(std::isfinite(Softmax(*GetParam(), {3e30F, -3e30F, 0.0F}, {1}).loss));
}

std::vector<const HeadKernels*> all_kernels() {
  std::vector<const HeadKernels*> kernels;
  for (const auto* const* k = runnable_head_kernels(); *k != nullptr; ++k) kernels.push_back(*k);
  return kernels;
}

INSTANTIATE_TEST_SUITE_P(All, HeadKernelsTest, testing::ValuesIn(all_kernels()),
                         [](const auto& param) { return std::string(param.param->name); });

TEST(HeadKernels, WiderVectorsGiveTheSameBits) {
  const std::vector<const HeadKernels*> kernels = all_kernels();
  if (kernels.size() < 3) GTEST_SKIP() << "this processor has no AVX-512 to compare with AVX2";
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    EXPECT_TRUE(same_bits(multiply(*kernels[1], p), multiply(*kernels[2], p))) << shape.features;
    for (const HeadRule rule : kRules) {
      const Weights narrow = descend(*kernels[1], p, rule);
      const Weights wide = descend(*kernels[2], p, rule);
      EXPECT_TRUE(same_bits(narrow.weight, wide.weight)) << "rule " << static_cast<int>(rule);
      EXPECT_TRUE(same_bits(narrow.first, wide.first) && same_bits(narrow.second, wide.second));
    }
  }
  for (float logit = -100.0F; logit < 0.0F; logit += 0.37F) {
    const Softmax narrow(*kernels[1], {logit, 0.0F, logit / 3}, {0});
    const Softmax wide(*kernels[2], {logit, 0.0F, logit / 3}, {0});
    EXPECT_TRUE(same_bits(narrow.values, wide.values)) << logit;
    EXPECT_EQ(narrow.loss, wide.loss);
  }
}

}  // namespace
}  // namespace melsweep::training
