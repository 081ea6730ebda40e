#include "worker/trainer/training/row_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace melsweep::training {
namespace {

constexpr std::size_t kRows = 5;
constexpr std::size_t kFeatures = 37;

float number_of(std::size_t row) {
  return static_cast<float>(row + 1) / 7.0F;
}

// as_stored(x): what the table keeps of x.
template <class Number, class AsStored>
void expect_rows(const AsStored& as_stored) {
  RowTable<Number> table(kRows, kFeatures);
  for (std::size_t r = 0; r < kRows; ++r) table.set(r, std::vector<float>(kFeatures, number_of(r)));
  for (std::size_t r = 0; r < kRows; ++r) {
    const Number* row = table.row(r);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(row) % AlignedArray<Number>::kCacheLine, 0U);
    for (std::size_t f = 0; f < row_stride<Number>(kFeatures); ++f) {
      ASSERT_EQ(row[f], f < kFeatures ? as_stored(number_of(r)) : Number{})
          << "row " << r << ", feature " << f;
    }
  }
}

TEST(RowTable, HoldsFloatsAsTheyAre) {
  expect_rows<float>([](float number) { return number; });
}

TEST(RowTable, RoundsToBfloat16) {
  expect_rows<Bf16>(to_bf16);
}

TEST(RowTable, SaysWhatItTakes) {
  EXPECT_TRUE(RowTable<float>().empty());
  EXPECT_FALSE(RowTable<float>(1, 1).empty());
  EXPECT_EQ(RowTable<float>::bytes(3, 2048), 3 * head_stride(2048) * sizeof(float));
  EXPECT_EQ(RowTable<Bf16>::bytes(3, 2048), 3 * bf16_stride(2048) * sizeof(Bf16));
}

}  // namespace
}  // namespace melsweep::training
