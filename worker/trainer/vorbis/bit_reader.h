// The bits of a packet, the least significant of a byte first (Vorbis I specification, section 2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace melsweep::vorbis {

// Not thread-safe. Reads nothing outside `bytes`, which must outlive it: beyond them all bits are 0.
class BitReader {
 public:
  explicit BitReader(std::span<const unsigned char> bytes)
      : next_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // A number of `bits` bits, 0 to 32.
  std::uint32_t read(int bits) {
    const std::uint64_t ahead = peek();
    skip(bits);
    return static_cast<std::uint32_t>(ahead & ((std::uint64_t{1} << bits) - 1));
  }
  bool read_flag() { return read(1) != 0; }

  // The next 32 bits, and above them some more.
  std::uint64_t peek() {
    if (loaded_ < kPeekBits) load();
    return window_;
  }

  // At most as many as peek() has shown.
  void skip(int bits) {
    window_ >>= bits;
    loaded_ -= bits;
  }

  // Bits were read that the packet does not have.
  bool overrun() const { return loaded_ < invented_; }

 private:
  static constexpr int kPeekBits = 32;

  void load() {
    if (end_ - next_ >= 8) {
      // What does not fit in whole bytes is cut off, and loaded again the next time.
      window_ |= eight_bytes(next_) << loaded_;
      const int bytes = (63 - loaded_) / 8;
      next_ += bytes;
      loaded_ += 8 * bytes;
    } else {
      load_bytewise();
    }
  }

  void load_bytewise() {
    while (loaded_ <= 56) {
      if (next_ < end_) {
        window_ |= static_cast<std::uint64_t>(*next_++) << loaded_;
      } else {
        invented_ += 8;
      }
      loaded_ += 8;
    }
  }

  static std::uint64_t eight_bytes(const unsigned char* from) {
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) value = value << 8 | from[i];
    return value;
  }

  const unsigned char* next_;
  const unsigned char* end_;
  std::uint64_t window_ = 0;
  int loaded_ = 0;             // bits of the window that count
  std::int64_t invented_ = 0;  // zeros that were loaded beyond the end
};

}  // namespace melsweep::vorbis
