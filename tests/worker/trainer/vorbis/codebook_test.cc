#include "worker/trainer/vorbis/codebook.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/worker/trainer/vorbis/bit_writer.h"

namespace melsweep::vorbis {
namespace {

constexpr std::uint32_t kSync = 0x564342;

// Neither ordered nor sparse.
void put_lengths(BitWriter& bits, const std::vector<int>& lengths, std::uint32_t dimensions) {
  bits.put(kSync, 24).put(dimensions, 16).put(lengths.size(), 24).put(0, 2);
  for (const int length : lengths) bits.put(static_cast<std::uint64_t>(length - 1), 5);
}

std::optional<Codebook> numbers_of(const std::vector<int>& lengths) {
  BitWriter bits;
  put_lengths(bits, lengths, 1);
  bits.put(0, 4);  // no vectors
  BitReader reader(bits.bytes());
  std::optional<Codebook> book = Codebook::read(reader);
  EXPECT_FALSE(reader.overrun());
  return book;
}

std::uint32_t entry_of(const Codebook& book, const std::string& codeword) {
  BitWriter bits;
  bits.put_codeword(codeword).put(0xffff, 16);
  BitReader reader(bits.bytes());
  const std::uint32_t entry = book.entry(reader);
  EXPECT_EQ(reader.read(16), 0xffffU) << codeword << " was not read to its end";
  return entry;
}

// The example of section 3.2.1.
TEST(Codebook, AssignsCodewordsInTheOrderOfTheEntries) {
  const std::optional<Codebook> book = numbers_of({2, 4, 4, 4, 4, 2, 3, 3});
  ASSERT_TRUE(book.has_value());
  const std::vector<std::string> codewords = {"00", "0100", "0101", "0110", "0111", "10", "110", "111"};
  for (std::uint32_t entry = 0; entry < codewords.size(); ++entry)
    EXPECT_EQ(entry_of(*book, codewords[entry]), entry);
}

TEST(Codebook, ReadsCodewordsThatAreLongerThanItsFirstTable) {
  std::vector<int> lengths;
  for (int length = 1; length <= 20; ++length) lengths.push_back(length);
  lengths.push_back(20);
  const std::optional<Codebook> book = numbers_of(lengths);
  ASSERT_TRUE(book.has_value());
  for (std::uint32_t ones = 0; ones < 20; ++ones)
    EXPECT_EQ(entry_of(*book, std::string(ones, '1') + "0"), ones);
  EXPECT_EQ(entry_of(*book, std::string(20, '1')), 20U);
}

TEST(Codebook, ReadsSparseAndOrderedLengths) {
  BitWriter sparse;
  sparse.put(kSync, 24).put(1, 16).put(4, 24).put(0, 1).put(1, 1);
  sparse.put(1, 1).put(0, 5).put(0, 1).put(1, 1).put(1, 5).put(1, 1).put(1, 5);  // 1, none, 2, 2
  sparse.put(0, 4);
  BitReader sparse_bits(sparse.bytes());
  const std::optional<Codebook> of_sparse = Codebook::read(sparse_bits);
  ASSERT_TRUE(of_sparse.has_value());
  EXPECT_EQ(entry_of(*of_sparse, "0"), 0U);
  EXPECT_EQ(entry_of(*of_sparse, "10"), 2U);
  EXPECT_EQ(entry_of(*of_sparse, "11"), 3U);

  BitWriter ordered;
  ordered.put(kSync, 24).put(1, 16).put(3, 24).put(1, 1).put(0, 5);
  ordered.put(1, 2).put(2, 2);  // one of length 1, two of length 2
  ordered.put(0, 4);
  BitReader ordered_bits(ordered.bytes());
  const std::optional<Codebook> of_ordered = Codebook::read(ordered_bits);
  ASSERT_TRUE(of_ordered.has_value());
  EXPECT_EQ(entry_of(*of_ordered, "0"), 0U);
  EXPECT_EQ(entry_of(*of_ordered, "11"), 2U);
}

TEST(Codebook, RefusesTreesThatAreNotComplete) {
  EXPECT_TRUE(numbers_of({1, 1}).has_value());
  EXPECT_FALSE(numbers_of({1, 1, 1}).has_value());
  EXPECT_FALSE(numbers_of({1, 2, 3}).has_value());
  EXPECT_FALSE(numbers_of({1}).has_value());
}

// Of 9 entries and 2 dimensions: a lattice of 3 x 3.
std::optional<Codebook> lattice(std::uint32_t lookup_type, std::uint32_t minimum, bool is_sequence) {
  constexpr std::uint32_t kOne = 788U << 21 | 1;  // 1 * 2^0
  BitWriter bits;
  put_lengths(bits, {3, 3, 3, 3, 3, 3, 3, 4, 4}, 2);
  bits.put(lookup_type, 4).put(minimum, 32).put(kOne, 32).put(1, 4).put(is_sequence ? 1 : 0, 1);
  bits.put(0, 2).put(1, 2).put(3, 2);
  BitReader reader(bits.bytes());
  return Codebook::read(reader);
}

constexpr std::uint32_t kMinusOne = 1U << 31 | 788U << 21 | 1;

TEST(Codebook, MakesVectorsOfTheEntriesDigits) {
  const std::optional<Codebook> book = lattice(1, kMinusOne, false);
  ASSERT_TRUE(book.has_value());
  ASSERT_TRUE(book->has_vectors());
  EXPECT_EQ(std::vector<float>(book->vector(0), book->vector(0) + 2), (std::vector<float>{-1.0F, -1.0F}));
  EXPECT_EQ(std::vector<float>(book->vector(5), book->vector(5) + 2), (std::vector<float>{2.0F, 0.0F}));
  EXPECT_EQ(std::vector<float>(book->vector(7), book->vector(7) + 2), (std::vector<float>{0.0F, 2.0F}));
  EXPECT_FALSE(numbers_of({1, 1})->has_vectors());
}

TEST(Codebook, AddsUpTheElementsOfASequence) {
  const std::optional<Codebook> book = lattice(1, kMinusOne, true);
  ASSERT_TRUE(book.has_value());
  EXPECT_EQ(std::vector<float>(book->vector(5), book->vector(5) + 2), (std::vector<float>{2.0F, 2.0F}));
}

TEST(Codebook, RefusesVectorsItDoesNotKnow) {
  EXPECT_FALSE(lattice(2, kMinusOne, false).has_value());
  EXPECT_FALSE(lattice(1, 0x7fffffff, false).has_value());  // infinite
}

TEST(Codebook, RefusesWhatIsNone) {
  const std::vector<unsigned char> nothing;
  BitReader bits(nothing);
  EXPECT_FALSE(Codebook::read(bits).has_value());
}

}  // namespace
}  // namespace melsweep::vorbis
