// Writes what BitReader reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace melsweep::vorbis {

class BitWriter {
 public:
  BitWriter& put(std::uint64_t value, int bits) {
    for (int i = 0; i < bits; ++i) {
      if (count_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<unsigned char>(bytes_.back() | (value >> i & 1) << count_ % 8);
      ++count_;
    }
    return *this;
  }

  // A codeword as it is read: "110".
  BitWriter& put_codeword(std::string_view bits) {
    for (const char bit : bits) put(bit == '1' ? 1 : 0, 1);
    return *this;
  }

  const std::vector<unsigned char>& bytes() const { return bytes_; }

 private:
  std::vector<unsigned char> bytes_;
  std::size_t count_ = 0;
};

}  // namespace melsweep::vorbis
