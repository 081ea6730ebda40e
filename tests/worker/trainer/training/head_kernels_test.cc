#include "worker/trainer/training/head_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "worker/trainer/training/random.h"

namespace melsweep::training {
namespace {

struct Shape {
  std::size_t rows;
  std::size_t features;
  std::size_t classes;
};

// Every tile and every remainder of every kernel.
constexpr Shape kShapes[] = {{1, 1, 1},  {1, 16, 1},   {2, 17, 3},  {3, 15, 5},   {4, 33, 4},
                             {5, 64, 7}, {7, 100, 10}, {8, 47, 11}, {11, 129, 2}, {13, 2048, 10}};

struct Problem {
  explicit Problem(const Shape& s) : shape(s) {
    Random random(s.rows * 1000 + s.features, RandomStream::kHeadWeights);
    const auto fill = [&random](std::vector<float>& values) {
      for (float& value : values) value = static_cast<float>(random.truncated_normal());
    };
    // One float off, so that no row is aligned to a vector.
    data.resize(s.rows * s.features + 1);
    weights.resize(s.classes * head_stride(s.features));
    errors.resize(s.rows * s.classes);
    fill(data);
    fill(weights);
    fill(errors);
    for (std::size_t r = 0; r < s.rows; ++r) rows.push_back(data.data() + 1 + r * s.features);
  }

  Shape shape;
  std::vector<float> data;
  std::vector<float> weights;  // [classes, stride]
  std::vector<float> errors;   // [rows, classes]
  std::vector<const float*> rows;
};

std::vector<float> multiply(const HeadKernels& kernels, const Problem& p) {
  std::vector<float> logits(p.shape.rows * p.shape.classes, NAN);
  kernels.multiply(p.rows.data(), p.shape.rows, p.shape.features, p.weights.data(), p.shape.classes,
                   logits.data());
  return logits;
}

std::vector<float> accumulate(const HeadKernels& kernels, const Problem& p) {
  std::vector<float> gradient(p.weights.size(), 0.5F);
  kernels.accumulate(p.rows.data(), p.shape.rows, p.shape.features, p.errors.data(), p.shape.classes,
                     gradient.data());
  return gradient;
}

class HeadKernelsTest : public testing::TestWithParam<const HeadKernels*> {};

TEST_P(HeadKernelsTest, MultiplyAgreesWithDoublePrecision) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::vector<float> logits = multiply(*GetParam(), p);
    for (std::size_t r = 0; r < shape.rows; ++r) {
      for (std::size_t c = 0; c < shape.classes; ++c) {
        double sum = 0.0;
        for (std::size_t f = 0; f < shape.features; ++f) {
          sum += static_cast<double>(p.rows[r][f]) * p.weights[c * head_stride(shape.features) + f];
        }
        EXPECT_NEAR(logits[r * shape.classes + c], sum, 1e-4) << shape.features << " features, row " << r;
      }
    }
  }
}

TEST_P(HeadKernelsTest, AccumulateAddsTheProductToWhatIsThere) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::vector<float> gradient = accumulate(*GetParam(), p);
    for (std::size_t c = 0; c < shape.classes; ++c) {
      for (std::size_t f = 0; f < head_stride(shape.features); ++f) {
        double sum = 0.5;
        for (std::size_t r = 0; r < shape.rows && f < shape.features; ++r) {
          sum += static_cast<double>(p.errors[r * shape.classes + c]) * p.rows[r][f];
        }
        EXPECT_NEAR(gradient[c * head_stride(shape.features) + f], sum, 1e-5) << "feature " << f;
      }
    }
  }
}

TEST_P(HeadKernelsTest, AddScaledTouchesNoMoreThanItsCount) {
  std::vector<float> target(40, 1.0F);
  const std::vector<float> source(40, 2.0F);
  GetParam()->add_scaled(target.data(), source.data(), -0.25F, 37);
  for (std::size_t i = 0; i < target.size(); ++i) EXPECT_EQ(target[i], i < 37 ? 0.5F : 1.0F);
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
    const auto same = [](const std::vector<float>& a, const std::vector<float>& b) {
      return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
    };
    EXPECT_TRUE(same(multiply(*kernels[1], p), multiply(*kernels[2], p))) << shape.features;
    EXPECT_TRUE(same(accumulate(*kernels[1], p), accumulate(*kernels[2], p))) << shape.features;
  }
}

}  // namespace
}  // namespace melsweep::training
