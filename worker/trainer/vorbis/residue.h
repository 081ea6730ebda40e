// Residues: a spectrum relative to its floor, as vectors of code books (Vorbis I specification, section 8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "worker/trainer/vorbis/bit_reader.h"
#include "worker/trainer/vorbis/codebook.h"

namespace melsweep::vorbis {

class Residue {
 public:
  // Reads one of the set-up header, its type included. None where it is not well-formed, where it is of type
  // 0, and where it refers to books that there are not or that have no vectors of a size that fits.
  static std::optional<Residue> read(BitReader& bits, std::span<const Codebook> books);

  // Type 2: one residue of the lines of all channels in turn. Type 1: one of each channel.
  bool is_interleaved() const { return type_ == 2; }

  // Reads the residues of a packet and adds each to one of `vectors`, all of `length` elements. Room for what
  // it remembers on the way is taken from `classes`. False where they do not fit or break a rule.
  bool decode(BitReader& bits, std::span<const Codebook> books, std::span<float* const> vectors,
              std::size_t length, std::vector<std::uint8_t>& classes) const;

 private:
  static constexpr int kPasses = 8;
  static constexpr int kNoBook = -1;

  bool read_books(BitReader& bits, std::span<const Codebook> books);
  // Of a few partitions of one vector, the first of them first.
  bool read_classes(BitReader& bits, const Codebook& book, std::span<std::uint8_t> classes) const;
  bool decode_pass(int pass, BitReader& bits, std::span<const Codebook> books,
                   std::span<float* const> vectors, std::span<std::uint8_t> classes) const;

  int type_ = 1;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t partition_size_ = 1;
  std::uint32_t partitions_ = 0;
  std::uint32_t classifications_ = 1;
  std::uint32_t class_words_ = 1;  // how many different groups of classes there are
  std::size_t class_book_ = 0;
  int passes_ = 1;
  std::vector<std::array<int, kPasses>> books_;  // [classifications]
};

}  // namespace melsweep::vorbis
