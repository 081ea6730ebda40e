#include "worker/trainer/vorbis/floor.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "tests/worker/trainer/vorbis/bit_writer.h"
#include "worker/trainer/vorbis/floor_levels.h"

namespace melsweep::vorbis {
namespace {

// Of 2^position_bits lines; heights are read as they are: the multiplier is 1.
BitWriter header(int position_bits, const std::vector<int>& between) {
  BitWriter bits;
  bits.put(1, 16).put(between.empty() ? 0 : 1, 5);
  if (!between.empty()) {
    bits.put(0, 4);                             // the one partition's class
    bits.put(between.size() - 1, 3).put(0, 2);  // its dimensions; no subclasses
    bits.put(1, 8);                             // book 0
  }
  bits.put(0, 2).put(static_cast<std::uint64_t>(position_bits), 4);
  for (const int position : between) bits.put(static_cast<std::uint64_t>(position), position_bits);
  return bits;
}

// Eight codewords of three bits: the entries, the most significant bit first.
const std::vector<Codebook>& one_book() {
  static const std::vector<Codebook> books = [] {
    BitWriter bits;
    bits.put(0x564342, 24).put(1, 16).put(8, 24).put(0, 2);
    for (int i = 0; i < 8; ++i) bits.put(2, 5);
    bits.put(0, 4);
    BitReader reader(bits.bytes());
    return std::vector<Codebook>{*Codebook::read(reader)};
  }();
  return books;
}

std::optional<Floor> floor_of(int position_bits, const std::vector<int>& between) {
  const BitWriter bits = header(position_bits, between);
  BitReader reader(bits.bytes());
  return Floor::read(reader, one_book());
}

std::vector<float> applied(const Floor& floor, const BitWriter& packet) {
  BitReader reader(packet.bytes());
  FloorCurve curve;
  EXPECT_TRUE(floor.decode(reader, one_book(), curve));
  std::vector<float> spectrum(static_cast<std::size_t>(floor.lines()), 1.0F);
  floor.apply(curve, spectrum.data());
  return spectrum;
}

// Step by step, as section 9.2.7 says it.
std::vector<float> line(int width, int from, int to) {
  const int slope = (to - from) / width;
  const int step = to < from ? slope - 1 : slope + 1;
  const int remainder = std::abs(to - from) - std::abs(slope) * width;
  std::vector<float> levels;
  for (int i = 0, height = from, error = 0; i < width; ++i) {
    levels.push_back(kFloorLevels[static_cast<std::size_t>(height)]);
    error += remainder;
    height += error >= width ? step : slope;
    if (error >= width) error -= width;
  }
  return levels;
}

TEST(Floor, DrawsEveryLineAsTheSpecificationDoes) {
  for (const int position_bits : {0, 1, 2, 3, 5, 7, 10, 12}) {
    const std::optional<Floor> floor = floor_of(position_bits, {});
    ASSERT_TRUE(floor.has_value());
    ASSERT_EQ(floor->lines(), 1 << position_bits);
    for (int from = 0; from<256; from += position_bits> 7 ? 51 : 5) {
      for (int to = 0; to < 256; ++to) {
        BitWriter packet;
        packet.put(1, 1).put(static_cast<std::uint64_t>(from), 8).put(static_cast<std::uint64_t>(to), 8);
        ASSERT_EQ(applied(*floor, packet), line(1 << position_bits, from, to)) << from << " to " << to;
      }
    }
  }
}

// Of widths that are no powers of two, too: a point in the middle that bends the line, at each position.
TEST(Floor, BendsAtAPointByItsOffset) {
  for (int at = 1; at < 128; ++at) {
    const std::optional<Floor> floor = floor_of(7, {at});
    ASSERT_TRUE(floor.has_value());
    for (const int offset : {1, 2, 5, 6}) {
      BitWriter packet;
      packet.put(1, 1).put(40, 8).put(200, 8);
      for (int bit = 2; bit >= 0; --bit) packet.put(static_cast<std::uint64_t>(offset >> bit & 1), 1);
      const int between = 40 + 160 * at / 128;
      const int height = offset % 2 == 1 ? between - (offset + 1) / 2 : between + offset / 2;
      std::vector<float> expected = line(at, 40, height);
      const std::vector<float> rest = line(128 - at, height, 200);
      expected.insert(expected.end(), rest.begin(), rest.end());
      ASSERT_EQ(applied(*floor, packet), expected) << "at " << at << " by " << offset;
    }
  }
}

TEST(Floor, GoesStraightThroughAPointWithoutOffset) {
  BitWriter packet;
  packet.put(1, 1).put(40, 8).put(200, 8).put(0, 3);
  EXPECT_EQ(applied(*floor_of(7, {30}), packet), line(128, 40, 200));
}

TEST(Floor, SilencesAChannelWithoutACurve) {
  BitWriter packet;
  packet.put(0, 1);
  EXPECT_EQ(applied(*floor_of(3, {}), packet), std::vector<float>(8, 0.0F));
}

TEST(Floor, RefusesACurveThatLeavesTheScale) {
  BitWriter header_bits;
  header_bits.put(1, 16).put(0, 5).put(2, 2).put(3, 4);  // a multiplier of 3: 86 heights in seven bits
  BitReader header_reader(header_bits.bytes());
  const std::optional<Floor> floor = Floor::read(header_reader, {});
  ASSERT_TRUE(floor.has_value());
  for (const int height : {85, 86}) {
    BitWriter packet;
    packet.put(1, 1).put(0, 7).put(static_cast<std::uint64_t>(height), 7);
    BitReader reader(packet.bytes());
    FloorCurve curve;
    EXPECT_EQ(floor->decode(reader, {}, curve), height == 85);
  }
}

TEST(Floor, RefusesTwoPointsAtOnePosition) {
  EXPECT_TRUE(floor_of(7, {30, 31}).has_value());
  EXPECT_FALSE(floor_of(7, {30, 30}).has_value());
  EXPECT_FALSE(floor_of(7, {0}).has_value());
}

TEST(Floor, RefusesOtherTypesAndBooksThatThereAreNot) {
  for (const bool has_book : {true, false}) {
    const BitWriter bits = header(7, {30});
    BitReader reader(bits.bytes());
    EXPECT_EQ(Floor::read(reader, has_book ? one_book() : std::vector<Codebook>()).has_value(), has_book);
  }
  BitWriter type_0;
  type_0.put(0, 64);
  BitReader reader(type_0.bytes());
  EXPECT_FALSE(Floor::read(reader, one_book()).has_value());
}

}  // namespace
}  // namespace melsweep::vorbis
