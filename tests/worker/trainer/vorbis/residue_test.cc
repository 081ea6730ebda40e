#include "worker/trainer/vorbis/residue.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/worker/trainer/vorbis/bit_writer.h"

namespace melsweep::vorbis {
namespace {

constexpr std::uint32_t kSync = 0x564342;
constexpr std::uint32_t kOne = 788U << 21 | 1;  // as code books have numbers

// Book 0 of four numbers, each of which stands for two classes; book 1 of vectors, [2]: their digits, 0
// and 1. The codewords of either are the entries in two bits, the more significant one first.
std::vector<Codebook> books() {
  BitWriter bits;
  for (const bool has_vectors : {false, true}) {
    bits.put(kSync, 24).put(2, 16).put(4, 24).put(0, 2);
    for (int i = 0; i < 4; ++i) bits.put(1, 5);
    bits.put(has_vectors ? 1 : 0, 4);
    if (has_vectors) bits.put(0, 32).put(kOne, 32).put(0, 4).put(0, 1).put(0b10, 2);
  }
  BitReader reader(bits.bytes());
  std::vector<Codebook> two;
  two.push_back(*Codebook::read(reader));
  two.push_back(*Codebook::read(reader));
  return two;
}

struct Layout {
  std::uint32_t type = 1;
  std::uint32_t begin = 2;
  std::uint32_t end = 14;  // three partitions
  std::uint32_t partition_size = 4;
  std::uint32_t class_book = 0;
  std::uint32_t vector_book = 1;
};

// Two classes: of the first nothing is coded, of the second something in two passes.
std::optional<Residue> residue_of(const Layout& layout) {
  BitWriter bits;
  bits.put(layout.type, 16).put(layout.begin, 24).put(layout.end, 24).put(layout.partition_size - 1, 24);
  bits.put(1, 6).put(layout.class_book, 8);
  bits.put(0, 3).put(0, 1).put(0b011, 3).put(0, 1);
  bits.put(layout.vector_book, 8).put(layout.vector_book, 8);
  BitReader reader(bits.bytes());
  return Residue::read(reader, books());
}

TEST(Residue, AddsTheVectorsOfAllPassesToThePartitionsOfTheirClass) {
  const std::optional<Residue> residue = residue_of({});
  ASSERT_TRUE(residue.has_value());
  EXPECT_FALSE(residue->is_interleaved());
  BitWriter packet;
  packet.put_codeword("01");                     // classes 0, 1
  packet.put_codeword("01").put_codeword("10");  // (1, 0), (0, 1)
  packet.put_codeword("10");                     // classes 1 and one too many
  packet.put_codeword("11").put_codeword("00");  // (1, 1), (0, 0)
  packet.put_codeword("01").put_codeword("01");  // the second pass
  packet.put_codeword("10").put_codeword("10");
  BitReader bits(packet.bytes());
  std::vector<float> vector(16, 0.0F);
  std::array<float*, 1> vectors = {vector.data()};
  std::vector<std::uint8_t> classes;
  ASSERT_TRUE(residue->decode(bits, books(), vectors, vector.size(), classes));
  EXPECT_FALSE(bits.overrun());
  EXPECT_EQ(vector, (std::vector<float>{0, 0, 0, 0, 0, 0, 2, 0, 1, 1, 1, 2, 0, 1, 0, 0}));
}

TEST(Residue, TakesVectorsInTurn) {
  const std::optional<Residue> residue = residue_of({.begin = 0, .end = 4});
  ASSERT_TRUE(residue.has_value());
  BitWriter packet;
  packet.put_codeword("00").put_codeword("10");  // nothing of the first vector
  packet.put_codeword("11").put_codeword("11").put_codeword("00").put_codeword("01");
  BitReader bits(packet.bytes());
  std::array<float, 4> first{};
  std::array<float, 4> second{};
  std::array<float*, 2> vectors = {first.data(), second.data()};
  std::vector<std::uint8_t> classes;
  ASSERT_TRUE(residue->decode(bits, books(), vectors, first.size(), classes));
  EXPECT_EQ(first, (std::array<float, 4>{0, 0, 0, 0}));
  EXPECT_EQ(second, (std::array<float, 4>{1, 1, 2, 1}));
}

TEST(Residue, TellsTheTypeThatInterleavesChannels) {
  EXPECT_TRUE(residue_of({.type = 2})->is_interleaved());
}

TEST(Residue, DecodesNothingIntoVectorsThatAreTooShort) {
  std::vector<float> vector(13, 0.0F);
  std::array<float*, 1> vectors = {vector.data()};
  std::vector<std::uint8_t> classes;
  BitReader bits({});
  EXPECT_FALSE(residue_of({})->decode(bits, books(), vectors, vector.size(), classes));
}

TEST(Residue, RefusesWhatIsNotWellFormed) {
  EXPECT_TRUE(residue_of({}).has_value());
  EXPECT_FALSE(residue_of({.type = 0}).has_value());
  EXPECT_FALSE(residue_of({.type = 3}).has_value());
  EXPECT_FALSE(residue_of({.begin = 15}).has_value());
  EXPECT_FALSE(residue_of({.end = 1 << 20}).has_value());
  EXPECT_FALSE(residue_of({.partition_size = 3}).has_value());  // vectors of two do not fill it
  EXPECT_FALSE(residue_of({.class_book = 2}).has_value());
  EXPECT_FALSE(residue_of({.vector_book = 2}).has_value());
  EXPECT_FALSE(residue_of({.vector_book = 0}).has_value());  // it has no vectors
}

}  // namespace
}  // namespace melsweep::vorbis
