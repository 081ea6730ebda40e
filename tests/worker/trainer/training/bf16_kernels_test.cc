#include "worker/trainer/training/bf16_kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "worker/trainer/random/random.h"
#include "worker/trainer/training/row_table.h"

namespace melsweep::training {
namespace {

struct Shape {
  std::size_t rows;
  std::size_t features;
  std::size_t columns;
};

// Every tile and every remainder of every kernel, and more columns and features than are taken at once.
constexpr Shape kShapes[] = {{1, 1, 1},    {1, 32, 1},   {2, 33, 3},     {3, 31, 5},
                             {4, 65, 4},   {5, 64, 7},   {7, 100, 10},   {16, 47, 11},
                             {17, 129, 2}, {35, 80, 23}, {13, 2048, 10}, {8, 1100, 67}};

struct Problem {
  explicit Problem(const Shape& s, double spread_of_exponents = 0.0)
      : shape(s), rows_table(s.rows, s.features), weight(s.columns * head_stride(s.features), 0.0F) {
    Random random(s.rows * 1000 + s.features, RandomStream::kHeadWeights);
    const auto number = [&] {
      const double scale = std::exp2(spread_of_exponents * (random.uniform() - 0.9));
      return static_cast<float>(scale * random.truncated_normal());
    };
    for (std::size_t r = 0; r < s.rows; ++r) {
      std::vector<float> row(s.features);
      for (float& value : row) value = number();
      rows_table.set(r, row);
      rows.push_back(rows_table.row(r));
    }
    for (std::size_t i = 0; i < weight.size(); ++i) {
      if (i % head_stride(s.features) < s.features) weight[i] = number();
    }
    errors.resize(head_blocks(s.rows) * s.columns * kHeadBlock, 0.0F);
    for (std::size_t r = 0; r < s.rows; ++r) {
      for (std::size_t c = 0; c < s.columns; ++c) errors[at(r, c)] = number();
    }
  }

  std::size_t at(std::size_t row, std::size_t column) const {
    return (row / kHeadBlock * shape.columns + column) * kHeadBlock + row % kHeadBlock;
  }
  double row(std::size_t r, std::size_t f) const { return from_bf16(rows[r][f]); }
  double rounded_weight(std::size_t c, std::size_t f) const {
    return from_bf16(to_bf16(weight[c * head_stride(shape.features) + f]));
  }

