#include "worker/trainer/vorbis/codebook.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace melsweep::vorbis {
namespace {

constexpr std::uint32_t kSync = 0x564342;  // "BCV"
constexpr std::uint32_t kMaxEntries = 1 << 16;
constexpr std::uint32_t kMaxDimensions = 16;
constexpr std::size_t kMaxElements = std::size_t{1} << 16;  // of the vectors of a book
constexpr std::size_t kMaxCells = std::size_t{1} << 16;
constexpr int kMaxLength = 32;  // bits of a codeword

int bits_for(std::uint32_t number) {
  return static_cast<int>(std::bit_width(number));
}

// The specification's own layout of 32 bits: a sign, ten bits of exponent, 21 of mantissa.
float unpack_float(std::uint32_t bits) {
  const double mantissa = bits & 0x1fffff;
  const int exponent = static_cast<int>(bits >> 21 & 0x3ff) - 788;
  return static_cast<float>(std::ldexp((bits >> 31) != 0 ? -mantissa : mantissa, exponent));
}

// The largest number whose power of `dimensions` is at most `entries`.
std::uint32_t lattice_side(std::uint32_t entries, std::uint32_t dimensions) {
  const auto power_fits = [&](std::uint64_t side) {
    std::uint64_t power = 1;
    for (std::uint32_t i = 0; i < dimensions && power <= entries; ++i) power *= side;
    return power <= entries;
  };
  std::uint32_t side = 1;
  while (power_fits(side + 1)) ++side;
  return side;
}

std::uint32_t reversed(std::uint32_t bits) {
  std::uint32_t result = 0;
  for (int i = 0; i < 32; ++i) result |= (bits >> i & 1) << (31 - i);
  return result;
}

}  // namespace

std::optional<Codebook> Codebook::read(BitReader& bits) {
  Codebook book;
  if (bits.read(24) != kSync) return std::nullopt;
  book.dimensions_ = bits.read(16);
  book.entries_ = bits.read(24);
  if (book.dimensions_ < 1 || book.dimensions_ > kMaxDimensions) return std::nullopt;
  if (book.entries_ < 1 || book.entries_ > kMaxEntries) return std::nullopt;
  const std::optional<std::vector<int>> lengths = read_lengths(bits, book.entries_);
  if (!lengths) return std::nullopt;
  const std::optional<std::vector<Codeword>> codewords = assign(*lengths);
  if (!codewords || !book.make_cells(*codewords) || !book.read_vectors(bits)) return std::nullopt;
  return book;
}

// 0 where an entry has no codeword.
std::optional<std::vector<int>> Codebook::read_lengths(BitReader& bits, std::uint32_t entries) {
  std::vector<int> lengths(entries, 0);
  if (!bits.read_flag()) {
    const bool is_sparse = bits.read_flag();
    for (int& length : lengths) {
      if (!is_sparse || bits.read_flag()) length = static_cast<int>(bits.read(5)) + 1;
    }
    return lengths;
  }
  int length = static_cast<int>(bits.read(5)) + 1;
  for (std::uint32_t at = 0; at < entries; ++length) {
    const std::uint32_t count = bits.read(bits_for(entries - at));
    if (length > kMaxLength || count > entries - at) return std::nullopt;
    std::fill_n(lengths.begin() + at, count, length);
    at += count;
  }
  return lengths;
}

