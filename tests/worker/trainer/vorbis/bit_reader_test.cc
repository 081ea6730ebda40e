#include "worker/trainer/vorbis/bit_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "tests/worker/trainer/vorbis/bit_writer.h"

namespace melsweep::vorbis {
namespace {

TEST(BitReader, TakesTheLeastSignificantBitFirst) {
  const std::vector<unsigned char> bytes = {0b1010'0101, 0b1100'0011};
  BitReader bits(bytes);
  EXPECT_EQ(bits.read(3), 0b101U);
  EXPECT_EQ(bits.read(7), 0b11'10100U);
  EXPECT_TRUE(!bits.read_flag() && !bits.read_flag());
  EXPECT_EQ(bits.read(4), 0b1100U);
  EXPECT_FALSE(bits.overrun());
}

TEST(BitReader, ReadsNumbersOfEveryWidth) {
  std::mt19937 random(1);
  std::vector<std::pair<std::uint32_t, int>> numbers;
  BitWriter written;
  for (int i = 0; i < 5000; ++i) {
    const int width = static_cast<int>(random() % 33);
    const auto number = static_cast<std::uint32_t>(random() & ((std::uint64_t{1} << width) - 1));
    numbers.emplace_back(number, width);
    written.put(number, width);
  }
  BitReader bits(written.bytes());
  for (const auto& [number, width] : numbers) ASSERT_EQ(bits.read(width), number);
  EXPECT_FALSE(bits.overrun());
}

TEST(BitReader, HasZerosBeyondTheEndAndSaysSo) {
  for (std::size_t size = 0; size < 20; ++size) {
    const std::vector<unsigned char> bytes(size, 0xff);
    BitReader bits(bytes);
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(bits.read(8), 0xffU);
    bits.peek();
    EXPECT_FALSE(bits.overrun());
    EXPECT_FALSE(bits.read_flag());
    EXPECT_TRUE(bits.overrun());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(bits.read(32), 0U);
    EXPECT_TRUE(bits.overrun());
  }
}

}  // namespace
}  // namespace melsweep::vorbis
