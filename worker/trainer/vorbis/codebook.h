// A code book of Vorbis: codewords to numbers or to vectors (Vorbis I specification, section 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "worker/trainer/vorbis/bit_reader.h"

namespace melsweep::vorbis {

class Codebook {
 public:
  // Reads one of the set-up header. None where it is not well-formed, where its codewords are no complete
  // tree of at least two, and where it is larger or stranger than those of encoders are.
  static std::optional<Codebook> read(BitReader& bits);

  std::uint32_t entries() const { return entries_; }
  // Of a vector; of a book of numbers, how many numbers an entry stands for.
  std::uint32_t dimensions() const { return dimensions_; }
  bool has_vectors() const { return !vectors_.empty(); }

  // The entry of the next codeword, less than entries().
  std::uint32_t entry(BitReader& bits) const {
    const std::uint64_t ahead = bits.peek();
    std::uint32_t cell = cells_[ahead & first_mask_];
    if ((cell & kLink) != 0) {
      const std::uint64_t mask = (std::uint64_t{1} << (cell & kLengthMask)) - 1;
      cell = cells_[(cell >> kValueShift) + (ahead >> kFirstBits & mask)];
    }
    bits.skip(static_cast<int>(cell & kLengthMask));
    return cell >> kValueShift;
  }

  // [dimensions] of an entry, where there are vectors.
  const float* vector(std::uint32_t entry) const {
    return vectors_.data() + std::size_t{entry} * dimensions_;
  }

 private:
  // Cells: the length of a codeword and its entry. Or a link, where codewords are longer than kFirstBits: how
  // many bits follow, and the place of their own table.
  static constexpr int kFirstBits = 10;
  static constexpr std::uint32_t kLengthMask = 0x3f;
  static constexpr std::uint32_t kLink = 0x80;
  static constexpr int kValueShift = 8;

  struct Codeword {
    std::uint32_t bits = 0;  // the first one is the least significant
    int length = 0;
    std::uint32_t entry = 0;
  };

  static std::optional<std::vector<int>> read_lengths(BitReader& bits, std::uint32_t entries);
  static std::optional<std::vector<Codeword>> assign(std::span<const int> lengths);
  bool read_vectors(BitReader& bits);
  bool make_cells(std::span<const Codeword> codewords);

  std::uint32_t entries_ = 0;
  std::uint32_t dimensions_ = 0;
  std::uint64_t first_mask_ = 0;
  std::vector<std::uint32_t> cells_;
  std::vector<float> vectors_;  // [entries, dimensions]
};

}  // namespace melsweep::vorbis