  Shape shape;
  Bf16Table rows_table;
  std::vector<const Bf16*> rows;
  std::vector<float> weight;  // [columns, stride]
  std::vector<float> errors;
};

std::vector<Bf16> rounded_weights(const Problem& p) {
  const std::size_t stride = bf16_stride(p.shape.features);
  std::vector<Bf16> rounded(p.shape.columns * stride, 0);
  for (std::size_t c = 0; c < p.shape.columns; ++c) {
    for (std::size_t f = 0; f < p.shape.features; ++f) {
      rounded[c * stride + f] = to_bf16(p.weight[c * head_stride(p.shape.features) + f]);
    }
  }
  return rounded;
}

std::vector<float> multiply(const Bf16Kernels& kernels, const Problem& p) {
  std::vector<float> products(p.errors.size(), 7.0F);
  const std::vector<Bf16> rounded = rounded_weights(p);
  std::vector<const Bf16*> weights;
  for (std::size_t c = 0; c < p.shape.columns; ++c)
    weights.push_back(&rounded[c * bf16_stride(p.shape.features)]);
  kernels.multiply({p.rows.data(), p.shape.rows, p.shape.features}, weights.data(), weights.size(),
                   products.data());
  return products;
}

struct Descended {
  std::vector<float> weight;
  std::vector<Bf16> rounded;
};

// By plain descent: w -= g.
Descended descend(const Bf16Kernels& kernels, const Problem& p, const Bf16* const* next = nullptr) {
  const std::size_t stride = bf16_stride(p.shape.features);
  Descended result{.weight = p.weight, .rounded = std::vector<Bf16>(p.shape.columns * stride, 1)};
  const HeadUpdate update{.rate = 1.0F};
  std::vector<HeadColumn> columns;
  for (std::size_t c = 0; c < p.shape.columns; ++c) {
    columns.push_back({.update = &update,
                       .weight = &result.weight[c * head_stride(p.shape.features)],
                       .rounded = &result.rounded[c * stride]});
  }
  std::vector<Bf16> errors(p.errors.size());
  kernels.round(p.errors.data(), errors.data(), errors.size());
  std::vector<std::uint32_t> scratch(bf16_scratch_size(p.shape.rows), 0xffffffffU);
  kernels.descend({p.rows.data(), p.shape.rows, p.shape.features, next}, errors.data(), columns.data(),
                  columns.size(), scratch.data());
  return result;
}

template <class Number>
std::vector<std::uint32_t> bits(const std::vector<Number>& numbers) {
  std::vector<std::uint32_t> result;
  for (const Number number : numbers) {
    if constexpr (sizeof(Number) == 4) {
      result.push_back(std::bit_cast<std::uint32_t>(number));
    } else {
      result.push_back(number);
    }
  }
  return result;
}

std::vector<const Bf16Kernels*> all_kernels() {
  std::vector<const Bf16Kernels*> kernels;
  for (const auto* const* k = runnable_bf16_kernels(); *k != nullptr; ++k) kernels.push_back(*k);
  return kernels;
}

class Bf16KernelsTest : public testing::TestWithParam<const Bf16Kernels*> {};

TEST(Bf16, IsTheNearestAndOfTwoTheEvenOne) {
  EXPECT_EQ(from_bf16(to_bf16(1.0F)), 1.0F);
  EXPECT_EQ(from_bf16(to_bf16(-0.15625F)), -0.15625F);
  EXPECT_EQ(from_bf16(to_bf16(1.0F + 0x1p-8F)), 1.0F);
  EXPECT_EQ(from_bf16(to_bf16(1.0F + 0x1p-8F + 0x1p-20F)), 1.0F + 0x1p-7F);
  EXPECT_EQ(from_bf16(to_bf16(1.0F + 0x1.8p-7F)), 1.0F + 0x1p-6F);
  EXPECT_EQ(from_bf16(to_bf16(0x1p-56F)), 0x1p-56F);
  EXPECT_EQ(to_bf16(0x1.fp-57F), 0);
  EXPECT_EQ(to_bf16(-0x1.fp-57F), 0);
  EXPECT_TRUE(std::isinf(from_bf16(to_bf16(std::numeric_limits<float>::max()))));
  EXPECT_TRUE(std::isnan(from_bf16(to_bf16(NAN))));
}

TEST_P(Bf16KernelsTest, RoundsEveryNumberAsTheDefinitionDoes) {
  std::vector<float> numbers;
  for (std::uint64_t i = 0; i < 0x100000000ULL; i += 65'521) {
    numbers.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(i)));
  }
  for (const std::uint32_t half : {0x3f808000U, 0x3f818000U, 0x7f7fffffU, 0x7f800000U, 0x7f800001U}) {
    numbers.push_back(std::bit_cast<float>(half));
  }
  numbers.resize(numbers.size() / 16 * 16 + 16, 0.0F);
  std::vector<Bf16> rounded(numbers.size());
  GetParam()->round(numbers.data(), rounded.data(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(rounded[i], to_bf16(numbers[i])) << numbers[i];
}

TEST_P(Bf16KernelsTest, MultiplyAgreesWithDoublePrecisionOfTheRoundedNumbers) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::vector<float> products = multiply(*GetParam(), p);
    for (std::size_t r = 0; r < shape.rows; ++r) {
      for (std::size_t c = 0; c < shape.columns; ++c) {
        double sum = 0.0;
        for (std::size_t f = 0; f < shape.features; ++f) sum += p.row(r, f) * p.rounded_weight(c, f);
        EXPECT_NEAR(products[p.at(r, c)], sum, 1e-4) << shape.features << " features, row " << r;
      }
    }
  }
}

TEST_P(Bf16KernelsTest, MultiplyWritesNothingBeyondTheExamples) {
  const Problem p({.rows = 5, .features = 20, .columns = 3});
  const std::vector<float> products = multiply(*GetParam(), p);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t r = 5; r < kHeadBlock; ++r) EXPECT_EQ(products[p.at(r, c)], 7.0F);
  }
}

