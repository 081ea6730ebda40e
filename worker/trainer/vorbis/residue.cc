#include "worker/trainer/vorbis/residue.h"

#include <algorithm>

namespace melsweep::vorbis {
namespace {

constexpr std::uint32_t kMaxEnd = 1 << 13;  // the lines of two channels in the longest block

// Adds the vectors of as many codewords as fill `count` elements. The reader is a copy, so that it stays in
// registers.
template <std::uint32_t kDimensions>
BitReader add_vectors(BitReader bits, const Codebook& book, float* to, std::uint32_t count) {
  for (const float* const end = to + count; to < end; to += kDimensions) {
    const float* const vector = book.vector(book.entry(bits));
    for (std::uint32_t i = 0; i < kDimensions; ++i) to[i] += vector[i];
  }
  return bits;
}

BitReader add_any_vectors(BitReader bits, const Codebook& book, float* to, std::uint32_t count) {
  for (const float* const end = to + count; to < end; to += book.dimensions()) {
    const float* const vector = book.vector(book.entry(bits));
    for (std::uint32_t i = 0; i < book.dimensions(); ++i) to[i] += vector[i];
  }
  return bits;
}

BitReader add_partition(BitReader bits, const Codebook& book, float* to, std::uint32_t count) {
  switch (book.dimensions()) {
    case 1:
      return add_vectors<1>(bits, book, to, count);
    case 2:
      return add_vectors<2>(bits, book, to, count);
    case 4:
      return add_vectors<4>(bits, book, to, count);
    case 8:
      return add_vectors<8>(bits, book, to, count);
    default:
      return add_any_vectors(bits, book, to, count);
  }
}

}  // namespace

std::optional<Residue> Residue::read(BitReader& bits, std::span<const Codebook> books) {
  Residue residue;
  residue.type_ = static_cast<int>(bits.read(16));
  if (residue.type_ != 1 && residue.type_ != 2) return std::nullopt;
  residue.begin_ = bits.read(24);
  residue.end_ = bits.read(24);
  residue.partition_size_ = bits.read(24) + 1;
  residue.classifications_ = bits.read(6) + 1;
  residue.class_book_ = bits.read(8);
  if (residue.begin_ > residue.end_ || residue.end_ > kMaxEnd) return std::nullopt;
  residue.partitions_ = (residue.end_ - residue.begin_) / residue.partition_size_;
  if (residue.class_book_ >= books.size() || !residue.read_books(bits, books)) return std::nullopt;
  const Codebook& class_book = books[residue.class_book_];
  for (std::uint32_t i = 0; i < class_book.dimensions(); ++i) {
    residue.class_words_ *= residue.classifications_;
    if (residue.class_words_ > class_book.entries()) return std::nullopt;
  }
  return residue;
}

bool Residue::read_books(BitReader& bits, std::span<const Codebook> books) {
  std::vector<std::uint32_t> used_passes(classifications_);  // a bit for each
  for (std::uint32_t& used : used_passes) {
    used = bits.read(3);
    if (bits.read_flag()) used |= bits.read(5) << 3;
  }
  books_.resize(classifications_);
  for (std::size_t number = 0; number < books_.size(); ++number) {
    for (int pass = 0; pass < kPasses; ++pass) {
      int& book = books_[number][static_cast<std::size_t>(pass)];
      book = kNoBook;
      if ((used_passes[number] >> pass & 1) == 0) continue;
      book = static_cast<int>(bits.read(8));
      if (book >= static_cast<int>(books.size())) return false;
      const Codebook& vectors = books[static_cast<std::size_t>(book)];
      if (!vectors.has_vectors() || partition_size_ % vectors.dimensions() != 0) return false;
      passes_ = std::max(passes_, pass + 1);
    }
  }
  return true;
}

bool Residue::read_classes(BitReader& bits, const Codebook& book, std::span<std::uint8_t> classes) const {
  std::uint32_t word = book.entry(bits);
  if (word >= class_words_) return false;
  for (std::size_t i = book.dimensions(); i-- > 0; word /= classifications_) {
    if (i < classes.size()) classes[i] = static_cast<std::uint8_t>(word % classifications_);
  }
  return true;
}

bool Residue::decode(BitReader& bits, std::span<const Codebook> books, std::span<float* const> vectors,
                     std::size_t length, std::vector<std::uint8_t>& classes) const {
  if (end_ > length) return false;
  classes.resize(vectors.size() * partitions_);
  for (int pass = 0; pass < passes_; ++pass) {
    if (!decode_pass(pass, bits, books, vectors, classes)) return false;
  }
  return true;
}

// The first pass reads the classes of a few partitions before these partitions themselves.
bool Residue::decode_pass(int pass, BitReader& bits, std::span<const Codebook> books,
                          std::span<float* const> vectors, std::span<std::uint8_t> classes) const {
  const Codebook& class_book = books[class_book_];
  for (std::uint32_t partition = 0; partition < partitions_; ++partition) {
    if (pass == 0 && partition % class_book.dimensions() == 0) {
      for (std::size_t i = 0; i < vectors.size(); ++i) {
        if (!read_classes(bits, class_book,
                          classes.subspan(i * partitions_ + partition, partitions_ - partition)))
          return false;
      }
    }
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      const int book = books_[classes[i * partitions_ + partition]][static_cast<std::size_t>(pass)];
      if (book == kNoBook) continue;
      float* const to = vectors[i] + begin_ + std::size_t{partition} * partition_size_;
      bits = add_partition(bits, books[static_cast<std::size_t>(book)], to, partition_size_);
    }
  }
  return true;
}

}  // namespace melsweep::vorbis