// Each entry has the lowest codeword of its length that is still free, read as a number whose first bit is
// the most significant. Where a tree is filled from its lowest leaf on, at most one node of each depth is
// free.
std::optional<std::vector<Codebook::Codeword>> Codebook::assign(std::span<const int> lengths) {
  std::array<std::optional<std::uint32_t>, kMaxLength + 1> free{};  // by depth; the first bit is bit 31
  free[0] = 0;
  std::vector<Codeword> codewords;
  for (std::uint32_t entry = 0; entry < lengths.size(); ++entry) {
    const int length = lengths[entry];
    if (length == 0) continue;
    int depth = length;
    while (depth >= 0 && !free[static_cast<std::size_t>(depth)]) --depth;
    if (depth < 0) return std::nullopt;  // more codewords than there can be
    const std::uint32_t node = *free[static_cast<std::size_t>(depth)];
    free[static_cast<std::size_t>(depth)].reset();
    for (int below = depth + 1; below <= length; ++below)
      free[static_cast<std::size_t>(below)] = node | std::uint32_t{1} << (32 - below);
    codewords.push_back({.bits = reversed(node), .length = length, .entry = entry});
  }
  const bool is_complete = std::ranges::none_of(free, [](const auto& node) { return node.has_value(); });
  if (!is_complete) return std::nullopt;
  return codewords;
}

bool Codebook::make_cells(std::span<const Codeword> codewords) {
  int longest = 0;
  for (const Codeword& codeword : codewords) longest = std::max(longest, codeword.length);
  const int first_bits = std::min(longest, kFirstBits);
  first_mask_ = (std::uint64_t{1} << first_bits) - 1;
  cells_.assign(first_mask_ + 1, 0);
  // How many bits follow those of the first table; then the tables of what follows.
  std::vector<int> following(first_mask_ + 1, 0);
  for (const Codeword& codeword : codewords) {
    int& bits = following[codeword.bits & first_mask_];
    bits = std::max(bits, codeword.length - kFirstBits);
  }
  for (std::size_t first = 0; first < following.size(); ++first) {
    if (following[first] <= 0) continue;
    const std::size_t place = cells_.size();
    if (place + (std::size_t{1} << following[first]) > kMaxCells) return false;
    cells_[first] = static_cast<std::uint32_t>(place << kValueShift) | kLink |
                    static_cast<std::uint32_t>(following[first]);
    cells_.resize(place + (std::size_t{1} << following[first]));
  }
  for (const Codeword& codeword : codewords) {
    std::size_t place = 0;
    std::size_t at = codeword.bits;
    std::size_t step = std::size_t{1} << codeword.length;
    std::size_t end = first_mask_ + 1;
    if (codeword.length > kFirstBits) {
      const std::size_t first = codeword.bits & first_mask_;
      place = cells_[first] >> kValueShift;
      at >>= kFirstBits;
      step >>= kFirstBits;
      end = std::size_t{1} << following[first];
    }
    for (; at < end; at += step) {
      cells_[place + at] = codeword.entry << kValueShift | static_cast<std::uint32_t>(codeword.length);
    }
  }
  return true;
}

// Lookup type 1: an entry's digits in the base of the lattice's side choose the vector's elements.
bool Codebook::read_vectors(BitReader& bits) {
  const std::uint32_t lookup_type = bits.read(4);
  if (lookup_type == 0) return true;
  if (lookup_type != 1) return false;  // type 2 is what no encoder writes
  const std::size_t elements = std::size_t{entries_} * dimensions_;
  if (elements > kMaxElements) return false;
  const float minimum = unpack_float(bits.read(32));
  const float delta = unpack_float(bits.read(32));
  const int value_bits = static_cast<int>(bits.read(4)) + 1;
  const bool is_sequence = bits.read_flag();
  std::vector<float> values(lattice_side(entries_, dimensions_));
  for (float& value : values) value = static_cast<float>(bits.read(value_bits));
  vectors_.reserve(elements);
  for (std::uint32_t entry = 0; entry < entries_; ++entry) {
    float last = 0.0F;
    std::size_t digits = entry;
    for (std::uint32_t i = 0; i < dimensions_; ++i) {
      const float element = values[digits % values.size()] * delta + minimum + last;
      if (!std::isfinite(element)) return false;
      vectors_.push_back(element);
      if (is_sequence) last = element;
      digits /= values.size();
    }
  }
  return true;
}

}  // namespace melsweep::vorbis