TEST_P(Bf16KernelsTest, DescendAgreesWithDoublePrecisionOfTheRoundedNumbers) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const Descended after = descend(*GetParam(), p);
    for (std::size_t c = 0; c < shape.columns; ++c) {
      for (std::size_t f = 0; f < shape.features; ++f) {
        double gradient = 0.0;
        for (std::size_t r = 0; r < shape.rows; ++r) {
          gradient += static_cast<double>(from_bf16(to_bf16(p.errors[p.at(r, c)]))) * p.row(r, f);
        }
        const std::size_t at = c * head_stride(shape.features) + f;
        ASSERT_NEAR(after.weight[at], p.weight[at] - gradient, 1e-4) << shape.features << " features";
        ASSERT_EQ(after.rounded[c * bf16_stride(shape.features) + f], to_bf16(after.weight[at]));
      }
    }
  }
}

TEST_P(Bf16KernelsTest, TheRowsOfTheNextStepAreOnlyFetched) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const Problem following({.rows = shape.rows, .features = shape.features, .columns = 1}, 3.0);
    EXPECT_EQ(bits(descend(*GetParam(), p, following.rows.data()).weight),
              bits(descend(*GetParam(), p).weight));
  }
}

TEST_P(Bf16KernelsTest, WhatLiesBeyondTheFeaturesStaysZero) {
  for (const Shape& shape : kShapes) {
    const Descended after = descend(*GetParam(), Problem(shape));
    const std::size_t stride = head_stride(shape.features);
    for (std::size_t i = 0; i < after.weight.size(); ++i) {
      ASSERT_TRUE(i % stride < shape.features || after.weight[i] == 0.0F) << i;
    }
  }
}

// A column comes out as it does alone: its sums do not depend on the tile that it falls in.
TEST_P(Bf16KernelsTest, EachColumnIsComputedAsIfItWereTheOnlyOne) {
  for (const Shape& shape : kShapes) {
    const Problem p(shape);
    const std::vector<float> products = multiply(*GetParam(), p);
    const Descended after = descend(*GetParam(), p);
    const std::size_t stride = head_stride(shape.features);
    for (std::size_t c = 0; c < shape.columns; ++c) {
      Problem alone({shape.rows, shape.features, 1});
      alone.rows = p.rows;
      alone.weight.assign(p.weight.begin() + static_cast<std::ptrdiff_t>(c * stride),
                          p.weight.begin() + static_cast<std::ptrdiff_t>((c + 1) * stride));
      for (std::size_t r = 0; r < shape.rows; ++r) alone.errors[alone.at(r, 0)] = p.errors[p.at(r, c)];
      const std::vector<float> product = multiply(*GetParam(), alone);
      for (std::size_t r = 0; r < shape.rows; ++r) ASSERT_EQ(product[alone.at(r, 0)], products[p.at(r, c)]);
      const Descended lonely = descend(*GetParam(), alone);
      for (std::size_t f = 0; f < stride; ++f) ASSERT_EQ(lonely.weight[f], after.weight[c * stride + f]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Bf16KernelsTest, testing::ValuesIn(all_kernels()),
                         [](const auto& param) { return std::string(param.param->name); });

// With numbers of any size: what a processor's own arithmetic would flush to zero never comes up.
TEST(Bf16Kernels, EveryProcessorGivesTheSameBits) {
  const std::vector<const Bf16Kernels*> kernels = all_kernels();
  for (const double spread : {0.0, 30.0, 100.0}) {
    for (const Shape& shape : kShapes) {
      const Problem p(shape, spread);
      const std::vector<std::uint32_t> products = bits(multiply(*kernels[0], p));
      for (const Bf16Kernels* other : kernels) EXPECT_EQ(bits(multiply(*other, p)), products) << other->name;
    }
  }
}

TEST(Bf16Kernels, ProcessorsWithFusedMultiplyAddUpdateWeightsToTheSameBits) {
  const std::vector<const Bf16Kernels*> kernels = all_kernels();
  if (kernels.size() < 3) GTEST_SKIP() << "this processor has nothing to compare AVX2 with";
  for (const double spread : {0.0, 30.0, 100.0}) {
    for (const Shape& shape : kShapes) {
      const Problem p(shape, spread);
      const Descended narrow = descend(*kernels[1], p);
      for (std::size_t k = 2; k < kernels.size(); ++k) {
        const Descended wide = descend(*kernels[k], p);
        EXPECT_EQ(bits(wide.weight), bits(narrow.weight)) << kernels[k]->name;
        for (std::size_t c = 0; c < shape.columns; ++c) {
          for (std::size_t f = 0; f < shape.features; ++f) {
            const std::size_t at = c * bf16_stride(shape.features) + f;
            ASSERT_EQ(wide.rounded[at], narrow.rounded[at]) << kernels[k]->name;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace melsweep::training
